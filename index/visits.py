"""Visit every configured source, several at a time, and gather what each gives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import ArticleProblem, IndexFailure, reason_of
from index.formats.found import printable, shown
from index.progress import Progress
from index.sources.protocol import Gone, Origin, Read, Remark, Remembered, Source, Unchanged, Visit

if TYPE_CHECKING:
    from index.fetch import Fetcher, FetchSettings

_log = logging.getLogger(__name__)

# Sources that are read at once; how many requests there are at once is up to the fetcher.
_AT_ONCE = 8


@dataclass(slots=True)
class Visited:
    """What one visit gave.

    Attributes:
        read: Articles whose text was read, by key.
        unchanged: What is kept of those that are as they were, by key.
        broken: Where something is broken, of those that are unchanged for that reason alone, by key.
        gone: Keys that the source says it no longer has.
        problems: Articles that were skipped.
        remembered: What the source wants to know of itself at the next visit.
        failure: Why it could not be read as a whole; None if it could.
        cut_off: It took too long; what it gave until then counts.
    """

    read: dict[str, Read] = field(default_factory=dict)
    unchanged: dict[str, Origin] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    problems: list[ArticleProblem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    remembered: list[Origin] = field(default_factory=list)
    complete: bool = False
    failure: str | None = None
    cut_off: bool = False
    seconds: float = 0.0


def visit_all(
    sources: Sequence[Source],
    known: Mapping[str, Mapping[str, Origin]],
    settings: FetchSettings | None,
    progress: Progress,
) -> dict[str, Visited]:
    """Return what each source gives, by its name. One that fails, however it does, keeps none of the others from it.

    Args:
        sources: Each of another name.
        known: What is kept of each one's articles, by source and key.
        settings: How to fetch.
        progress: Told of each article, and which sources are still being read.
    """
    return asyncio.run(_visit_all(sources, known, settings, progress))


async def _visit_all(
    sources: Sequence[Source],
    known: Mapping[str, Mapping[str, Origin]],
    settings: FetchSettings | None,
    progress: Progress,
) -> dict[str, Visited]:
    from index.fetch import Fetcher

    turns = asyncio.Semaphore(_AT_ONCE)
    waiting = [source.name for source in sources]

    async def visit(fetcher: Fetcher, source: Source) -> Visited:
        async with turns:
            visited = await _visit(source, Visit(fetcher, known.get(source.name, {})), progress)
        waiting.remove(source.name)
        if waiting:
            progress.reading(waiting)
        return visited

    progress.reading(waiting)
    async with Fetcher(settings) as fetcher:
        visits = await asyncio.gather(*(visit(fetcher, source) for source in sources))
    return {source.name: visited for source, visited in zip(sources, visits, strict=True)}


async def _visit(source: Source, visit: Visit, progress: Progress) -> Visited:
    visited = Visited()
    began = time.monotonic()
    try:
        async with asyncio.timeout(source.max_minutes * 60) as limit:
            async for reading in source.read(visit):
                _take(reading, visited)
                progress.advance()
        visited.complete = source.complete
    except TimeoutError as error:
        visited.cut_off = limit.expired()
        visited.failure = _too_long(source) if visited.cut_off else _unforeseen(source, error)
    except IndexFailure as failure:
        visited.failure = printable(str(failure))
    except Exception as error:
        visited.failure = _unforeseen(source, error)
    visited.seconds = time.monotonic() - began
    return visited


def _too_long(source: Source) -> str:
    return (
        f"{shown(source.name)} was not read to its end within {source.max_minutes:g} minutes; what was read until then "
        "is taken, the rest stays as it was. Give it more (max_minutes), or a limit."
    )


def _unforeseen(source: Source, error: Exception) -> str:
    # A source may be anybody's code; what it does not foresee concerns its own articles alone.
    _log.debug("the source %s failed", source.name, exc_info=error)
    return f"{shown(source.name)} failed ({type(error).__name__}: {printable(reason_of(error))})."


def _take(reading: object, visited: Visited) -> None:
    # What is told stands on a terminal, whoever wrote the source, and whatever it quotes.
    match reading:
        case Read(origin=Origin(key=key)):
            visited.read[key] = reading
        case Unchanged(key=key, origin=origin, broken=broken):
            visited.unchanged[key] = origin
            if broken is not None:
                visited.broken[key] = printable(broken)
        case Gone(key=key):
            visited.gone.add(key)
        case Remark():
            visited.remarks.append(Remark(printable(reading.where), printable(reading.said)))
        case Remembered(origin=origin):
            visited.remembered.append(origin)
        case ArticleProblem():
            visited.problems.append(ArticleProblem(printable(reading.where), printable(reading.reason), reading.key))
        case _:
            raise TypeError(f"it gave {type(reading).__name__}, which is no reading")
