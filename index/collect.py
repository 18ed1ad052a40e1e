"""All sources -> the articles of the next generation: what was read, what stays, what is gone, and who has what.

A source that fails, or has suddenly so few articles that it is not believed, keeps what it had in the generation that
serves. Where two sources have the same article, the one that is configured first has it; where they give the same id to
different articles, so it is as well, and the other article is told as a problem. An article that stays because its
source failed yields to the same article of a source that was read, but no other article takes its id meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.errors import ArticleProblem, IndexFailure
from index.fetch.url import place_of, redacted
from index.formats.found import shown
from index.model import Article
from index.origins import Claim, same_origins
from index.source_states import FAILED, HELD, KEPT, READ, SourceReport, State
from index.sources.protocol import OPTIONS_KEY, Read, Remark, Source
from index.visits import Visited

# A source of fewer articles may lose most of them in a day's work; of several all at once it does not.
_FEW = 10
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Before:
    """What the generation that serves has.

    Attributes:
        hashes: The content hash of each article, by id.
        claims: Which source has which.
        article: Returns an article by its id.
        damaged: There is a generation, and what it has cannot be read.
    """

    hashes: Mapping[str, str] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    article: Callable[[str], Article | None] = lambda _: None
    damaged: bool = False

    def of(self, source: str) -> list[Claim]:
        """Return what a source has, and remembers."""
        return [claim for claim in self.claims if claim.source == source]

    def unclaimed(self) -> set[str]:
        """Return the ids of the articles from files and folders that have no name."""
        return set(self.hashes) - {claim.article_id for claim in self.claims if claim.article_id and claim.source}


@dataclass(slots=True)
class Collected:
    """What the next generation is to hold.

    Attributes:
        read: Articles whose text was read, by id.
        kept: Ids of those that stay as they are in the generation that serves.
        claims: Which source has which.
    """

    read: dict[str, Article] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    problems: list[ArticleProblem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    sources: list[SourceReport] = field(default_factory=list)


@dataclass(slots=True)
class _Outcome:
    """One source's part: its claims, with the reading of those that were read now."""

    source: Source
    state: State
    failure: str | None = None
    seconds: float = 0.0
    claims: list[tuple[Claim, Read | None]] = field(default_factory=list)
    remembered: list[Claim] = field(default_factory=list)
    gone: int = 0


def merge(
    found: Collected,
    sources: Sequence[Source],
    visits: Mapping[str, Visited],
    before: Before,
    accept: bool | Collection[str] = False,
) -> None:
    """Add to what was found already what the sources have.

    Args:
        found: Articles of files and folders without a name; added to.
        sources: In the order of their configuration.
        visits: What each gave that was asked; the others keep what they have.
        before: What the generation that serves has.
        accept: The sources that are believed however few articles they have; or whether all are.
    """
    outcomes = [_outcome(source, visits.get(source.name), before, accept, found) for source in sources]
    holders = {name: _Holder("files and folders", article, False) for name, article in found.read.items()}
    holders |= {name: _Holder("files and folders", None, False) for name in found.kept}
    kept: dict[str | None, str] = {
        claim.article_id: outcome.source.name
        for outcome in reversed(outcomes)
        if outcome.state != READ
        for claim, _ in outcome.claims
        if claim.article_id
    }
    nobody: dict[str | None, str] = {}
    # Those that were read first: see the head of this file.
    for outcome in sorted(outcomes, key=lambda outcome: outcome.state != READ):
        had = {claim.article_id for claim in before.of(outcome.source.name)}
        _add(outcome, found, holders, kept if outcome.state == READ else nobody, had, before)
    found.sources = [_report(outcome, found, before) for outcome in outcomes]


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who has an id: the source, and the article if it was read now."""

    source: str
    article: Article | None
    given: bool


def _outcome(
    source: Source, visited: Visited | None, before: Before, accept: bool | Collection[str], found: Collected
) -> _Outcome:
    claims = before.of(source.name)
    remembered = [claim for claim in claims if claim.article_id is None]
    had = {claim.origin.key: claim for claim in claims if claim.article_id in before.hashes}
    as_before: list[tuple[Claim, Read | None]] = [(claim, None) for claim in had.values()]
    if visited is None:
        return _Outcome(source, KEPT, None, 0.0, as_before, remembered)
    if visited.failure and not visited.cut_off:
        return _Outcome(source, FAILED, visited.failure, visited.seconds, as_before, remembered)
    accepted = accept if isinstance(accept, bool) else source.name in accept
    outcome = _Outcome(source, FAILED if visited.cut_off else READ, visited.failure, visited.seconds)
    outcome.claims = [
        (Claim(source.name, read.origin, read.article.id, read.id_given), read) for read in visited.read.values()
    ]
    let_go = set(visited.broken) if accepted else set()
    for key, origin in visited.unchanged.items():
        if key in had and key not in let_go:
            outcome.claims.append((replace(had[key], origin=origin), None))
    stay = {problem.key for problem in visited.problems if problem.key} & set(had)
    if not visited.complete:
        stay |= set(had)
    stay -= visited.gone | set(visited.read) | set(visited.unchanged)
    outcome.claims += [(had[key], None) for key in had if key in stay]
    # What one visit remembers may have been the name of an article at another.
    taken = {claim.origin.key for claim, _ in outcome.claims}
    outcome.remembered = [Claim(source.name, kept, None) for kept in visited.remembered if kept.key not in taken]
    if visited.cut_off:
        options = [claim for claim in outcome.remembered if claim.origin.key == OPTIONS_KEY]
        if options and not any(same_origins([claim], options) for claim in remembered):
            # What was not reached was read with other options, and is read anew when it is reached.
            outcome.claims = [
                (replace(claim, origin=claim.origin.without_version()), None)
                if claim.origin.key in stay
                else (claim, read)
                for claim, read in outcome.claims
            ]
            outcome.remembered = options
        else:
            # As if it had not been visited: the next visit must not take for read what was not.
            outcome.remembered = [claim for claim in remembered if claim.origin.key not in taken]
    outcome.claims = _plainest_first(outcome.claims, before)
    outcome.gone = len({claim.article_id for claim in had.values()} - {claim.article_id for claim, _ in outcome.claims})
    found.problems += [told(problem, stay) for problem in visited.problems]
    found.remarks += visited.remarks
    if not accepted:
        found.remarks += stay_unsure(visited.broken.values())
    given, expected = _different(outcome.claims), _different(as_before)
    emptied = given == 0 and expected >= _SEVERAL and not visited.gone >= set(had)
    if (expected >= _FEW or emptied) and given < source.shrink * expected and not accepted:
        failure = (
            f"It gives {given} of the {expected} articles it had, so nothing of it was changed. If that "
            f"is right: footnote index rebuild {_quoted(source.name)} --accept-shrink"
        )
        return _Outcome(source, HELD, failure, visited.seconds, as_before, remembered)
    return outcome


def _plainest_first(claims: list[tuple[Claim, Read | None]], before: Before) -> list[tuple[Claim, Read | None]]:
    """Return a source's claims so that of several addresses of one article its own comes first, whichever was read now.

    Else its text would change to that of a print page, and back, whenever the one is read and the other is as it was.
    """
    number = Counter(claim.article_id for claim, _ in claims)
    own: dict[str | None, set[str | None]] = {}
    for claim, read in claims:
        if number[claim.article_id] > 1:
            own.setdefault(claim.article_id, {_url_of(claim.article_id, before)}).add(
                read.article.url if read else None
            )

    def plainness(each: tuple[Claim, Read | None]) -> tuple[bool, int, str]:
        claim, _ = each
        if claim.given or claim.article_id not in own:
            return False, 0, ""
        # Where none is the article's own, or several are, it is at each visit the same one.
        return claim.origin.key not in own[claim.article_id], len(claim.origin.key), claim.origin.key

    return sorted(claims, key=plainness)


def _url_of(article_id: str | None, before: Before) -> str | None:
    try:
        article = before.article(article_id or "")
    except IndexFailure:
        return None
    return article.url if article else None


def _different(claims: Collection[tuple[Claim, Read | None]]) -> int:
    """Return how many articles there are of which no two say the same.

    A site that is being repaired answers each address with one page, or leads all of them to it.
    """
    texts = {hash(read.article.text) for _, read in claims if read is not None}
    return len(texts) + len({claim.article_id for claim, read in claims if read is None})


def _add(
    outcome: _Outcome,
    found: Collected,
    holders: dict[str, _Holder],
    kept: Mapping[str | None, str],
    had: Collection[str | None],
    before: Before,
) -> None:
    name = outcome.source.name
    whole = True
    for claim, read in outcome.claims:
        article_id = claim.article_id
        if article_id is None:
            continue
        holder = holders.get(article_id)
        if holder is None and read is not None and article_id in kept and article_id not in had:
            # Another source has this id, and cannot be asked at present.
            absent = _Holder(kept[article_id], None, claim.given)
            holder = None if _same(claim, read, absent, before) else absent
        if holder is None:
            holders[article_id] = _Holder(name, read.article if read else None, claim.given)
            if read is not None:
                found.read[article_id] = read.article
            else:
                found.kept.add(article_id)
        elif not _same(claim, read, holder, before):
            whole = False
            reason = (
                f"has the id {shown(article_id)}, which an article of {shown(holder.source)} has. "
                "Give one of them another id, or remove it."
            )
            found.problems.append(ArticleProblem(read.where if read else place_of(claim.origin.key), reason))
            continue
        elif read and holder.article and holder.source == name and read.article.title != holder.article.title:
            # Sites whose every page names one and the same address would be one article without a word.
            both = redacted(holder.article.url or read.where)
            said = f"counts as one article with {shown(holder.article.title)}: both give {both} as their address."
            found.remarks.append(Remark(read.where, said))
        found.claims.append(claim)
    # What was left out is looked for again at the next visit, though the source may not have changed by then.
    found.claims += [claim for claim in outcome.remembered if whole or claim.origin.key == OPTIONS_KEY]


def _same(claim: Claim, read: Read | None, holder: _Holder, before: Before) -> bool:
    """Tell whether an article is the one that its id's holder has: one page, in whatever dress, or the same words."""
    if read is None and holder.article is None:
        return True
    name = claim.article_id or ""
    try:
        article = read.article if read else before.article(name)
        other = holder.article or before.article(name)
    except IndexFailure:
        # It may be any. What was read waits for the next visit; a build that needs the other says what to do.
        return False
    if article is None or other is None or article.content_hash == other.content_hash:
        return True
    if claim.given or holder.given or article.url is None or other.url is None:
        return False
    from index.webpage import page_key

    return page_key(article.url) == page_key(other.url)


def _report(outcome: _Outcome, found: Collected, before: Before) -> SourceReport:
    source = outcome.source
    names = {claim.article_id for claim in found.claims if claim.source == source.name} - {None}
    unchanged = sum(
        name in found.kept or (name in found.read and before.hashes.get(name) == found.read[name].content_hash)
        for name in names
        if name
    )
    return SourceReport(
        source.name, source.kind, outcome.state, len(names), unchanged, outcome.gone, outcome.failure,
        round(outcome.seconds, 3),
    )  # fmt: skip


def stay_unsure(places: Iterable[str]) -> list[Remark]:
    """Return what is told of articles that stay because what they were in is broken, given where that is for each."""
    said = []
    for place, number in Counter(places).items():
        stay = "an article that was read of it before may be missing; it stays as it was."
        if number > 1:
            stay = f"{number:,} articles that were read of it before may be missing; they stay as they were."
        said.append(Remark(place, f"is why {stay} Mend it; or, if they are gone, give --accept-shrink."))
    return said


def told(problem: ArticleProblem, stay: Collection[str]) -> ArticleProblem:
    """Return a problem as it is told where these keys stay as they were."""
    if problem.key not in stay:
        return problem
    return replace(problem, reason=f"{problem.reason} What was read of it before stays.")


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
