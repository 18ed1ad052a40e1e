"""Configuration: file, then environment, then flags; each value knows its origin; secrets stay secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from index import IndexSettings
from index.config import Config, ConfigProblem, load, values_in_force

TOKEN = "MTIz.secret.token-value"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_any_configuration_the_defaults_are_in_force() -> None:
    loaded = load(Settings)

    assert IndexSettings() == loaded.config.index.settings()
    assert {"default"} == set(loaded.origins.values())


def test_flags_beat_the_environment_which_beats_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "footnote.toml").write_text('home = "a"\n[index]\nmodel = "m"\nlanguage = "de"\n[demo]\nport = 1\n')
    monkeypatch.setenv("FOOTNOTE_HOME", "b")
    monkeypatch.setenv("FOOTNOTE_INDEX__LANGUAGE", "fr")
    rows = values_in_force(load(Settings, {"home": Path("c"), "demo": {"port": None}}))

    assert ("c", "flag") == rows["home"]
    assert ("fr", "FOOTNOTE_INDEX__LANGUAGE") == rows["index.language"]
    assert ("m", "footnote.toml") == rows["index.model"]
    assert (1, "footnote.toml") == rows["demo.port"]
    assert (200, "default") == rows["index.passage_tokens"]


def test_paths_in_the_file_are_relative_to_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "footnote.toml").write_text('home = "h"\n[index]\nsources = ["articles", "/absolute"]\n')
    monkeypatch.setenv("FOOTNOTE_CONFIG", str(elsewhere / "footnote.toml"))
    config = load(Settings).config

    assert elsewhere / "h" == config.home
    assert [elsewhere / "articles", Path("/absolute")] == config.index.sources


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[index]\nmodle = 'x'", ["index.modle", "footnote.toml", "known here", "model"]),
        ("[index]\npassage_tokens = 'many'", ["index.passage_tokens", "footnote.toml", "integer"]),
        ("[index]\npassage_tokens = 3", ["index.passage_tokens", "greater than or equal to 16"]),
        ("[demo]\nport = 99999", ["demo.port", "65535"]),
        ("colour = 1", ["colour", "known here", "home"]),
        ("home = ?", ["footnote.toml", "not valid TOML", "line 1"]),
    ],
)
def test_a_wrong_value_is_named_with_where_it_is_from_and_what_is_allowed(
    folder: Path, text: str, says: list[str]
) -> None:
    (folder / "footnote.toml").write_text(text)
    with pytest.raises(ConfigProblem) as problem:
        load(Settings)

    for words in says:
        assert words in str(problem.value)


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_DEMO__PORT", "many")

    with pytest.raises(ConfigProblem, match="environment variable FOOTNOTE_DEMO__PORT"):
        load(Settings)


def test_the_index_alone_ignores_the_bots_tables(folder: Path) -> None:
    (folder / "footnote.toml").write_text("[discord]\nguild = 5\n")

    assert Path(".footnote") == load(Config).config.home


@pytest.mark.parametrize("by_file", [True, False])
def test_the_token_is_never_shown(folder: Path, monkeypatch: pytest.MonkeyPatch, by_file: bool) -> None:
    if by_file:
        (folder / "footnote.toml").write_text(f'[discord]\ntoken = "{TOKEN}"\nguild = -1\n')
    else:
        monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    shown = CliRunner().invoke(app, ["config"])
    as_json = CliRunner().invoke(app, ["config", "--json"])

    assert by_file == (shown.exit_code == 2), "a wrong neighbour makes the file's case an error"
    assert by_file or "********" in shown.stdout
    for output in (shown.output, as_json.output, repr(shown.exception)):
        assert TOKEN not in output


def test_the_token_reaches_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    loaded = load(Settings)

    assert TOKEN == loaded.config.discord.token.get_secret_value()
    assert "DISCORD_TOKEN" == loaded.origins["discord.token"]
    assert TOKEN not in repr(loaded)
