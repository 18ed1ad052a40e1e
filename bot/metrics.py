"""Figures for Prometheus: what is asked and how it goes, how long each stage takes, what it costs, how Discord is.

Nobody's id and no word of a question is among the labels: each label has a handful of values that are known beforehand,
but for the id of the index that serves, of which there is one at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bot.ask import Busy, QuestionRefused, TookTooLong
from bot.counters import Counters
from bot.model import Status
from bot.refusal import Refused
from bot.stages import STAGES
from index import IndexFailure

if TYPE_CHECKING:
    import aiohttp

    from bot.client import FootnoteBot

SURFACES = ("command", "mention", "reply", "direct", "menu", "modal", "auto", "again", "thread")
STATUSES = (*(status.value for status in Status), "refused", "limited", "busy", "slow", "not_ready", "failed")
SCOPES = ("member", "channel", "guild")
EVENTS = ("connect", "disconnect", "ready", "resumed")
OTHER = "other"

# Seconds. An answer takes some tens of milliseconds, a generated one seconds; 60 s is as long as anybody waits.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

_TOO_MANY = 429

_FAILURES = (
    (QuestionRefused, "refused"),
    (Refused, "refused"),
    (Busy, "busy"),
    (TookTooLong, "slow"),
    (IndexFailure, "not_ready"),
)


class Metrics:
    """Everything that is counted and measured, in a registry of its own. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry, "namespace": "footnote"}
        self._asks = Counter("asks", "Questions, by how they came and what came of them.", ["surface", "status"], **own)
        self._stages = Histogram(
            "stage_seconds", "How long each stage of an answer took.", ["stage"], buckets=_BUCKETS, **own
        )
        self._limited = Counter(
            "rate_limited", "Questions that came too fast, by whose limit it was.", ["scope"], **own
        )
        self._joined = Counter("asks_joined", "Questions that were answered along with an equal one.", **own)
        self._cached = Counter("asks_cached", "Questions that were answered from memory.", **own)
        self._events = Counter("discord_gateway_events", "What became of the connection to Discord.", ["event"], **own)
        self._requests = Counter(
            "discord_requests",
            "Requests to Discord, by their status; only 429 is told by itself.",
            ["status"],
            **own,
        )
        self._queue = Gauge("queue_length", "Questions and look-ups that wait for the index or are at it.", **own)
        self._ready = Gauge("discord_ready", "1 while the bot is connected to Discord and ready.", **own)
        self._heartbeat = Gauge("discord_heartbeat_seconds", "Until the last heartbeat was answered.", **own)
        self._guilds = Gauge("discord_guilds", "Servers that the bot is on.", **own)
        for surface in SURFACES:
            for status in STATUSES:
                self._asks.labels(surface, status)
        for label, values in ((self._stages, STAGES), (self._limited, SCOPES), (self._events, EVENTS)):
            for value in values:
                label.labels(value)
        self._bot = _BotFigures()
        self.registry.register(self._bot)
        ProcessCollector(registry=self.registry)

    @contextlib.contextmanager
    def ask(self, surface: str) -> Iterator[Callable[[str], None]]:
        """Count a question by what comes of it.

        Args:
            surface: How it came, one of `SURFACES`.

        Yields:
            What is to be called with what came of it, one of `STATUSES`; an exception tells by itself.
        """
        said: list[str] = []
        try:
            yield said.append
        except BaseException as error:
            said.append(_status_of(error))
            raise
        finally:
            self._asks.labels(_among(SURFACES, surface), _among(STATUSES, said[0] if said else "failed")).inc()

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage; see `bot.stages`."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.took(name, time.perf_counter() - begun)

    def took(self, name: str, seconds: float) -> None:
        """Take note of how long a stage took."""
        self._stages.labels(_among(STAGES, name)).observe(seconds)

    def limited(self, scope: str) -> None:
        """Count a question that came too fast: for its "member", "channel" or "guild"."""
        self._limited.labels(_among(SCOPES, scope)).inc()

    def joined(self) -> None:
        """Count a question that was answered along with an equal one."""
        self._joined.inc()

    def cached(self) -> None:
        """Count a question that was answered from memory."""
        self._cached.inc()

    def gateway(self, event: str) -> None:
        """Count what became of the connection to Discord: one of `EVENTS`."""
        self._events.labels(_among(EVENTS, event)).inc()

    def watch_bot(self, bot: FootnoteBot) -> None:
        """Ask the bot how Discord, the queue and the index are, whenever that is wanted."""
        self._queue.set_function(lambda: bot.asker.waiting)
        self._ready.set_function(bot.is_ready)
        # Infinite before Discord's first answer, not a number without a connection.
        self._heartbeat.set_function(lambda: bot.latency if math.isfinite(bot.latency) else math.nan)
        self._guilds.set_function(lambda: len(bot.guilds))
        self._bot.bot = bot

    def watch_generator(self, counters: Counters, price_read: float, price_written: float) -> None:
        """Read these counts of generated answers, whenever they are wanted.

        Args:
            counters: The generator's; see `bot.generate.Generator`.
            price_read: Of a million tokens of a prompt.
            price_written: Of a million tokens of a reply.
        """
        self.registry.register(_GeneratorFigures(counters, price_read, price_written))

    def http_trace(self) -> aiohttp.TraceConfig:
        """Return what counts a client's requests to Discord."""
        import aiohttp

        async def ended(_session: object, _context: object, told: aiohttp.TraceRequestEndParams) -> None:
            status = told.response.status
            self._requests.labels(str(status) if status == _TOO_MANY else f"{status // 100}xx").inc()

        async def failed(_session: object, _context: object, told: aiohttp.TraceRequestExceptionParams) -> None:
            # A request that was given up is no failure of Discord's.
            if not isinstance(told.exception, asyncio.CancelledError):
                self._requests.labels("error").inc()

        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(ended)
        trace.on_request_exception.append(failed)
        return trace

    def text(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self.registry)


class _BotFigures(Collector):
    """Reads what a bot counts itself, and what its index holds."""

    def __init__(self) -> None:
        self.bot: FootnoteBot | None = None

    def collect(self) -> Iterable[Metric]:
        """Yield how the ledger is, and what the index holds while there is one."""
        if self.bot is None:
            return
        failed, serving = self.bot.ledger.failed, self.bot.asker.serving
        yield CounterMetricFamily("footnote_ledger_failures", "Times that the ledger could not be used.", failed)
        yield CounterMetricFamily("footnote_index_swaps", "Times that another index took over.", serving.swaps)
        yield GaugeMetricFamily(
            "footnote_index_open", "Indexes that are open; 2 while one is replaced.", serving.open_generations
        )
        yield GaugeMetricFamily(
            "footnote_index_not_opened", "1 while the newest index cannot be opened.", float(bool(serving.failed))
        )
        summary = self.bot.searched
        if summary is None:
            return
        serves = GaugeMetricFamily("footnote_generation", "1 for the id of the index that serves.", labels=["id"])
        serves.add_metric([summary.generation], 1)
        yield serves
        built = datetime.fromisoformat(summary.built_at)
        age = datetime.now(UTC) - (built if built.tzinfo else built.replace(tzinfo=UTC))
        yield GaugeMetricFamily(
            "footnote_generation_age_seconds", "Time since the index was built.", max(0.0, age.total_seconds())
        )
        yield GaugeMetricFamily("footnote_articles", "Articles in the index.", summary.articles)
        yield GaugeMetricFamily("footnote_passages", "Passages in the index.", summary.passages)


class _GeneratorFigures(Collector):
    """Reads what the generator counts, whose names are those in `bot.generate.Generator`."""

    def __init__(self, counters: Counters, price_read: float, price_written: float) -> None:
        self._counters = counters
        self._prices = (price_read, price_written)

    def collect(self) -> Iterable[Metric]:
        """Yield what generated answers came to."""
        counts = self._counters.snapshot()
        read, written = (counts.get(f"generate.tokens.{kind}", 0) for kind in ("read", "written"))
        tokens = CounterMetricFamily("footnote_llm_tokens", "Tokens of prompts and of replies.", labels=["direction"])
        tokens.add_metric(["read"], read)
        tokens.add_metric(["written"], written)
        yield tokens
        cost = (read * self._prices[0] + written * self._prices[1]) / 1_000_000
        yield CounterMetricFamily("footnote_llm_cost", "What the tokens cost, in the currency of their prices.", cost)
        yield CounterMetricFamily("footnote_llm_calls", "Requests to the model.", counts.get("generate.calls", 0))
        yield CounterMetricFamily("footnote_llm_answers", "Answers it worded.", counts.get("generate.answered", 0))
        yield self._by("footnote_llm_fallbacks", "Answers it did not word.", "reason", "generate.fallback.", counts)
        yield self._by("footnote_llm_claims_dropped", "Claims not shown.", "reason", "generate.claims.dropped.", counts)
        kept = counts.get("generate.claims.kept", 0)
        yield CounterMetricFamily("footnote_llm_claims_kept", "Claims that the passages support.", kept)

    @staticmethod
    def _by(name: str, told: str, label: str, prefix: str, counts: dict[str, int]) -> CounterMetricFamily:
        family = CounterMetricFamily(name, told, labels=[label])
        for key, count in sorted(counts.items()):
            if key.startswith(prefix):
                family.add_metric([key.removeprefix(prefix)], count)
        return family


def _among(known: tuple[str, ...], value: str) -> str:
    return value if value in known else OTHER


def _status_of(error: BaseException) -> str:
    if isinstance(error, Refused) and error.seconds is not None:
        return "limited"
    return next((status for kind, status in _FAILURES if isinstance(error, kind)), "failed")
