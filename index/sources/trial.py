"""Reading a few articles of a source, to see whether it works and what it gives; nothing is kept."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, field

from index.errors import ArticleProblem, IndexFailure
from index.fetch import Fetcher, FetchSettings
from index.fetch.url import place_of
from index.sources.protocol import Gone, Read, Remark, Source, Visit


@dataclass(slots=True)
class Trial:
    """What a source gave.

    Attributes:
        read: The first of its articles.
        problems: Articles that were skipped meanwhile.
        remarks: What else there is to tell.
        failure: Why the source as a whole cannot be read, with the remedy; empty if it can.
        more: There may be more articles than those.
        seconds: It took.
    """

    read: list[Read] = field(default_factory=list)
    problems: list[ArticleProblem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    failure: str = ""
    more: bool = False
    seconds: float = 0.0

    @property
    def works(self) -> bool:
        """Whether an article could be read, or there was none to be read."""
        return not self.failure and (bool(self.read) or not self.problems)


def try_source(source: Source, settings: FetchSettings, articles: int) -> Trial:
    """Read some of a source's articles as if none of them were known.

    Args:
        source: Which.
        settings: How to fetch.
        articles: How many are wanted; as many problems end it, too.
    """
    return asyncio.run(_try(source, settings, articles))


async def _try(source: Source, settings: FetchSettings, articles: int) -> Trial:
    trial = Trial()
    started = time.monotonic()
    try:
        async with Fetcher(settings) as fetcher, aclosing(source.read(Visit(fetcher))) as readings:  # type: ignore[type-var]
            async for reading in readings:
                if isinstance(reading, Remark):
                    trial.remarks.append(reading)
                elif isinstance(reading, ArticleProblem):
                    trial.problems.append(reading)
                elif isinstance(reading, Gone):
                    where = place_of(reading.key)
                    trial.problems.append(ArticleProblem(where, reading.reason.removeprefix(f"{where} ")))
                elif isinstance(reading, Read):
                    trial.read.append(reading)
                if len(trial.read) >= articles or len(trial.problems) >= max(articles, 5):
                    trial.more = True
                    break
    except IndexFailure as failure:
        trial.failure = str(failure)
    trial.seconds = time.monotonic() - started
    return trial
