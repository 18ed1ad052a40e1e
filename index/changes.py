"""Read all sources, and tell what has changed against the generation that serves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.collect import Before, Collected, merge, stay_unsure, told
from index.errors import ArticleProblem, BuildFailed, GenerationBroken, IndexFailure, NoGeneration
from index.generations import base_folder, current_id, generations_folder, read_manifest
from index.model import Article
from index.origins import Claim, read_origins
from index.progress import Progress
from index.settings import LAYOUT_VERSION
from index.source_states import KEPT, READ
from index.sources.protocol import OPTIONS_KEY, Read, Remark, Unchanged

if TYPE_CHECKING:
    from index.fetch import FetchSettings
    from index.sources.protocol import Origin, Source
    from index.visits import Visited


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read.

    Attributes:
        given: Files and folders, and configured sources.
        only: Names of the sources to ask, if not all. Files and folders are not read then, unless it is empty: they
            alone are.
        accept_shrink: Believe them, however few articles they have.
        fetch: How sources on the web are fetched.
        full: Ask for everything anew, whatever is known.
    """

    given: Sequence[str | Path | Source]
    only: Collection[str] | None = None
    accept_shrink: bool = False
    fetch: FetchSettings | None = None
    full: bool = False

    @property
    def locations(self) -> list[str | Path]:
        """The files and folders."""
        return [each for each in self.given if isinstance(each, str | Path)]

    @property
    def sources(self) -> list[Source]:
        """The configured sources."""
        return [each for each in self.given if not isinstance(each, str | Path)]

    @property
    def asked(self) -> list[Source]:
        """The configured sources that are asked."""
        return [source for source in self.sources if self.only is None or source.name in self.only]

    @property
    def reads_locations(self) -> bool:
        """Whether the files and folders are read; otherwise what is from there stays as it is."""
        return not self.only

    @property
    def described(self) -> str:
        """What is read, for a message."""
        locations = self.locations if self.reads_locations else []
        return ", ".join([*map(str, locations), *(source.name for source in self.asked)])


@dataclass(slots=True)
class Changes:
    """The articles the sources hold now, against those of the generation that serves."""

    collected: Collected
    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    @property
    def total(self) -> int:
        """How many articles there are now."""
        return len(self.collected.read) + len(self.collected.kept)

    @property
    def unchanged(self) -> int:
        """How many articles are as they were."""
        return self.total - len(self.added) - len(self.changed)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@contextmanager
def serving(home: Path) -> Iterator[Before]:
    """Open what the generation that serves has; nothing of it where there is none, or it cannot be read.

    If it cannot be told which serves, that is the newest that can be read.
    """
    from index.archive import Archive

    try:
        folder = base_folder(home)
        if folder.name != (name := current_id(home)) and name and (generations_folder(home) / name).is_dir():
            # Upon another than the one that serves, what has come to that since would be lost without a word.
            raise GenerationBroken(f"The index {name} in {home} cannot be read.")
        layout = read_manifest(folder).layout
        archive = Archive(folder / "articles.db")
    except NoGeneration:
        yield Before()
        return
    except IndexFailure:
        yield Before(damaged=True)
        return
    with closing(archive):
        try:
            before = Before(archive.hashes(), read_origins(home, folder), archive.article)
        except IndexFailure:
            # What an older version wrote says nothing of sources: they are all asked anew.
            before = Before(archive.hashes()) if layout != LAYOUT_VERSION else Before(damaged=True)
        yield before


def compare(request: Request, before: Before, progress: Progress) -> Changes:
    """Read every source, and tell which articles differ from the generation that serves.

    Raises:
        SourceFailure: A file or folder cannot be read at all.
        DuplicateArticle: Two of their articles claim one id.
        BuildFailed: What a source that cannot be read has is not readable either.
    """
    collected = Collected()
    before = replace(before, claims=_under_new_names(before.claims, request.sources))
    progress.begin("read", None)
    if not request.reads_locations:
        collected.kept = before.unclaimed()
        if request.sources:
            names = {source.name for source in request.sources}
            collected.claims = [claim for claim in before.claims if claim.source not in names]
            collected.kept |= {claim.article_id or "" for claim in collected.claims} & set(before.hashes)
    elif request.locations:
        _read_locations(request, before, collected, progress)
    if request.sources:
        _ask(request, before, collected, progress)
    progress.end()

    changes = Changes(collected)
    for name, article in collected.read.items():
        if name not in before.hashes:
            changes.added.add(name)
        elif before.hashes[name] != article.content_hash:
            changes.changed.add(name)
    changes.removed = set(before.hashes) - set(collected.read) - collected.kept
    return changes


def _read_locations(request: Request, before: Before, collected: Collected, progress: Progress) -> None:
    """Read files and folders that have no name. What was read of those before that are broken now stays as it was."""
    from index.sources.files import read_locations

    had = {claim.origin.key: claim for claim in before.of("") if claim.article_id in before.hashes}
    stay: list[str] = []
    unsure: list[str] = []
    for reading in read_locations(request.locations, {key: claim.origin for key, claim in had.items()}):
        if isinstance(reading, Read):
            collected.read[reading.article.id] = reading.article
            collected.claims.append(Claim("", reading.origin, reading.article.id, reading.id_given))
        elif isinstance(reading, ArticleProblem):
            kept = [reading.key] if reading.key in had else []
            collected.problems.append(told(reading, kept))
            stay += kept
        elif isinstance(reading, Unchanged):
            if reading.broken is None or not request.accept_shrink:
                stay.append(reading.key)
                unsure += [reading.broken] if reading.broken is not None else []
        elif isinstance(reading, Remark):
            collected.remarks.append(reading)
        progress.advance()
    collected.remarks += stay_unsure(unsure)
    there = {claim.origin.key for claim in collected.claims}
    for claim in {key: had[key] for key in stay if key not in there}.values():
        if claim.article_id and claim.article_id not in collected.read:
            collected.kept.add(claim.article_id)
            collected.claims.append(claim)


def _under_new_names(claims: Sequence[Claim], sources: Sequence[Source]) -> Sequence[Claim]:
    """Return who has which article. A source with all the options of one that is no longer there is that one, renamed.

    Its articles would be gone otherwise if it cannot be read that night, or is a feed that has newer ones.
    """
    there = {source.name for source in sources}
    known = {claim.source for claim in claims}
    left = {
        claim.origin.etag: claim.source
        for claim in claims
        if claim.origin.key == OPTIONS_KEY and claim.source not in there
    }
    renamed = {
        left.pop(options): source.name
        for source in sources
        if source.name not in known and (options := getattr(source, "fingerprint", None)) in left
    }
    return [replace(claim, source=renamed.get(claim.source, claim.source)) for claim in claims] if renamed else claims


def kept_articles(collected: Collected, before: Before, full: bool) -> dict[str, Article]:
    """Return the articles that stay as they are, by id.

    Args:
        collected: Where `full` and one cannot be read, it is left out of this.
        before: Where they are read from.
        full: See `Request`.

    Raises:
        GenerationBroken: One cannot be read.
    """
    articles: dict[str, Article] = {}
    for name in sorted(collected.kept):
        try:
            article = before.article(name)
            if article is not None and article.content_hash != before.hashes[name]:
                raise GenerationBroken(
                    f"The article {name!r} in the index that serves is not as it was read.",
                    "Build the index again with --full.",
                )
        except IndexFailure:
            if not full:
                raise
            article = None
        if article is not None:
            articles[name] = article
    lost = collected.kept - set(articles)
    collected.kept -= lost
    collected.claims = [claim for claim in collected.claims if claim.article_id not in lost]
    return articles


def _ask(request: Request, before: Before, collected: Collected, progress: Progress) -> None:
    from index.visits import visit_all

    known: dict[str, dict[str, Origin]] = {}
    for claim in before.claims:
        if claim.article_id is None or claim.article_id in before.hashes:
            origin = claim.origin.without_version() if request.full else claim.origin
            known.setdefault(claim.source, {})[origin.key] = origin
    visits = visit_all(request.asked, known, request.fetch, progress) if request.asked else {}
    merge(collected, request.sources, visits, before, request.accept_shrink)
    if before.damaged and not request.full:
        _require_all(request, visits, collected)


def _require_all(request: Request, visits: Mapping[str, Visited], collected: Collected) -> None:
    """Refuse to lose what is in the index that serves alone, where that cannot be read.

    Raises:
        BuildFailed: Something is.
    """
    for source in collected.sources:
        if source.state != READ:
            raise BuildFailed(
                f"The source {source.name} keeps what it has in the index that serves, which cannot be read. "
                f"{source.failure or ''}".rstrip(),
                "Ask all sources: footnote index rebuild"
                if source.state == KEPT
                else "Wait until the source can be read, or go on without its articles: footnote index rebuild --full",
            )
        if not visits[source.name].complete:
            raise BuildFailed(
                f"The source {source.name} does not give all articles it has given; the others are in the index that "
                "serves, which cannot be read.",
                "Go back to one that can: footnote index rollback; or go on without them: "
                "footnote index rebuild --full",
            )
    if not request.reads_locations:
        raise BuildFailed(
            "What was read of files and folders without a name is in the index that serves, which cannot be read.",
            "Read everything: footnote index rebuild",
        )
