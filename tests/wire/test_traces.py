"""Traces reach a real collector as OpenTelemetry's own protocol has it, and tell nothing of what was asked."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from bot.ask import Asker, AsyncAsker, QuestionRefused, read_question
from bot.desk import Desk, Visit
from bot.ledger import AsyncLedger
from bot.stages import asking, stage
from bot.traces import Traces
from bot.web import serving

QUESTION = "Where was the stolen Carrow Astrolabe found?"


class Collector:
    """Takes spans in, as a collector does."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.address = ""
        self.app = web.Application()
        self.app.router.add_post("/v1/traces", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        assert "application/x-protobuf" == request.headers["Content-Type"]
        self.bodies.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    @property
    def spans(self) -> list[Span]:
        spans = []
        for body in self.bodies:
            read = ExportTraceServiceRequest.FromString(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            spans += [
                span for resource in read.resource_spans for scope in resource.scope_spans for span in scope.spans
            ]
        return spans


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    collector = Collector()
    async with serving(collector.app, "127.0.0.1", 0) as address:
        collector.address = address
        yield collector


async def test_an_ask_is_one_trace_with_a_span_for_each_stage(collector: Collector, seed_asker: Asker) -> None:
    ledger = AsyncLedger()
    async with Traces(collector.address) as traces:
        with asking("abc234abc234", [traces]), stage("handle"):
            await Desk(AsyncAsker(seed_asker), ledger).ask(read_question(QUESTION), Visit(1, 2, None, 987654321))
            with stage("send"):
                pass
    await ledger.close()
    spans = {span.name: span for span in collector.spans}
    names = {span.span_id: span.name for span in spans.values()}
    above = {span.name: names.get(span.parent_span_id) for span in spans.values()}

    assert {
        "handle": None,
        "ask": "handle",
        "queue": "ask",
        "retrieve": "ask",
        "answer": "ask",
        "send": "handle",
    } == above
    assert 1 == len({span.trace_id for span in spans.values()})
    assert {"abc234abc234"} == {a.value.string_value for span in spans.values() for a in span.attributes}
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans.values())


async def test_nothing_of_a_question_its_asker_or_an_error_is_in_a_trace(collector: Collector) -> None:
    async with Traces(collector.address) as traces:
        with pytest.raises(QuestionRefused), asking("abc234abc234", [traces]), stage("ask"):
            raise QuestionRefused("No article is from “My secret question”.")
    (span,) = collector.spans

    assert (Status.STATUS_CODE_ERROR, "QuestionRefused") == (span.status.code, span.status.message)
    assert b"secret" not in b"".join(collector.bodies)


async def test_two_asks_at_once_are_two_traces(collector: Collector) -> None:
    async def ask(ask_id: str) -> None:
        with asking(ask_id, [traces]), stage("handle"):
            await asyncio.sleep(0.01)
            with stage("send"):
                await asyncio.sleep(0.01)

    async with Traces(collector.address) as traces:
        await asyncio.gather(ask("a"), ask("b"))
    spans = collector.spans

    assert (4, 2) == (len(spans), len({span.trace_id for span in spans}))
    assert 2 == len({(span.trace_id, span.attributes[0].value.string_value) for span in spans})


async def test_a_collector_that_is_not_there_costs_no_answer_and_keeps_nobody_waiting() -> None:
    begun = time.perf_counter()
    async with Traces("http://127.0.0.1:1") as traces:
        with asking("abc234abc234", [traces]), stage("ask"):
            pass

    assert 4.5 > time.perf_counter() - begun


def test_without_traces_nothing_of_opentelemetry_is_loaded() -> None:
    code = "import sys, bot.cli, bot.client, bot.traces; print([n for n in sys.modules if 'opentelemetry' in n])"

    assert (
        "[]" == subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    )
