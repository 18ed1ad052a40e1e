"""What docs/deploy ships fits the program: figures, settings and what the services may do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.counters import Counters
from bot.metrics import Metrics
from bot.serving import Serving
from bot.settings import Settings
from index import IndexSettings, Summary
from index.config import load

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"
# Labels that Prometheus itself adds.
_ADDED = {"instance", "job"}


@pytest.fixture(scope="module")
def figures() -> dict[str, set[str]]:
    """Every figure's labels by its name, once everything has happened that makes one appear."""
    metrics, counters = Metrics(), Counters()
    counters.add("generate.fallback.timeout")
    counters.add("generate.claims.dropped.unsupported")
    metrics.watch_generator(counters, 1.0, 1.0)
    metrics._requests.labels("2xx")
    summary = Summary("g", 1, 1, None, None, 0, {}, "model", "2026-01-31T12:00:00+00:00")
    unopened = Serving(Path(), IndexSettings())
    metrics.watch_bot(
        SimpleNamespace(  # type: ignore[arg-type]
            ledger=SimpleNamespace(failed=0), searched=summary, asker=SimpleNamespace(waiting=0, serving=unopened),
            is_ready=lambda: True, latency=0.1, guilds=[],
        )
    )  # fmt: skip
    labels: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def _expressions() -> list[str]:
    panels: list[dict[str, Any]] = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", [])]


def test_the_dashboard_asks_for_no_figure_that_does_not_exist(figures: dict[str, set[str]]) -> None:
    for expression in _expressions():
        names = set(re.findall(r"\b(?:footnote|process)_\w+", expression))

        assert names, expression
        assert names <= figures.keys(), expression
        grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")}
        matched = set(re.findall(r"(\w+)=~?['\"]", expression))
        assert grouped | matched <= _ADDED.union(*(figures[name] for name in names)), expression


def test_the_dashboard_shows_every_figure_of_the_bot(figures: dict[str, set[str]]) -> None:
    shown = " ".join(_expressions())
    own = {
        name for name in figures if name.startswith("footnote_") and not name.endswith(("_created", "_sum", "_count"))
    }

    assert {"footnote_passages"} == {name for name in own if name not in shown}


def test_every_setting_in_the_units_is_one_that_the_program_knows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "\n".join((DEPLOY / name).read_text("utf-8") for name in ("footnote.service", "Dockerfile", "compose.yaml"))
    found = dict(re.findall(r"\b(FOOTNOTE_[A-Z_]+)[=:] *([^\s\\]+)", text))
    for name in found.keys() - {"FOOTNOTE_CONFIG"}:
        monkeypatch.setenv(name, found[name])

    assert {"FOOTNOTE_HOME", "FOOTNOTE_LOG__FORMAT", "FOOTNOTE_HEALTH__PORT"} <= found.keys()
    assert ("json", 9464) == (
        (settings := load(Settings).config).log.format,
        settings.health.port,
    )


def test_the_container_runs_without_rights_on_a_file_system_that_it_cannot_write() -> None:
    bot = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["bot"]

    assert (True, ["ALL"], ["no-new-privileges:true"]) == (bot["read_only"], bot["cap_drop"], bot["security_opt"])
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    (user,) = re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE)
    assert user == bot["user"] != "0:0"


def test_a_rebuild_that_fails_does_not_keep_the_bot_down() -> None:
    unit, dockerfile = ((DEPLOY / name).read_text("utf-8") for name in ("footnote.service", "Dockerfile"))

    assert re.search(r"^ExecStartPre=-\S+ index rebuild$", unit, re.MULTILINE)
    assert '"footnote index rebuild; exec footnote bot"' in dockerfile
    assert "/healthz" in dockerfile and "/readyz" not in dockerfile


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    text = (DEPLOY / "footnote.service").read_text("utf-8")
    unit = tmp_path / "footnote.service"
    unit.write_text(text.replace("/opt/footnote/bin/footnote", shutil.which("true") or ""), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)

    assert (0, "") == (verified.returncode, verified.stderr)

    # On a scale to 10; 2 is "OK".
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit], capture_output=True, text=True
    )

    assert 0 == rated.returncode, rated.stdout[-2000:]
