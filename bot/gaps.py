"""What was asked and not answered, grouped by meaning and counted. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.ledger import Ask

# How near two questions must be to be counted as one, by the cosine of their vectors: "What was the death toll of the
# flood?" and "How many people died in the flood?" are at 0.84, "How many houses were damaged in the flood?" at 0.78.
NEAR = 0.8
# Without vectors, the share of two questions' words that they have in common.
NEAR_IN_WORDS = 0.6
# Different wordings that are compared; of more, those asked most often.
MOST_WORDINGS = 1_000


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the articles were asked for and did not hold.

    Attributes:
        question: As it was asked most often.
        count: How often it was asked.
        wishes: How many want to be told when it can be answered.
        first: When it was asked first.
        last: When it was asked last.
        related: How often passages were shown that came close.
        wordings: As it was asked, the most frequent first.
    """

    question: str
    count: int
    wishes: int
    first: datetime
    last: datetime
    related: int
    wordings: tuple[str, ...]


def wordings_of(asks: Iterable[Ask]) -> list[str]:
    """Return the different questions among asks, the most frequent first, up to `MOST_WORDINGS`."""
    said = Counter(_plain(asked(ask)) for ask in asks)
    shown: dict[str, str] = {}
    for ask in asks:
        shown.setdefault(_plain(asked(ask)), asked(ask))
    return [shown[plain] for plain, _ in said.most_common(MOST_WORDINGS)]


def gaps_of(
    asks: Sequence[Ask],
    wished: Iterable[str] = (),
    answered: Iterable[tuple[str, datetime]] = (),
    vectors: Mapping[str, Any] | None = None,
) -> list[Gap]:
    """Group what was not answered, the most asked first.

    Args:
        asks: Without an answer.
        wished: The ids of asks that somebody wants to be told about, once for each who does.
        answered: Questions that were answered, and when: what has been answered since is no gap any more.
        vectors: Of each of `wordings_of(asks)`, of unit norm; compared by their words if None.
    """
    since = {_plain(question): at for question, at in sorted(answered, key=lambda pair: pair[1])}
    wishes = Counter(wished)
    by_wording: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        plain = _plain(asked(ask))
        if plain not in since or since[plain] < ask.at:
            by_wording[plain].append(ask)
    groups = _grouped(by_wording, vectors)
    found = [_gap([by_wording[plain] for plain in group], wishes) for group in groups]
    return sorted(found, key=lambda gap: (-gap.count, -gap.wishes, -gap.last.timestamp(), gap.question))


def asked(ask: Ask) -> str:
    """Return what was to be found out: a follow-up as it was understood."""
    return ask.understood or ask.question


def _grouped(by_wording: Mapping[str, Sequence[Ask]], vectors: Mapping[str, Any] | None) -> list[list[str]]:
    """Put each wording to the most asked one that it is near to, if there is one."""
    groups: list[list[str]] = []
    leaders: list[tuple[int, Any]] = []
    order = sorted(by_wording, key=lambda plain: (-len(by_wording[plain]), plain))
    for place, plain in enumerate(order):
        meaning: Any = set(plain.split())
        if vectors is not None:
            meaning = next((vectors[asked(ask)] for ask in by_wording[plain] if asked(ask) in vectors), None)
        compared = leaders if meaning is not None and place < MOST_WORDINGS else []
        nearness, near = max(((_nearness(leader, meaning), group) for group, leader in compared), default=(0.0, 0))
        if nearness >= 1:
            groups[near].append(plain)
            continue
        if meaning is not None and place < MOST_WORDINGS:
            leaders.append((len(groups), meaning))
        groups.append([plain])
    return groups


def _nearness(one: Any, other: Any) -> float:
    """Return how near two questions are, by their words or their vectors: 1 and more is near enough."""
    if isinstance(one, set):
        return len(one & other) / max(1, len(one | other)) / NEAR_IN_WORDS
    return float(one @ other) / NEAR


def _gap(groups: Sequence[Sequence[Ask]], wishes: Mapping[str, int]) -> Gap:
    asks = [ask for group in groups for ask in group]
    said = Counter(asked(group[0]) for group in groups for _ in group)
    wordings = tuple(wording for wording, _ in said.most_common())
    return Gap(
        question=wordings[0],
        count=len(asks),
        wishes=sum(wishes.get(ask.id, 0) for ask in asks),
        first=min(ask.at for ask in asks),
        last=max(ask.at for ask in asks),
        related=sum(ask.status == "related" for ask in asks),
        wordings=wordings,
    )


def _plain(question: str) -> str:
    return re.sub(r"\W+", " ", question).strip().casefold() or question
