"""Traces for OpenTelemetry: each ask is one, with a span for every stage. Nothing of it is loaded unless configured.

A span tells its stage, the ask's id and the kind of error that ended it: no question, no answer, nobody's id.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from bot.stages import current_ask_id

# Seconds that one sending takes at most, and that the end of the bot waits for the last one.
_TIMEOUT = 5.0
_LAST = 3.0

_PATH = "/v1/traces"


class TracesUnavailable(Exception):
    """Traces are configured but cannot be made; the message says what to do."""


class Traces:
    """Sends spans to a collector (OTLP over HTTP), from a thread of its own; a context that sends the last on leaving.

    A collector that does not answer costs nothing but the spans.
    """

    def __init__(self, endpoint: str) -> None:
        """Set up the spans. Nothing is sent yet.

        Args:
            endpoint: The collector's address; without a path of its own it is /v1/traces. What else OpenTelemetry knows
                is read from its own variables: OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME, …

        Raises:
            TracesUnavailable: The libraries are not installed.
        """
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import OTELResourceDetector, Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.trace import StatusCode
        except ImportError:
            raise TracesUnavailable(
                "traces.endpoint is set, but OpenTelemetry is not installed. Install it: pip install 'footnote[otel]'"
            ) from None
        from importlib.metadata import version
        from urllib.parse import urlsplit

        whole = endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + _PATH
        named = Resource({"service.name": "footnote", "service.version": version("footnote")})
        # Whoever names the service in a variable means it.
        self._provider = TracerProvider(resource=named.merge(OTELResourceDetector().detect()))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(whole, timeout=_TIMEOUT)))
        self._tracer = self._provider.get_tracer("footnote")
        self._error = StatusCode.ERROR

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Make a span of a stage; see `bot.stages`."""
        # What an exception says may repeat a question; its kind does not.
        with self._tracer.start_as_current_span(
            name, attributes=self._attributes(), record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_status(self._error, type(error).__name__)
                raise

    def took(self, name: str, seconds: float) -> None:
        """Make a span of a stage that has just ended."""
        now = time.time_ns()
        span = self._tracer.start_span(name, attributes=self._attributes(), start_time=now - int(seconds * 1e9))
        span.end(now)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Of its own, and ended with the process: a collector that hangs keeps nobody.
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        await asyncio.to_thread(last.join, _LAST)

    @staticmethod
    def _attributes() -> dict[str, str]:
        return {"footnote.ask": current_ask_id()}
