"""Build a generation: read the sources, embed what is new, write every part aside, validate, publish."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleProblem, BuildFailed, IndexFailure
from index.generations import (
    Manifest,
    Retention,
    building,
    current_folder,
    current_id,
    library_versions,
    new_id,
    prune,
    publish,
    read_manifest,
)
from index.generations.room import require_room, room_needed
from index.model import Article
from index.progress import Progress, Silent
from index.settings import LAYOUT_VERSION, IndexSettings

if TYPE_CHECKING:
    from index.assemble import Assembled
    from index.embed import Embedder

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


@dataclass(slots=True)
class Changes:
    """The articles the sources hold now, against those of the generation that serves."""

    articles: dict[str, Article] = field(default_factory=dict)
    problems: list[ArticleProblem] = field(default_factory=list)
    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    @property
    def unchanged(self) -> int:
        """How many articles are as they were."""
        return len(self.articles) - len(self.added) - len(self.changed)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def build(
    locations: Sequence[str | Path],
    home: Path,
    settings: IndexSettings,
    *,
    full: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    embedder: Embedder | None = None,
    retention: Retention | None = None,
) -> Report:
    """Bring the index of `home` up to date with the articles at `locations`.

    New and changed passages are embedded, unchanged ones keep their vectors, vanished ones are gone from every part.
    When nothing changed, nothing is embedded and no generation is written. Whatever goes wrong, and wherever the
    process is stopped, the generation that served goes on serving until the new one is published in one step.

    Args:
        locations: Files and folders of articles.
        home: The folder that holds the generations.
        settings: How to build.
        full: Embed everything anew and keep nothing of the generation before.
        dry_run: Say what would change, and change nothing.
        progress: Told how it gets on.
        embedder: The model of `settings`, if it is loaded already; else it is loaded when it is needed.
        retention: Which generations are kept beside the new one.

    Raises:
        SourceFailure: A location cannot be read at all.
        DuplicateArticle: Two articles claim one id.
        ModelUnavailable: The embedding model cannot be loaded.
        BuildRunning: Another process builds in this home.
        BuildFailed: There are no articles, or the new generation did not pass validation.
    """
    started = time.monotonic()
    progress = progress or Silent()
    if dry_run:
        previous = None if full else _usable(home, settings)
        changes = _compare(locations, home, progress)
        return _report(current_id(home) or "", False, previous is None, changes, _passages(home), 0, started)
    with building(home) as workshop:
        previous = None if full else _usable(home, settings)
        changes = _compare(locations, home, progress)
        if not changes.articles:
            raise BuildFailed(
                f"No article could be read from {', '.join(map(str, locations))}.",
                f"The index was left as it is.{_first(changes.problems)}",
            )
        if previous is not None and not changes:
            return _report(previous.name, False, False, changes, _passages(home), 0, started)
        # Loads torch and Chroma, which a build that changes nothing can do without.
        from index.assemble import assemble
        from index.validate import validate
        from index.versions import write_versions

        require_room(
            home, room_needed((len(article.text) for article in changes.articles.values()), previous), "The new index"
        )
        built = assemble(
            workshop, changes.articles, changes.added | changes.changed, previous, settings, progress, embedder
        )
        write_versions(workshop / "articles.db", _articles(home), datetime.now(UTC))
        progress.begin("validate", None)
        validate(workshop)
        progress.end()
        manifest = _manifest(changes, locations, settings, built, current_id(home) or "")
        publish(home, workshop, manifest)
        prune(home, retention)
        return _report(manifest.id, True, built.anew, changes, built.passages, built.embedded, started)


def _usable(home: Path, settings: IndexSettings) -> Path | None:
    """Return the current generation's folder, if the next one can take its unchanged passages over."""
    try:
        folder = current_folder(home)
        usable = read_manifest(folder).fingerprint == settings.fingerprint()
    except IndexFailure:
        return None
    return folder if usable and _hashes(home) else None


def _articles(home: Path) -> Path | None:
    """Return the articles of the generation that serves, whatever it was built with; None if there are none."""
    try:
        return current_folder(home) / "articles.db"
    except IndexFailure:
        return None


def _passages(home: Path) -> int:
    try:
        return read_manifest(current_folder(home)).passages
    except IndexFailure:
        return 0


def _hashes(home: Path) -> dict[str, str]:
    """Return what the generation that serves has of each article, by id; nothing if it cannot be read."""
    from index.archive import Archive

    try:
        archive = Archive(current_folder(home) / "articles.db")
        try:
            return archive.hashes()
        finally:
            archive.close()
    except IndexFailure:
        return {}


def _compare(locations: Sequence[str | Path], home: Path, progress: Progress) -> Changes:
    """Read every article, and tell which differ from the generation that serves."""
    from index.formats import read_files

    hashes = _hashes(home)
    changes = Changes()
    progress.begin("read", None)
    for found in read_files(locations):
        if isinstance(found, ArticleProblem):
            changes.problems.append(found)
        else:
            changes.articles[found.id] = found
            if found.id not in hashes:
                changes.added.add(found.id)
            elif hashes[found.id] != found.content_hash:
                changes.changed.add(found.id)
        progress.advance()
    progress.end()
    changes.removed = set(hashes) - set(changes.articles)
    return changes


def _first(problems: Sequence[ArticleProblem]) -> str:
    """Return why nothing was left, by the first few articles that were skipped."""
    said = "".join(f"\nSkipped {problem.where}: {problem.reason}" for problem in problems[:_PROBLEMS_NAMED])
    others = len(problems) - _PROBLEMS_NAMED
    return said + (f"\n… and {others} more." if others > 0 else "")


def _manifest(
    changes: Changes,
    locations: Sequence[str | Path],
    settings: IndexSettings,
    built: Assembled,
    previous: str,
) -> Manifest:
    articles = changes.articles.values()
    days = sorted(article.published for article in articles if article.published)
    sources = Counter(article.source for article in articles if article.source)
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
        sources=dict(sources.most_common()),
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
        problems=tuple(changes.problems),
        seconds=time.monotonic() - started,
    )
