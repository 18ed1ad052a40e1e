"""The figures count what happens under names that last, and their labels can never grow with what people do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.ask import Busy, QuestionRefused, TookTooLong
from bot.counters import Counters
from bot.metrics import EVENTS, OTHER, SCOPES, STATUSES, SURFACES, Metrics
from bot.refusal import Refused
from bot.stages import STAGES, asking, stage
from bot.web import serving
from index import NoGeneration, Summary


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return a figure as Prometheus would read it."""
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name == f"footnote_{name}" and sample.labels == labels:
                return sample.value
    return None


def test_a_question_is_counted_by_how_it_came_and_what_came_of_it() -> None:
    metrics = Metrics()
    with metrics.ask("mention") as came_to:
        came_to("answered")

    assert (1, 0) == tuple(value(metrics, "asks_total", surface="mention", status=s) for s in ("answered", "nothing"))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QuestionRefused("empty"), "refused"),
        (Refused("desk.not_here"), "refused"),
        (Refused("desk.limit_member", 40), "limited"),
        (Busy("many"), "busy"),
        (TookTooLong("slow"), "slow"),
        (NoGeneration("none", "build one"), "not_ready"),
        (RuntimeError("oops"), "failed"),
    ],
)
def test_a_question_that_fails_is_counted_by_why(error: Exception, status: str) -> None:
    metrics = Metrics()
    with pytest.raises(type(error)), metrics.ask("command"):
        raise error

    assert 1 == value(metrics, "asks_total", surface="command", status=status)


def test_stages_of_an_ask_are_measured() -> None:
    metrics = Metrics()
    with asking("abc234", [metrics]), stage("retrieve"):
        pass
    with stage("retrieve"):
        pass  # outside of an ask, nobody watches

    assert 1 == value(metrics, "stage_seconds_count", stage="retrieve")


def test_what_the_index_holds_and_how_old_it_is_are_told_once_there_is_one() -> None:
    metrics = Metrics()
    built = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="seconds")
    summary = Summary("g", 3, 7, None, None, 0, {}, "model", built)
    bot = SimpleNamespace(
        ledger=SimpleNamespace(failed=4),
        searched=None,
        asker=SimpleNamespace(waiting=5, serving=SimpleNamespace(swaps=6, open_generations=1, failed="newest")),
        is_ready=lambda: True,
        latency=float("inf"),
        guilds=[1, 2],
    )
    metrics.watch_bot(bot)  # type: ignore[arg-type]

    names = ("queue_length", "discord_ready", "discord_guilds", "ledger_failures_total", "articles")
    of_index = ("index_swaps_total", "index_open", "index_not_opened")

    assert [5, 1, 2, 4, None] == [value(metrics, name) for name in names]
    assert [6, 1, 1] == [value(metrics, name) for name in of_index]

    bot.searched = summary

    assert 3 == value(metrics, "articles")
    assert 1 == value(metrics, "generation", id="g")
    assert 7200 == pytest.approx(value(metrics, "generation_age_seconds"), abs=30)


def test_tokens_and_their_cost_are_those_that_the_generator_counted() -> None:
    metrics, counters = Metrics(), Counters()
    metrics.watch_generator(counters, price_read=2.0, price_written=10.0)
    counters.add("generate.tokens.read", 1_000_000)
    counters.add("generate.tokens.written", 500_000)
    counters.add("generate.fallback.timeout")

    assert 1_000_000 == value(metrics, "llm_tokens_total", direction="read")
    assert 7.0 == value(metrics, "llm_cost_total")
    assert 1 == value(metrics, "llm_fallbacks_total", reason="timeout")


async def test_requests_to_discord_are_counted_by_their_status_and_never_by_their_address() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=int(request.match_info["status"]))

    app = web.Application()
    app.router.add_get("/{status}", answer)
    metrics = Metrics()
    async with (
        serving(app, "127.0.0.1", 0) as address,
        aiohttp.ClientSession(trace_configs=[metrics.http_trace()]) as session,
    ):
        for status in (200, 204, 404, 429, 503):
            await session.get(f"{address}/{status}")
    with pytest.raises(aiohttp.ClientError):
        async with aiohttp.ClientSession(trace_configs=[metrics.http_trace()]) as session:
            await session.get(f"{address}/200")

    assert {"2xx": 2, "4xx": 1, "429": 1, "5xx": 1, "error": 1} == {
        status: value(metrics, "discord_requests_total", status=status)
        for status in ("2xx", "4xx", "429", "5xx", "error")
    }


def test_whatever_is_counted_the_labels_stay_the_few_that_are_known() -> None:
    metrics = Metrics()
    for i in range(100):
        odd = f"123456789{i} what is my question?"
        with metrics.ask(odd) as came_to:
            came_to(odd)
        metrics.took(odd, 1.0)
        metrics.limited(odd)
        metrics.gateway(odd)
    known = {*SURFACES, *STATUSES, *STAGES, *SCOPES, *EVENTS, OTHER}
    labels = {
        label
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        for name, label in sample.labels.items()
        if name not in {"le", "status_code"}
    }

    assert labels <= known
    assert not re.search("question", metrics.text().decode().replace("Questions", "").replace("questions", ""))


def test_two_sets_of_figures_do_not_mix() -> None:
    one, other = Metrics(), Metrics()
    one.cached()

    assert (1, 0) == (value(one, "asks_cached_total"), value(other, "asks_cached_total"))
