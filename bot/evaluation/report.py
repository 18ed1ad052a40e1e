"""A run as one HTML page that needs nothing else: no script, no request, light and dark.

Questions and articles are foreign words: the template escapes everything but the charts, which hold numbers alone, and
the page's own policy forbids scripts and requests on top of that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.evaluation.catalogue import FIGURES, LOSSES, Unit, written, written_change, written_interval, written_p
from bot.evaluation.charts import interval_bar, latency_chart, reliability_chart, risk_chart
from bot.evaluation.curves import reliability, risk_coverage
from bot.evaluation.evaluated import Evaluated, Shortfall
from bot.evaluation.model import Loss, Outcome, Retrieved
from bot.evaluation.observe import loss
from bot.markup import clean, web_address

# Passages shown of a missed question, and characters of each around what is looked for.
_PASSAGES = 10
_AROUND = 420

# Columns of the table of groups.
GROUP_FIGURES = (
    "doc_hit@5", "passage_hit@1", "passage_hit@5", "answer_hit", "shown_hit", "shown_first_hit", "coverage",
    "false_answers", "auroc",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that was not treated as it should be.

    Attributes:
        passages: Each with what is shown of its words.
    """

    outcome: Outcome
    where: Loss
    passages: tuple[tuple[Retrieved, Markup], ...]


def render_report(evaluated: Evaluated, shortfalls: Sequence[Shortfall] = ()) -> str:
    """Return the page."""
    page = _environment().get_template("report.html.jinja").render(**_content(evaluated, shortfalls))
    # Halves of a surrogate pair, which no file can hold.
    return page.encode("utf-8", "replace").decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(Path(__file__).parent),
    )
    environment.filters["clean"] = clean
    environment.filters["web"] = web_address
    environment.globals["written"] = written
    environment.globals["interval"] = written_interval
    environment.globals["difference"] = written_change
    environment.globals["chance"] = written_p
    return environment


def _content(evaluated: Evaluated, shortfalls: Sequence[Shortfall]) -> dict[str, Any]:
    run = evaluated.run
    missed = [_missed(outcome, where) for outcome in run.outcomes if (where := loss(outcome))]
    answered = [outcome for outcome in run.outcomes if outcome.answered]
    right = evaluated.values.get("answered_right")
    count = Counter(one.where for one in missed)
    return {
        "run": run,
        "evaluated": evaluated,
        "shortfalls": shortfalls,
        "headline": ("right", "answer_hit", "shown_hit", "false_answers", "auroc", "latency_p50"),
        "sections": _sections(evaluated),
        "figures": FIGURES,
        "group_figures": [
            name for name in GROUP_FIGURES if any(f"{name}:{group}" in evaluated.values for group in evaluated.groups)
        ],
        "group_counts": Counter(outcome.gold.group for outcome in run.outcomes),
        "bar": lambda name: _bar(evaluated, name),
        "reliability": Markup(reliability_chart(reliability(run.outcomes))),  # noqa: S704 - numbers alone
        "risk": Markup(  # noqa: S704
            risk_chart(
                risk_coverage(run.outcomes),
                len(answered) / max(1, len(run.outcomes)),
                None if right is None else 1 - right,
            )
        ),
        "latency": Markup(latency_chart([outcome.milliseconds for outcome in run.outcomes])),  # noqa: S704
        "losses": [(where, LOSSES[where], count[where]) for where in Loss if count[where]],
        "missed": {where: [one for one in missed if one.where is where] for where in Loss if count[where]},
    }


def _sections(evaluated: Evaluated) -> dict[str, list[str]]:
    """Return the headings, each with the figures under it that have a value."""
    sections: dict[str, list[str]] = {}
    for name, figure in FIGURES.items():
        if evaluated.values.get(name) is not None:
            sections.setdefault(figure.heading, []).append(name)
    return sections


def _bar(evaluated: Evaluated, name: str) -> Markup:
    value = evaluated.values[name]
    if value is None or (FIGURES[name].unit is Unit.MILLISECONDS or name == "words"):
        return Markup("")
    return Markup(interval_bar(value, evaluated.intervals[name]))  # noqa: S704 - numbers alone


def _missed(outcome: Outcome, where: Loss) -> Missed:
    passages = outcome.retrieved[:_PASSAGES]
    return Missed(outcome, where, tuple((p, _excerpt(p.text, outcome.gold.answers)) for p in passages))


def _excerpt(text: str, answers: Sequence[str]) -> Markup:
    """Return what is around the first known answer in a text, or its beginning, with known answers marked."""
    places = list(_places(text, answers))
    start = max(0, places[0][0] - _AROUND // 2) if places else 0
    stop = min(len(text), start + _AROUND)
    # Whole words, where there are any.
    if start:
        start = 1 + text.find(" ", start, places[0][0]) or start
    if stop < len(text):
        stop = 1 + text.rfind(" ", max(start, places[0][1] if places else start), stop) or stop
    pieces: list[str] = ["… " if start else ""]
    at = start
    for begin, end in places:
        if at <= begin and end <= stop:
            pieces += [_safe(text[at:begin]), "<mark>", _safe(text[begin:end]), "</mark>"]
            at = end
    pieces += [_safe(text[at:stop]), " …" if stop < len(text) else ""]
    return Markup("".join(pieces))  # noqa: S704 - every piece of the text is escaped


def _safe(text: str) -> str:
    """Return escaped words, with the white space around them kept to one space."""
    words = clean(text)
    before, after = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    return str(escape(f"{before}{words}{after}" if words else before))


def _places(text: str, answers: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where known answers stand in a text, in order, none inside another."""
    patterns = [r"\W+".join(map(re.escape, re.findall(r"\w+", answer))) for answer in answers]
    whole = "|".join(sorted((pattern for pattern in patterns if pattern), key=len, reverse=True))
    if whole:
        yield from (found.span() for found in re.finditer(rf"(?<!\w)(?:{whole})(?!\w)", text, re.IGNORECASE))
