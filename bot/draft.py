"""A generated answer while it is written: the claims that were kept, and the quotes that the program found for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.citations import cite
from bot.claims import LONGEST_CLAIM, Claim
from bot.evidence import Evidence, common_words, doubtful, find_evidence
from bot.extract import QUOTES, WORDS
from bot.facts import fold
from bot.model import Citation

if TYPE_CHECKING:
    from index import Hit, Support

# Characters of all claims together: what a message has room for beside its quotes.
LONGEST_TEXT = 850

# Passages that one claim may name; whoever names all of them has read none.
MOST_NAMED = 4

_END = ".!?…。！？"


class Draft:
    """The claims and quotes so far.

    Attributes:
        hits: The passages that were given to the model, the first of them number 1.
        kept: How many claims were kept.
        dropped: How many were not, by the reason.
        read: Something has been read of a reply.
    """

    def __init__(self, hits: Sequence[Hit], question: str) -> None:
        self.hits = hits
        self.kept = 0
        self.dropped: Counter[str] = Counter()
        self.read = False
        self._common = common_words([question, *(hit.text for hit in hits)])
        self._claims: list[tuple[str, tuple[int, ...]]] = []  # with the numbers of their citations, from 1
        self._citations: list[Citation] = []
        self._said: set[str] = set()

    @property
    def text(self) -> str:
        """The claims, each with the markers of its quotes."""
        return " ".join(
            claim.rstrip(_END) + " " + "".join(f"[{n}]" for n in numbers) + (claim[-1] if claim[-1] in _END else ".")
            for claim, numbers in self._claims
        )

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The quotes, numbered from 1 in the order in which claims named them."""
        return tuple(replace(citation, n=n) for n, citation in enumerate(self._citations, start=1))

    async def consider(
        self,
        claim: Claim,
        support: Callable[[str, Sequence[str]], Awaitable[list[Support]]],
        verify: Callable[[Sequence[Citation], Sequence[Hit]], Awaitable[tuple[Citation, ...]]],
    ) -> str | None:
        """Keep a claim if a passage that it names supports it, with the quote that does; else return why not."""
        reason = self._unfit(claim)
        if reason is None:
            reason = await self._keep(claim, support, verify)
        if reason is None:
            self.kept += 1
            self._said.add(fold(claim.text))
        else:
            self.dropped[reason] += 1
        return reason

    def _unfit(self, claim: Claim) -> str | None:
        if not claim.passages:
            return "unmarked"
        if len(claim.passages) > MOST_NAMED or not any(0 < n <= len(self.hits) for n in claim.passages):
            return "no_such_passage"
        if fold(claim.text) in self._said:
            return "repeated"
        if len(claim.text) > LONGEST_CLAIM or len(self.text) + len(claim.text) > LONGEST_TEXT:
            return "room"
        return doubtful(claim.text)

    async def _keep(
        self,
        claim: Claim,
        support: Callable[[str, Sequence[str]], Awaitable[list[Support]]],
        verify: Callable[[Sequence[Citation], Sequence[Hit]], Awaitable[tuple[Citation, ...]]],
    ) -> str | None:
        numbers: list[int] = []
        reasons: list[str] = []
        for n in claim.passages:
            if not 0 < n <= len(self.hits):
                continue
            hit = self.hits[n - 1]
            ids = list(dict.fromkeys(sentence.passage_id for sentence in hit.sentences))
            found = await support(claim.text, ids)
            evidence = find_evidence(claim.text, found, hit.article.text, hit.article.title, self._common)
            if not isinstance(evidence, Evidence):
                reasons.append(evidence)
                continue
            verified = await verify([_citation(hit, found, evidence)], self.hits)
            number = self._place(verified[0], hit.article.text) if verified else None
            if number is None:
                reasons.append("room" if verified else "not_verbatim")
            elif number not in numbers:
                numbers.append(number)
        if not numbers:
            return reasons[0]
        self._claims.append((claim.text, tuple(numbers)))
        return None

    def _place(self, citation: Citation, text: str) -> int | None:
        """Return the number under which a quote is shown, None if there is no room for it.

        One that shares or touches a sentence with a quote that is there already becomes one with it.

        Args:
            citation: Verified.
            text: The article's.
        """
        words = sum(len(other.quote.split()) for other in self._citations)
        for place, other in enumerate(self._citations):
            first, second = sorted((other, citation), key=lambda one: one.start)
            if other.article_id != citation.article_id or text[first.end : second.start].strip():
                continue
            start, end = first.start, max(first.end, second.end)
            also = tuple(name for name in other.also if name in citation.also)
            whole = replace(other, quote=text[start:end], start=start, end=end, also=also)
            more = len(whole.quote.split()) - len(other.quote.split())
            if more and words + more > WORDS:
                return None
            self._citations[place] = whole
            return place + 1
        full = len(self._citations) >= QUOTES or words + len(citation.quote.split()) > WORDS
        if full and self._citations:
            return None
        self._citations.append(citation)
        return len(self._citations)


def _citation(hit: Hit, found: Sequence[Support], evidence: Evidence) -> Citation:
    run = found[evidence.first : evidence.last + 1]
    best = max(run, key=lambda support: sum(m * w for m, w in zip(support.matches, support.weights, strict=True)))
    return cite(hit, run[0].sentence, run[-1].sentence, best.sentence)
