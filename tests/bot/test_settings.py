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
        ("index = 5", ["index (footnote.toml)", "a table"]),
        ("[index]\nsources = 'articles'", ["index.sources", "list"]),
        ("[index]\nsources = [1]", ["index.sources", "text in quotes"]),
        ("[index]\nlanguage = 'English'", ["index.language", "such as en"]),
        ("[index.settings]\nx = 1", ["index.settings", "known here"]),
        ("[fetch]\nallow_hosts = ['http://a.example/']", ["fetch.allow_hosts", "'http://a.example/'", ":port"]),
        ("[fetch]\nproxy = 'socks5://a'", ["fetch.proxy", "http://"]),
        ("[fetch]\ncontact = 'a) b'", ["fetch.contact", "of that form"]),
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


def test_a_variable_that_sets_nothing_is_a_slip_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOMEE", "x")

    with pytest.raises(ConfigProblem, match=r"FOOTNOTE_HOMEE.*known here: .*home"):
        load(Settings)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG", "FOOTNOTE_INDEX__SOURCES", "DISCORD_TOKEN"):
        monkeypatch.setenv(name, "")

    assert {"default"} == set(load(Settings).origins.values())


def test_what_may_be_fetched_is_a_list_in_the_file_and_separated_by_commas_in_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "footnote.toml").write_text('[fetch]\nallow_hosts = ["a.example", "10.0.0.0/8"]\ncontact = "https://x.y"')
    by_file = load(Settings).config.fetch.settings()
    monkeypatch.setenv("FOOTNOTE_FETCH__ALLOW_HOSTS", "b.example:81, [::1]:8080")

    assert ("a.example", "10.0.0.0/8") == by_file.allow_hosts
    assert by_file.user_agent.startswith("Footnote/")
    assert by_file.user_agent.endswith(" (+https://x.y)")
    assert ("b.example:81", "[::1]:8080") == load(Settings).config.fetch.settings().allow_hosts


@pytest.mark.parametrize("text", ["a:b", '["a", "b"]', ' ["a","b"]', "a::b:"])
def test_a_variable_holds_several_sources(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX__SOURCES", text)

    assert [Path("a"), Path("b")] == load(Settings).config.index.sources


def test_a_list_of_sources_that_cannot_be_read_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX__SOURCES", '["a"')

    with pytest.raises(ConfigProblem, match="FOOTNOTE_INDEX__SOURCES"):
        load(Settings)


def test_a_tilde_is_the_home_folder_wherever_it_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    (folder / "footnote.toml").write_text('[index]\nsources = ["~/a"]\n')
    config = load(Settings, {"home": Path("~/b")}).config

    assert Path("/home/somebody/a") == config.index.sources[0]
    assert Path("/home/somebody/b") == config.home


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "footnote.toml").write_bytes(b'home = "caf\xe9"')

    with pytest.raises(ConfigProblem, match=r"footnote\.toml .*UTF-8"):
        load(Settings)


def test_the_index_alone_ignores_the_bots_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "footnote.toml").write_text("[discord]\nguild = 5\n")
    monkeypatch.setenv("FOOTNOTE_DEMO__PORT", "5")

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
