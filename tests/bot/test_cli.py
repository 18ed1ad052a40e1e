"""The command line keeps its contracts: what it prints where, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from index import IndexSettings, build


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of the developer's own plays a part."""
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def footnote(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


PARTS = "articles.db checksums copies dense lease lexical manifest.json passages tokens"

ANSWER_KEYS = [
    "id", "question", "status", "confidence", "text", "citations", "passages", "generation", "answerer", "timings_ms",
]  # fmt: skip


def test_an_answer_as_json_is_all_that_standard_output_holds(seed_home: Path) -> None:
    result = footnote("ask", "Where was the stolen astrolabe found?", "--json", "--home", seed_home)
    answer = json.loads(result.stdout)

    assert (0, "answered") == (result.exit_code, answer["status"])
    assert ANSWER_KEYS == list(answer)
    assert [1, 2, 3][: len(answer["citations"])] == [citation["n"] for citation in answer["citations"]]
    assert "cello case" in answer["citations"][0]["quote"]
    assert {"passage_id", "article_id", "start", "end", "score"} == set(answer["passages"][0])
    assert 0 < len(answer["passages"]) <= 10


def test_what_the_articles_do_not_hold_exits_with_3_and_cites_nothing(seed_home: Path) -> None:
    result = footnote("ask", "How do I reverse a list in Python?", "--json", "--home", seed_home)
    answer = json.loads(result.stdout)

    assert (3, "nothing", []) == (result.exit_code, answer["status"], answer["citations"])


def test_a_person_sees_quote_source_date_and_what_was_searched(seed_home: Path) -> None:
    shown = footnote("ask", "Where was the stolen astrolabe found?", "--home", seed_home).stdout

    for words in (
        "cello case",
        "[1]",
        "22 Jan 2026",
        "https://",
        "Searched 20 articles from 11 Feb 2025 to 6 Oct 2026",
    ):
        assert words in " ".join(shown.split()), shown


def test_filters_reach_the_search(seed_home: Path) -> None:
    result = footnote(
        "ask", "astrolabe", "--source", "radio varr", "--since", "2026-01-01", "--json", "--home", seed_home
    )
    articles = {passage["article_id"] for passage in json.loads(result.stdout)["passages"]}

    assert articles
    assert all("radio-varr" in name or name.startswith("seeds/2026") for name in articles)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "empty"),
        (" \t\n", "empty"),
        ("\x00\x1b\x07", "empty"),
        ("?!… —", "no words"),
        ("why " * 2500, "characters"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_a_reason(seed_home: Path, question: str, reason: str) -> None:
    result = footnote("ask", question, "--home", seed_home)

    assert (2, "") == (result.exit_code, result.stdout)
    assert reason in result.stderr


@pytest.mark.parametrize(
    "question", ["Где нашли астролябию?", "天体観測儀はどこで見つかりましたか", "أين وجدت", "astro\x1b[31mlabe\x07?"]
)
def test_a_question_in_any_script_gets_a_clear_answer(seed_home: Path, question: str) -> None:
    result = footnote("ask", question, "--json", "--home", seed_home)

    assert result.exit_code in {0, 3}
    assert json.loads(result.stdout)["status"] in {"answered", "related", "nothing"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["ask"], "either a question or --batch"),
        (["ask", "x", "--batch", "f"], "either a question or --batch"),
        (["ask", "x", "--since", "someday"], "is not a date"),
        (["ask", "x", "--since", "2026-02-01", "--until", "2026-01-01"], "is after"),
        (["ask", "--batch", "missing.jsonl"], "cannot be read"),
        (["bot"], "DISCORD_TOKEN is not set"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_wrong(seed_home: Path, arguments: list[str], reason: str) -> None:
    result = footnote(*arguments, "--home", seed_home)

    assert (2, "") == (result.exit_code, result.stdout)
    assert reason in result.stderr


@pytest.mark.parametrize("arguments", [["ask", "x"], ["index", "status"], ["demo"], ["ask", "--batch", "-"]])
def test_without_an_index_every_command_says_how_to_build_one(tmp_path: Path, arguments: list[str]) -> None:
    result = footnote(*arguments, "--home", tmp_path / "none")

    assert (1, "") == (result.exit_code, result.stdout)
    assert "footnote index rebuild" in result.stderr


def test_a_batch_keeps_order_and_a_bad_line_does_not_end_it(seed_home: Path, tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "question": "Where was the stolen astrolabe found?", "asked_at": "2026-01-23", "other": 1}',
        "not json",
        "[1, 2]",
        '{"id": "b"}',
        "",
        '{"id": "c", "question": "   "}',
        '{"id": "d", "question": "x", "asked_at": "soon"}',
        '{"id": 7, "question": "How high did the water rise in Tollen?", "asked_at": null}',
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = footnote("ask", "--batch", file, "--home", seed_home)
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert ["a", None, None, "b", "c", "d", 7] == [answer["id"] for answer in answers]
    assert [False, True, True, True, True, True, False] == ["error" in answer for answer in answers]
    assert ANSWER_KEYS == list(answers[0])
    assert 1 == result.exit_code


def test_a_batch_without_bad_lines_succeeds_whatever_the_answers_say(seed_home: Path) -> None:
    lines = '{"id": "1", "question": "Who won the 1966 World Cup?"}\n{"id": "2", "question": "astrolabe?"}\n'
    result = footnote("ask", "--batch", "-", "--home", seed_home, stdin=lines)

    assert 0 == result.exit_code
    assert ["1", "2"] == [json.loads(line)["id"] for line in result.stdout.splitlines()]


def test_a_rebuild_reports_what_it_skipped_and_strict_fails(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("The lighthouse was painted white in 1911.")
    (folder / "bad.jsonl").write_text('{"title": "No text"}\n')
    home = tmp_path / "home"
    result = footnote("index", "rebuild", folder, "--home", home, "--json")
    report = json.loads(result.stdout)
    strict = footnote("index", "rebuild", folder, "--home", home, "--strict")

    assert (0, 1, True) == (result.exit_code, report["added"], report["published"])
    assert [f"{folder / 'bad.jsonl'}:1"] == [problem["where"] for problem in report["problems"]]
    assert "bad.jsonl:1" in result.stderr
    assert 1 == strict.exit_code
    assert "Nothing has changed" in strict.stdout


def test_a_missing_source_fails_and_keeps_the_index(tmp_path: Path, seed_home: Path) -> None:
    result = footnote("index", "rebuild", tmp_path / "nowhere", "--home", seed_home)

    assert 1 == result.exit_code
    assert "nowhere" in result.stderr
    assert 0 == footnote("index", "status", "--home", seed_home).exit_code


def test_status_tells_what_the_index_holds(seed_home: Path) -> None:
    status = json.loads(footnote("index", "status", "--json", "--home", seed_home).stdout)
    shown = footnote("index", "status", "--home", seed_home).stdout

    assert (20, "2025-02-11", "2026-10-06") == (status["articles"], status["oldest"], status["newest"])
    assert set(PARTS.split()) == set(status["bytes_on_disk"])
    assert status["generation"] in shown
    assert "The Harbour Post" in shown


def test_init_writes_a_configuration_that_is_read_and_never_overwrites(tmp_path: Path) -> None:
    first = footnote("init")
    second = footnote("init")

    assert (0, 1) == (first.exit_code, second.exit_code)
    assert "footnote index rebuild" in first.stdout
    assert "left as it is" in second.stderr
    assert 0 == footnote("config").exit_code


def test_every_default_in_the_template_is_the_default_in_force(tmp_path: Path) -> None:
    import re
    import tomllib

    from bot.settings import Settings
    from bot.template import TEMPLATE

    shown = tomllib.loads(re.sub(r"^# (?=\w+ = )", "", TEMPLATE, flags=re.M))
    defaults = Settings()

    assert shown["home"] == str(defaults.home)
    for key in ("model", "query_prompt", "passage_prompt", "passage_tokens", "language"):
        assert shown["index"][key] == getattr(defaults.index, key)
    assert shown["bot"]["language"] == defaults.bot.language
    assert (shown["discord"]["queue"], shown["demo"]["port"]) == (defaults.discord.queue, defaults.demo.port)


def test_an_index_built_with_other_settings_is_refused_with_what_to_do(
    seed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "64")
    result = footnote("ask", "x", "--home", seed_home)

    assert 1 == result.exit_code
    assert "passage_tokens = 200" in result.stderr
    assert "footnote index rebuild" in result.stderr


def test_hostile_articles_print_as_text(tmp_path: Path) -> None:
    from rich.console import Console

    from bot.ask import Asker, read_question
    from bot.prompts import load_prompts
    from bot.terminal import show_answer

    folder = tmp_path / "articles"
    folder.mkdir()
    text = "The [bold]lighthouse[/bold] \x1b]8;;https://evil.example\x07was\x1b[31m painted \u202ewhite in 1911."
    record = {"title": "[red]Lamp\x1b[2J[/red]", "source": "[link=x]Post", "url": "javascript:alert(1)", "text": text}
    (folder / "a.jsonl").write_text(json.dumps(record))
    build([folder], tmp_path / "home", IndexSettings())
    asker = Asker(tmp_path / "home", IndexSettings())
    console = Console(record=True, force_terminal=False, width=200)
    show_answer(console, asker.ask(read_question("When was the lighthouse painted white?")), load_prompts())
    asker.close()
    shown = console.export_text()

    assert "[bold]lighthouse[/bold]" in shown
    assert not set(shown) & set("\x1b\x07\u202e")
    assert "javascript" not in shown


def test_a_rebuild_without_a_source_reads_what_the_index_was_built_from(tmp_path: Path) -> None:
    folder, home = tmp_path / "mine", tmp_path / "home"
    folder.mkdir()
    (folder / "a.txt").write_text("The lighthouse was painted white in 1911.")
    footnote("index", "rebuild", folder, "--home", home)
    (folder / "b.txt").write_text("The harbour was dredged in 1912.")
    report = json.loads(footnote("index", "rebuild", "--home", home, "--json").stdout)

    assert (1, 0, 1) == (report["added"], report["removed"], report["unchanged"])


def test_an_answer_is_worded_in_the_language_of_the_terminal_or_the_one_asked_for(
    seed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Where was the stolen Carrow Astrolabe found?"
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    french = footnote("ask", question, "--home", seed_home).stdout
    refused = footnote("ask", question, "--home", seed_home, "--lang", "tlh")

    assert "Recherche dans 20 articles du 11 févr. 2025" in french
    assert 2 == refused.exit_code
    assert "there are: de, en, es, fr, ja" in refused.stderr


def test_copies_are_listed_under_their_original(seed_home: Path) -> None:
    pair = {
        "article_id": "seeds/2026-01-22-astrolabe-found-radio-varr.md",
        "original": "seeds/2026-01-22-astrolabe-found-coastwire.md",
    }

    assert {"copies": [pair]} == json.loads(footnote("index", "copies", "--json", "--home", seed_home).stdout)
    assert "1 article is a copy of another." in footnote("index", "copies", "--home", seed_home).stdout
