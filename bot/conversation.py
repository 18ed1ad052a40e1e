"""A follow-up made self-contained: what was said before is put where the question leans on it. Pure.

By rule, in English, and only where a question cannot be understood on its own; questions in other languages and those
that stand for themselves pass through as they are. What a language model has made of it may be handed in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bot.ellipsis import complete
from bot.mentions import mentions
from bot.names import Mention, names
from bot.pronouns import resolve

if TYPE_CHECKING:
    from bot.model import Answer

# Turns that are looked back over, and kept.
MOST_TURNS = 4
# Characters of a question as understood; a longer one is not what anybody meant.
LONGEST = 2_000
# Characters of an article's title that go into a question.
LONGEST_TITLE = 150


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what its answer was about.

    Attributes:
        question: As it was understood.
        asked: Who and what the question speaks of.
        answered: The names in the answer's quotes, the first quote's first.
        articles: Id and title of each article quoted, the first quote's first.
        day: When the first of them was published.
        member: Whose question it was, for whoever keeps it; nothing is understood by it.
    """

    question: str
    asked: tuple[Mention, ...] = ()
    answered: tuple[Mention, ...] = ()
    articles: tuple[tuple[str, str], ...] = ()
    day: date | None = None
    member: str = field(default="", compare=False)

    @classmethod
    def of(
        cls,
        question: str,
        quotes: Sequence[str] = (),
        articles: Sequence[tuple[str, str]] = (),
        day: date | None = None,
    ) -> Turn:
        """Read a turn from the question as understood, and the quotes and articles of its answer."""
        known = tuple(mentions(question))
        told = names("\n".join(quotes))
        return cls(question, known, tuple(told), tuple(dict.fromkeys(articles)), day)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it was understood.

    Attributes:
        text: The question; as it was asked unless `changed`.
        changed: It leant on what was said before.
    """

    text: str
    changed: bool = False


def turn_of(answer: Answer) -> Turn | None:
    """Return the turn that an answer was; None for small talk, which is about nothing."""
    if answer.reply and not answer.citations:
        return None
    return Turn.of(
        answer.understood or answer.question.text,
        [citation.quote for citation in answer.citations],
        [(citation.article_id, citation.title) for citation in answer.citations],
        answer.citations[0].published if answer.citations else None,
    )


def understand(question: str, turns: Sequence[Turn], rewritten: str = "") -> Understood:
    """Make a follow-up self-contained.

    Args:
        question: As it was asked.
        turns: What was said before, the last turn last.
        rewritten: By a better reader, if there is one; put on one line, and dropped if it is too long.
    """
    turns = turns[-MOST_TURNS:]
    if not turns:
        return Understood(question)
    text = " ".join(rewritten.split()) or _by_rule(question, turns)
    if not text or len(text) > LONGEST or _plain(text) == _plain(question):
        return Understood(question)
    return Understood(text, changed=True)


# What a follow-up may begin with: none of it is part of the question.
_OPENING = re.compile(
    r"(?:(?:thanks|thank you|thx|great|nice|cool|interesting|ok|okay|alright|right|good|wow|hm+|yes|no|i see)"
    r"(?: (?:a lot|so much|very much))?\s*[,.!;:–-]+\s*)+",
    re.I,
)
_CONNECTIVE = re.compile(r"(?:and|but|so|or|then|also)\b(?: then| also)?,?\s+", re.I)


def _by_rule(question: str, turns: Sequence[Turn]) -> str:
    asked = _OPENING.sub("", question, count=1) if _OPENING.match(question) else question
    core = _CONNECTIVE.sub("", asked, count=1) if _CONNECTIVE.match(asked) else asked
    if not core:
        return ""
    named = _article(resolve(core, turns), turns)
    whole = complete(named, turns[-1], led=core != asked)
    if whole is None:
        whole = named if named != core else ""
    return whole[:1].upper() + whole[1:]


_ARTICLE = re.compile(
    r"\b(?:(?:this|that|the same) (?:article|report|story|piece)|the article)\b(?! of| on| about| from| by)", re.I
)


def _article(question: str, turns: Sequence[Turn]) -> str:
    """Put the title of the last answer's article in, where the question speaks of "the article"."""
    titles = [title for turn in reversed(turns) for _, title in turn.articles[:1] if title.strip()]
    if not titles:
        return question
    title = " ".join(titles[0].split())[:LONGEST_TITLE].strip()
    return _ARTICLE.sub(lambda found: f"{found[0]} “{title}”", question, count=1)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
