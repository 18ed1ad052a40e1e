"""From footnote.toml to a cited answer, over three feeds, a sitemap and a folder: twice, and with one of them down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.e2e.crawled import SOURCES, Valley

PAGES = 20


def footnote(*arguments: str) -> tuple[int, dict[str, Any], str]:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout else {}, done.stderr


def states(report: dict[str, Any]) -> list[tuple[str, int]]:
    return [(source["state"], source["articles"]) for source in report["sources"]]


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    return report["added"], report["changed"], report["removed"], report["unchanged"]


def test_a_crawl_from_the_configuration_to_a_cited_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    with Valley(tmp_path, PAGES) as valley:
        status, report, said = footnote("index", "rebuild")
        assert (0, (PAGES, 0, 0, 0)) == (status, counts(report)), said
        assert [("read", valley.each)] * 5 == states(report)
        assert (4 * valley.each, 0) == valley.asked()

        status, answer, _ = footnote("ask", "What is made at lot 13?")
        assert 0 == status
        assert valley.webs[3].url("/lot/13.html") == answer["citations"][0]["url"]

        changed = [valley.numbers(source)[1] for source in range(5)]
        for number in changed:
            valley.change(number)
        status, report, said = footnote("index", "rebuild")
        assert (0, (0, 5, 0, PAGES - 5)) == (status, counts(report)), said
        whole, same = valley.asked()
        assert 4 == whole, "only what has changed is sent"
        assert same <= 4 * (valley.each - 1)

        valley.webs[3].down()
        valley.change(valley.numbers(4)[0])
        status, report, _ = footnote("index", "rebuild")
        assert (1, (0, 1, 0, PAGES - 1)) == (status, counts(report))
        assert [("read", valley.each)] * 3 + [("failed", valley.each), ("read", valley.each)] == states(report)
        _, shown, _ = footnote("index", "status")
        assert ["failed"] == [s["state"] for s in shown["configured_sources"] if s["failure"]]
        plain = CliRunner().invoke(app, ["index", "status"]).stdout
        assert f"{SOURCES[3]} (sitemap): {valley.each} articles; FAILED since" in plain

        valley.webs[3].up()
        status, report, _ = footnote("index", "rebuild")
        assert (0, (0, 0, 0, PAGES), False) == (status, counts(report), report["published"])
        assert [("read", valley.each)] * 5 == states(report)
