"""What each figure means, in the words that every surface uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.evaluation.model import Loss


class Unit(Enum):
    """What a figure counts."""

    SHARE = "share"
    NUMBER = "number"
    MILLISECONDS = "ms"


@dataclass(frozen=True, slots=True)
class About:
    """What a figure is.

    Attributes:
        heading: What it stands under.
        meaning: One sentence, without a full stop.
        less: Whether less of it is better.
    """

    heading: str
    meaning: str
    less: bool = False
    unit: Unit = Unit.SHARE


_RETRIEVAL, _ANSWERS, _SILENCE, _SPEED = "Retrieval", "Answers", "Confidence and silence", "Speed and length"

FIGURES = {
    "doc_hit@1": About(_RETRIEVAL, "the first passage is of an article of the evidence"),
    "doc_hit@5": About(_RETRIEVAL, "one of the first five passages is of an article of the evidence"),
    "doc_hit@10": About(_RETRIEVAL, "one of the first ten passages is of an article of the evidence"),
    "passage_hit@1": About(_RETRIEVAL, "likewise, and a known answer stands in the passage"),
    "passage_hit@5": About(_RETRIEVAL, "likewise, of the first five"),
    "passage_hit@10": About(_RETRIEVAL, "likewise, of the first ten"),
    "right": About(_ANSWERS, "answered with a known answer, or not answered where the articles do not hold it"),
    "answer_hit": About(_ANSWERS, "answered, and a known answer stands in the quotes or the text"),
    "first_quote_hit": About(_ANSWERS, "answered, and a known answer stands in the first quote"),
    "shown_hit": About(_ANSWERS, "a known answer is shown, be it as merely related"),
    "shown_first_hit": About(_ANSWERS, "a known answer stands in the first quote, be it shown as merely related"),
    "answered_right": About(_ANSWERS, "of what was answered, the share that was answerable and hit"),
    "cited_doc_precision": About(_ANSWERS, "of the quotes of answers, the share from an article of the evidence"),
    "verbatim": About(_ANSWERS, "quotes that stand in their article, word for word, where the citation says"),
    "coverage": About(_SILENCE, "answerable questions that were answered"),
    "false_answers": About(_SILENCE, "unanswerable questions that were answered", less=True),
    "auroc": About(
        _SILENCE, "how probably an answerable question has more confidence than an unanswerable one", unit=Unit.NUMBER
    ),
    "ece": About(
        _SILENCE,
        "expected calibration error: how far confidence is from the share that is answerable",
        less=True,
        unit=Unit.NUMBER,
    ),
    "brier": About(_SILENCE, "mean squared distance of confidence from what was the case", less=True, unit=Unit.NUMBER),
    "aurc": About(
        _SILENCE, "area under the risk–coverage curve: the mean share of wrong answers", less=True, unit=Unit.NUMBER
    ),
    "words": About(_SPEED, "mean number of words shown with an answer", less=True, unit=Unit.NUMBER),
    "latency_p50": About(_SPEED, "half of the answers came within this time", less=True, unit=Unit.MILLISECONDS),
    "latency_p99": About(_SPEED, "99 % of the answers came within this time", less=True, unit=Unit.MILLISECONDS),
}

LOSSES = {
    Loss.ARTICLE: "no passage of the right article was found",
    Loss.PASSAGE: "the right article was found, in it not the passage with the answer",
    Loss.SENTENCE: "the passage was found, other sentences of it or of others were quoted",
    Loss.SILENT: "the passage was found, but nothing was quoted",
    Loss.HELD_BACK: "the answer was shown, but as merely related",
    Loss.INVENTED: "answered, though the articles do not hold it",
}


def about(name: str) -> About:
    """Return what a figure is; one of a group is called `figure:group`."""
    return FIGURES[name.partition(":")[0]]


def written(name: str, value: float | None) -> str:
    """Return a figure's value for people."""
    if value is None:
        return "–"
    if about(name).unit is Unit.SHARE:
        return f"{value:.1%}".replace("%", " %")
    if about(name).unit is Unit.MILLISECONDS:
        return f"{value:,.0f} ms"
    return f"{value:.1f}" if name.partition(":")[0] == "words" else f"{value:.3f}"


def written_interval(name: str, interval: tuple[float, float] | None) -> str:
    """Return an interval for people, its unit said once; nothing where there is none."""
    if interval is None:
        return ""
    low, high = (written(name, end) for end in interval)
    return f"{low.removesuffix(' %').removesuffix(' ms')} to {high}"


def written_change(name: str, difference: float | None) -> str:
    """Return the difference of two values of a figure for people; of shares, in percentage points."""
    if difference is None:
        return "–"
    if about(name).unit is Unit.SHARE:
        said = f"{100 * difference:+.1f}"
    elif about(name).unit is Unit.MILLISECONDS:
        said = f"{difference:+.0f}"
    else:
        said = f"{difference:+.1f}" if name == "words" else f"{difference:+.3f}"
    return said if said.strip("+-0.") else "0"


def written_p(p: float | None) -> str:
    """Return a probability for people."""
    if p is None:
        return ""
    return f"{p:.4f}" if p >= 0.0001 else "< 0.0001"  # noqa: PLR2004 - the least that four digits show
