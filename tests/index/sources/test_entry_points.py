"""Kinds of sources that other packages bring, found as an installed package's entry points are."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import pytest

from index import ArticleProblem, SourceFailure
from index.config import Config, ConfigProblem, load, values_in_force
from index.sources import Read, Unchanged, build_sources
from index.sources.registry import kind_names, secrets_of_sources
from tests.index.fetch.web import Answer, Web
from tests.index.sources.visits import Visits

DOCS = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")


def install(folder: Path, module: str, name: str, value: str) -> None:
    """Put a package on the path as an installer would."""
    (folder / "footnote_minutes.py").write_text(module, encoding="utf-8")
    metadata = folder / "footnote_minutes-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: footnote-minutes\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[footnote.sources]\n{name} = {value}\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield folder
    sys.modules.pop("footnote_minutes", None)
    importlib.invalidate_caches()


@pytest.fixture
def minutes(packages: Path) -> None:
    """The package that docs/sources.md shows."""
    (module,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    name, value = re.findall(r'\[project.entry-points."footnote.sources"\]\n(\w+) = "(.*?)"', DOCS)[0]
    install(packages, module, name, value)


@pytest.mark.usefixtures("minutes")
async def test_the_example_of_the_manual_reads_its_articles(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNCIL_TOKEN", "t0ken-of-the-council")
    meetings = [
        {"number": 1, "version": 1, "title": "On the pier", "day": "2026-11-02", "text": "The pier is closed."},
        {"number": 2, "version": 1, "title": "Broken", "day": "2026-11-03", "text": " "},
    ]
    web.page("/minutes.json", json.dumps(meetings), "application/json")
    visits = await Visits(
        web, "minutes", url=web.url("/minutes.json"), token_env="COUNCIL_TOKEN", publisher="P"
    ).visit()

    assert "minutes" in kind_names()
    (read,) = visits.of(Read)
    assert ("minutes/1", "The pier is closed.", "P") == (read.article.id, read.article.text, read.article.source)
    assert ["2"] == [problem.key for problem in visits.of(ArticleProblem)]
    assert "Bearer t0ken-of-the-council" == web.seen[-1].headers["authorization"]

    await visits.visit()
    assert ["1"] == [each.key for each in visits.of(Unchanged)]

    web.script("/minutes.json", Answer(200, b'[{"number": 3}]'))
    with pytest.raises(SourceFailure, match="KeyError: 'version'"):
        await visits.visit()


@pytest.mark.usefixtures("minutes")
def test_a_secret_is_masked_and_its_variable_has_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTNOTE_CONFIG", raising=False)
    toml = '[[sources]]\nname = "Council"\nkind = "minutes"\nurl = "https://a.example/"\ntoken_env = "COUNCIL_TOKEN"\n'
    Path("footnote.toml").write_text(toml, encoding="utf-8")
    monkeypatch.setenv("COUNCIL_TOKEN", "t0ken-of-the-council")
    loaded = load(Config)

    assert ("********", "footnote.toml") == values_in_force(loaded)["sources.Council.token"]
    assert {"t0ken-of-the-council"} == secrets_of_sources(loaded.config.sources)
    assert "t0ken" not in repr(loaded) + repr(build_sources(loaded.config))

    monkeypatch.delenv("COUNCIL_TOKEN")
    with pytest.raises(
        ConfigProblem, match='token_env names the environment variable "COUNCIL_TOKEN", which is not set'
    ):
        build_sources(loaded.config)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("import nothing_of_that_name", "package footnote-minutes, which cannot be loaded .ModuleNotFoundError"),
        ("raise RuntimeError('\x1b[2J no')", "cannot be loaded .RuntimeError"),
        ("Minutes = 5", "is no kind of source: it needs Options"),
        (
            "from index.sources import SourceOptions\nclass Minutes:\n    Options = SourceOptions\n    read = None\n"
            "    def __init__(self, options):\n        raise OSError('disk')",
            "cannot be set up .OSError: disk",
        ),
    ],
)
def test_a_package_that_does_not_work_is_named(packages: Path, web: Web, module: str, said: str) -> None:
    install(packages, module, "minutes", "footnote_minutes:Minutes")

    with pytest.raises(ConfigProblem, match=said) as caught:
        Visits(web, "minutes")
    assert str(caught.value).isprintable()


async def test_what_is_no_reading_fails_the_source_alone(packages: Path, web: Web) -> None:
    module = (
        "from index.sources import SourceOptions\nclass Minutes:\n    Options = SourceOptions\n    where = 'here'\n"
        "    complete = True\n    def __init__(self, options): pass\n"
        "    async def read(self, visit):\n        yield 5\n"
    )
    install(packages, module, "minutes", "footnote_minutes:Minutes")

    with pytest.raises(SourceFailure, match="it gave int, which is no reading"):
        await Visits(web, "minutes").visit()


async def test_a_kind_of_footnotes_own_is_not_replaced(packages: Path, web: Web) -> None:
    install(packages, "Minutes = 5", "feed", "footnote_minutes:Minutes")

    assert "Feed" == type(Visits(web, "feed", url=web.url("/")).source._reader).__name__  # type: ignore[attr-defined]
