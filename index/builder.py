"""Build a generation: read the sources, embed what is new, write every part aside, validate, publish."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.changes import Changes, Request, compare, kept_articles, serving
from index.collect import Collected
from index.errors import ArticleProblem, BuildFailed, IndexFailure
from index.generations import (
    Manifest,
    Retention,
    base_folder,
    building,
    current_id,
    current_is_sound,
    library_versions,
    new_id,
    prune,
    publish,
    read_manifest,
)
from index.generations.holder import HOLDER, require_held
from index.generations.room import require_room, room_needed
from index.model import Article
from index.origins import forget_beside, keep_beside, same_origins, write_origins
from index.progress import Progress, Silent
from index.settings import LAYOUT_VERSION, IndexSettings
from index.source_states import SourceReport, write_states
from index.sources.protocol import Remark, Source

if TYPE_CHECKING:
    from index.assemble import Assembled
    from index.embed import Embedder
    from index.fetch import FetchSettings

# Skipped articles that are named where none was left.
_PROBLEMS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Report:
    """What one build did.

    Attributes:
        generation: The id of the one now serving; empty after a dry run in an empty home.
        published: A new generation was published.
        anew: Nothing could be taken over from the generation before: every passage is embedded.
        added: Articles that are new.
        changed: Articles whose content changed.
        removed: Articles that are gone from the sources.
        unchanged: Articles that were left as they are.
        passages: In the generation now serving.
        embedded: Passages that had to be embedded for it.
        problems: Articles that were skipped, and why.
        seconds: It took.
        remarks: What there is to say of articles that were read nevertheless, and of sources.
        sources: What became of each configured source.
    """

    generation: str
    published: bool
    anew: bool
    added: int
    changed: int
    removed: int
    unchanged: int
    passages: int
    embedded: int
    problems: tuple[ArticleProblem, ...]
    seconds: float
    remarks: tuple[Remark, ...] = ()
    sources: tuple[SourceReport, ...] = ()

    @property
    def in_trouble(self) -> tuple[SourceReport, ...]:
        """The sources that failed or are held."""
        return tuple(source for source in self.sources if source.failure)


def build(
    sources: Sequence[str | Path | Source],
    home: Path,
    settings: IndexSettings,
    *,
    full: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    embedder: Embedder | None = None,
    retention: Retention | None = None,
    only: Collection[str] | None = None,
    accept_shrink: bool = False,
    fetch: FetchSettings | None = None,
) -> Report:
    """Bring the index of `home` up to date with the articles of `sources`.

    New and changed passages are embedded, unchanged ones keep their vectors, vanished ones are gone from every part.
    When nothing changed, nothing is embedded and no generation is written. Whatever goes wrong, and wherever the
    process is stopped, the generation that served goes on serving until the new one is published in one step.

    Args:
        sources: Files and folders of articles, and configured sources.
        home: The folder that holds the generations.
        settings: How to build.
        full: Read and embed everything anew and keep nothing of the generation before but the articles of sources
            that cannot be read.
        dry_run: Say what would change, and change nothing.
        progress: Told how it gets on.
        embedder: The model of `settings`, if it is loaded already; else it is loaded when it is needed.
        retention: Which generations are kept beside the new one.
        only: Names of configured sources; all others, and files and folders, keep what they have and are not asked.
            If it is empty, the files and folders alone are read.
        accept_shrink: Believe the sources that are asked, however few articles they have.
        fetch: How sources on the web are fetched.

    Raises:
        SourceFailure: A file or folder cannot be read at all. A configured source that cannot keeps what it has.
        DuplicateArticle: Two articles claim one id.
        ModelUnavailable: The embedding model cannot be loaded.
        BuildRunning: Another process builds in this home.
        BuildFailed: There are no articles, or the new generation did not pass validation.
    """
    started = time.monotonic()
    progress = progress or Silent()
    request = Request(sources, only, accept_shrink, fetch, full)
    if dry_run:
        previous = None if full else _usable(home, settings)
        with serving(home) as before:
            changes = compare(request, before, progress)
        return _report(current_id(home) or "", False, previous is None, changes, _passages(home), 0, started)
    with building(home) as workshop, serving(home) as before:
        previous = None if full else _usable(home, settings)
        sound = current_is_sound(home) and not before.damaged
        changes = compare(request, before, progress)
        collected = changes.collected
        if not changes.total:
            write_states(home, collected.sources)
            raise BuildFailed(
                f"No article could be read from {request.described}.",
                f"The index was left as it is.{_first(collected)}",
            )
        if previous is not None and sound and not changes:
            require_held(home / HOLDER)  # what was learned goes with the generation that served when this began
            if not same_origins(before.claims, collected.claims):
                keep_beside(home, collected.claims)
            write_states(home, collected.sources)
            return _report(previous.name, False, False, changes, _passages(home), 0, started)
        # Loads torch and Chroma, which a build that changes nothing can do without.
        from index.assemble import assemble
        from index.validate import validate
        from index.versions import write_versions

        articles = collected.read | kept_articles(collected, before, full)
        require_room(home, room_needed((len(article.text) for article in articles.values()), previous), "The new index")
        built = assemble(workshop, articles, changes.added | changes.changed, previous, settings, progress, embedder)
        write_origins(workshop / "articles.db", collected.claims)
        write_versions(workshop / "articles.db", _articles(home), datetime.now(UTC))
        progress.begin("validate", None)
        validate(workshop)
        progress.end()
        locations = request.locations if request.reads_locations else _locations(home)
        manifest = _manifest(articles, locations, settings, built, _base_id(home))
        publish(home, workshop, manifest)
        forget_beside(home)
        if sound:  # otherwise what is missing may not be gone, but lost; nothing is removed until it is known
            prune(home, retention)
        write_states(home, collected.sources)
        return _report(manifest.id, True, built.anew, changes, built.passages, built.embedded, started)


def _usable(home: Path, settings: IndexSettings) -> Path | None:
    """Return the folder of the generation to build upon, if the next one can take its unchanged passages over."""
    try:
        folder = base_folder(home)
        usable = read_manifest(folder).fingerprint == settings.fingerprint()
    except IndexFailure:
        return None
    return folder if usable and _hashes(home) else None


def _base_id(home: Path) -> str:
    """Return the id of the generation to build upon; empty if there is none."""
    try:
        return base_folder(home).name
    except IndexFailure:
        return ""


def _articles(home: Path) -> Path | None:
    """Return the articles of the generation to build upon, whatever it was built with; None if there are none."""
    try:
        return base_folder(home) / "articles.db"
    except IndexFailure:
        return None


def _locations(home: Path) -> list[str]:
    """Return the files and folders that the generation to build upon was built from."""
    try:
        return read_manifest(base_folder(home)).locations
    except IndexFailure:
        return []


def _passages(home: Path) -> int:
    try:
        return read_manifest(base_folder(home)).passages
    except IndexFailure:
        return 0


def _hashes(home: Path) -> dict[str, str]:
    """Return what the generation to build upon has of each article, by id; nothing if it cannot be read."""
    from index.archive import Archive

    try:
        archive = Archive(base_folder(home) / "articles.db")
        try:
            return archive.hashes()
        finally:
            archive.close()
    except IndexFailure:
        return {}


def _first(collected: Collected) -> str:
    """Return why nothing was left: the sources that failed, and the first few articles that were skipped."""
    said = "".join(f"\n{source.name}: {source.failure}" for source in collected.sources if source.failure)
    problems = collected.problems
    said += "".join(f"\nSkipped {problem.where}: {problem.reason}" for problem in problems[:_PROBLEMS_NAMED])
    others = len(problems) - _PROBLEMS_NAMED
    return said + (f"\n… and {others} more." if others > 0 else "")


def _manifest(
    articles: Mapping[str, Article],
    locations: Sequence[str | Path],
    settings: IndexSettings,
    built: Assembled,
    previous: str,
) -> Manifest:
    days = sorted(article.published for article in articles.values() if article.published)
    publishers = Counter(article.source for article in articles.values() if article.source)
    return Manifest(
        id=new_id(),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=settings.decisive(),
        fingerprint=settings.fingerprint(),
        weights=built.weights,
        previous=previous,
        articles=len(articles),
        passages=built.passages,
        oldest=days[0].isoformat() if days else None,
        newest=days[-1].isoformat() if days else None,
        undated=len(articles) - len(days),
        sources=dict(publishers.most_common()),
        locations=[str(Path(location).resolve()) for location in locations],
        reader=built.reader,
        languages=dict(built.languages),
        layout=LAYOUT_VERSION,
        written_by=library_versions(),
    )


def _report(
    generation: str, published: bool, anew: bool, changes: Changes, passages: int, embedded: int, started: float
) -> Report:
    return Report(
        generation=generation,
        published=published,
        anew=anew,
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        unchanged=changes.unchanged,
        passages=passages,
        embedded=embedded,
        problems=tuple(changes.collected.problems),
        seconds=time.monotonic() - started,
        remarks=tuple(changes.collected.remarks),
        sources=tuple(changes.collected.sources),
    )
