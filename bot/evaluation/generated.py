"""What a language model has made of the answers: how often it worded one, why not, and which claims were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.evaluation.model import Gold, Outcome, Unanswered, Wording
from bot.evaluation.run import ask_each, outcome_of

if TYPE_CHECKING:
    from bot.generating import GeneratingAsker

_FALLBACK, _DROPPED = "generate.fallback.", "generate.claims.dropped."


def ask_both(golds: Sequence[Gold], asker: GeneratingAsker) -> Iterator[tuple[Outcome, Outcome] | Unanswered]:
    """Ask every question once, and yield the extractive answer and what is shown in its place; see `ask_all`."""
    for one in ask_each(golds, asker.both):
        if isinstance(one, Unanswered):
            yield one
            continue
        gold, (extract, shown), milliseconds = one
        took = sum(extract.timings_ms.values())
        yield outcome_of(gold, extract, asker, took), outcome_of(gold, shown, asker, milliseconds)


def wording_of(counts: Mapping[str, int]) -> Wording:
    """Return what came of it.

    Args:
        counts: Of the generator; see `bot.generate.Generator.counters`.
    """
    fallbacks = _under(counts, _FALLBACK)
    worded = counts.get("generate.answered", 0)
    return Wording(
        asked=worded + sum(fallbacks.values()),
        worded=worded,
        fallbacks=fallbacks,
        kept=counts.get("generate.claims.kept", 0),
        dropped=_under(counts, _DROPPED),
        tokens_read=counts.get("generate.tokens.read", 0),
        tokens_written=counts.get("generate.tokens.written", 0),
    )


def notes_on(wording: Wording) -> list[str]:
    """Return what came of it in sentences."""
    if not wording.asked:
        return ["The language model was asked nothing: no question had a quote to word an answer from."]
    fell = wording.asked - wording.worded
    told = [
        f"Of {wording.asked} answers that have quotes, the language model worded {wording.worded}"
        + (f"; {fell} stayed as they were: {_listed(wording.fallbacks)}." if fell else ".")
    ]
    if wording.kept_share is not None:
        share = f"{wording.kept_share:.1%}".replace("%", " %")
        dropped = f"; dropped: {_listed(wording.dropped)}" if wording.dropped else ""
        told.append(f"Of its {wording.claims} claims, {wording.kept} were kept ({share}){dropped}.")
    told.append(f"It read {wording.tokens_read:,} tokens and wrote {wording.tokens_written:,}.")
    return told


def _under(counts: Mapping[str, int], prefix: str) -> dict[str, int]:
    found = {name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
