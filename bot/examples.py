"""Questions that the index's own articles answer, as examples for whoever has not asked yet: each one was tried."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.ask import Busy, TookTooLong
from bot.markup import clean
from bot.model import Question, Status
from bot.names import names
from index import IndexFailure, language_of

if TYPE_CHECKING:
    from bot.ask import AsyncAsker
    from bot.catalogues import Catalogues
    from bot.prompts import Prompts
    from index import Hit

# How many are shown, from how many of the newest articles they may be, and how many are tried: each costs some 100 ms.
EXAMPLES = 3
ARTICLES = 12
TRIED = 10
# Characters; a longer one is no example that anybody would type.
LONGEST = 90

# "The new bridge was opened on Saturday by …": what it is asked about, and what is asked.
_TOLD = re.compile(
    r"^(?P<what>The(?: [\w’'-]+){1,6}?) (?P<verb>was|were|will be) "
    r"(?P<done>\w+ed|found|built|held|sold|stolen|won|sent|made|begun|chosen|shot|bought|caught|lost)"
    r"(?= (?:in|at|near|on|by)\b)(?:[^.;]*?\b)??(?P<how>in|at|near|on|by)\b"
)
_WH = {"in": "Where", "at": "Where", "near": "Where", "on": "When", "by": "By whom"}


class Examples:
    """Finds examples, anew for each generation of the index.

    They are in the articles' language, whoever reads them: in another one, questions are answered less well, and what
    cannot be asked with good success is no example.
    """

    def __init__(self, asker: AsyncAsker, catalogues: Catalogues) -> None:
        """Know none yet.

        Args:
            asker: Tries them.
            catalogues: The bot's texts, to ask with.
        """
        self._asker = asker
        self._catalogues = catalogues
        self._generation = ""
        self._known: list[str] = []
        self._lock = asyncio.Lock()

    async def some(self) -> list[str]:
        """Return questions that are answered; fewer or none where there are no articles for them."""
        async with self._lock:
            try:
                generation, hits = await self._asker.look(
                    lambda index: (index.summary.generation, index.newest(ARTICLES)[0])
                )
                if generation != self._generation:
                    # Those of an older index may not be answered any more.
                    self._known = await self._tried(hits)
                    self._generation = generation
            except (IndexFailure, Busy, TookTooLong, RuntimeError):
                return []
            return self._known

    async def _tried(self, hits: list[Hit]) -> list[str]:
        found: dict[str, str] = {}
        spoken = {hit.article.id: self._catalogues.for_locale(language_of(hit.article.text)) for hit in hits}
        # What is asked about something told says more than what is asked about a name, a long name more than a word.
        told = [(hit, asked) for hit in hits for asked in asked_by_a_sentence(hit)]
        named = [(hit, asked) for hit in hits for asked in asked_by_the_title(hit, spoken[hit.article.id])]
        named.sort(key=lambda one: -one[1].count(" "))
        for hit, asked in [*told, *named][:TRIED]:
            if hit.article.id in found:
                continue
            language = spoken[hit.article.id].language
            answer = await self._asker.ask(Question(asked, language=language, generate=False))
            of_it = any(citation.article_id == hit.article.id for citation in answer.citations)
            if asked not in found.values() and answer.status is Status.ANSWERED and of_it:
                found[hit.article.id] = asked
            if len(found) == EXAMPLES:
                break
        return list(found.values())


def asked_by_a_sentence(hit: Hit) -> Iterator[str]:
    """Yield what the first sentence of an article answers that tells of something done, if it is in English."""
    for sentence in hit.sentences:
        told = _TOLD.match(clean(hit.article.text[sentence.start : sentence.end]))
        if told:
            what = re.sub(r"^(?:The|An?)\b", lambda word: word[0].lower(), told["what"])
            asked = f"{_WH[told['how']]} {told['verb']} {what} {told['done']}?"
            if len(asked) <= LONGEST:
                yield asked
                break


def asked_by_the_title(hit: Hit, prompts: Prompts) -> Iterator[str]:
    """Yield what an article answers that a title names something in.

    Args:
        hit: The article.
        prompts: The bot's texts, in the article's language.
    """
    named = [mention.text for mention in names(clean(hit.article.title)) if mention.named]
    if named:
        asked = prompts.text("example.about", topic=max(named, key=len))
        if len(asked) <= LONGEST:
            yield asked
