"""`footnote eval` as an operator meets it: the sample articles, asked, and a page in a browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from typer.testing import CliRunner, Result

from bot.ask import Asker
from bot.cli import app
from bot.evaluation.model import Gold, Unanswered
from bot.evaluation.run import ask_all
from bot.model import Answer, Question
from index import IndexSettings

CHROMIUM = shutil.which("chromium")

HELD = {
    "id": "found",
    "question": "Where was the stolen astrolabe found?",
    "answers": ["in a cello case"],
    "group": "answerable_place",
    "evidence": [{"article_id": "seeds/2026-01-22-astrolabe-found-coastwire.md"}],
}
MISSED = {
    "id": "missed",
    "question": "How did the council vote on rebuilding the Sailmaker Bridge?",
    "answers": ["by drawing lots"],
    "group": "answerable_vote",
    "evidence": [{"article_id": "seeds/2025-02-11-sailmaker-bridge-approved.md"}, {"article_id": "seeds/gone.md"}],
    "draft": True,
}
NOT_HELD = {"id": "lists", "question": "How do I reverse a list in Python?", "answerable": False, "group": "null"}


def footnote(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@dataclass
class Evaluation:
    """What one run of the command has left."""

    result: Result
    questions: Path
    report: Path
    saved: Path

    @property
    def found(self) -> dict[str, Any]:
        found = json.loads(self.result.stdout)
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def evaluation(seed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluation]:
    folder = tmp_path_factory.mktemp("eval")
    questions, report, saved = folder / "questions.jsonl", folder / "report.html", folder / "run.json"
    questions.write_text("".join(f"{json.dumps(line)}\n" for line in (HELD, MISSED, NOT_HELD)) + "not json\n")
    result = footnote(questions, "--home", seed_home, "--json", "--html", report, "--save", saved)
    yield Evaluation(result, questions, report, saved)


def test_standard_output_is_one_object_and_a_bad_line_is_told_and_counts(evaluation: Evaluation) -> None:
    found = evaluation.found

    assert 1 == evaluation.result.exit_code
    assert "Line 4 is not JSON" in evaluation.result.stderr
    assert (3, 2, 0, [4]) == (
        found["questions"],
        found["answerable"],
        found["unanswered_ids"],
        [line["line"] for line in found["skipped"]],
    )
    assert (1.0, 0.5, 0.5, 0.0) == tuple(
        found["figures"][name] for name in ("verbatim", "answer_hit", "passage_hit@5", "false_answers:null")
    )
    assert {"answerable_place", "answerable_vote", "null"} == set(found["groups"])
    assert 1 == sum(found["losses"].values())
    drafts, lacking = found["notes"]
    assert drafts.startswith("1 of the questions are drafts")
    assert "lacks 1 of the articles that are named as evidence, such as 'seeds/gone.md'" in lacking


def test_a_saved_run_is_what_was_printed(evaluation: Evaluation) -> None:
    assert evaluation.found == json.loads(evaluation.saved.read_text(encoding="utf-8"))


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_the_report_opens_in_a_browser_light_and_dark_and_asks_for_nothing(evaluation: Evaluation) -> None:
    said: list[str] = []
    asked: list[str] = []
    papers = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
            page.on("console", lambda message: said.append(message.text))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(evaluation.report.as_uri())
            papers.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.get_by_text(MISSED["question"]).click()

            assert page.get_by_text("What was retrieved").is_visible()
            assert page.get_by_text("by drawing lots").is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()

    assert [] == said
    assert {evaluation.report.as_uri()} == set(asked)
    assert 2 == len(set(papers))


def test_a_person_sees_a_table_what_changed_and_which_figure_fails(evaluation: Evaluation, seed_home: Path) -> None:
    questions = evaluation.questions.with_name("sound.jsonl")
    questions.write_text("".join(f"{json.dumps(line)}\n" for line in (HELD, MISSED, NOT_HELD)))
    arguments = (questions, "--home", seed_home, "--compare", evaluation.saved)
    failed = footnote(*arguments, "--fail-under", "answer_hit=0.9", "--fail-under", "false_answers:null=0.1")

    assert 1 == failed.exit_code
    assert "answer_hit is 0.5 (50.0 %), less than 0.9." == failed.stderr.strip()
    for words in ("answer_hit", "_place", "where they were lost", "3 questions", "Won: 0", "drafts"):
        assert words in failed.stdout


def test_without_shortfalls_and_bad_lines_it_exits_with_0(seed_home: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(HELD))
    result = footnote(questions, "--home", seed_home, "--fail-under", "answer_hit=1")

    assert (0, "") == (result.exit_code, result.stderr)
    assert "Every question is answerable" in result.stdout


def test_drafts_are_questions_that_can_be_evaluated(seed_home: Path) -> None:
    result = footnote("--make", 5, "--home", seed_home)
    lines = [json.loads(line) for line in result.stdout.splitlines()]

    assert (0, "", 5) == (result.exit_code, result.stderr, len(lines))
    assert all(line["draft"] and line["answers"] and line["evidence"][0]["text"] for line in lines)
    assert result.stdout == footnote("--make", 5, "--home", seed_home).stdout
    assert result.stdout != footnote("--make", 5, "--home", seed_home, "--seed", 7).stdout


def test_more_drafts_than_there_is_to_ask_about_are_fewer_and_said_to_be(seed_home: Path) -> None:
    result = footnote("--make", 100_000, "--home", seed_home)

    assert 0 == result.exit_code
    assert f"Only {len(result.stdout.splitlines())} of 100000" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Give either"),
        (["q.jsonl", "--make", "3"], "Give either"),
        (["--make", "3", "--html", "x.html"], "--html goes with a file of questions"),
        (["missing.jsonl"], "missing.jsonl cannot be read"),
        (["bad.jsonl"], "holds no question"),
        (["q.jsonl", "--fail-under", "shown=1"], "There is no figure 'shown'"),
        (["q.jsonl", "--fail-under", "shown_hit:x=1"], "No question is of the group 'x'"),
        (["q.jsonl", "--compare", "missing.json"], "missing.json cannot be read"),
        (["q.jsonl", "--compare", "q.jsonl"], "q.jsonl is not a run"),
        (["q.jsonl", "--html", "nowhere/report.html"], "its folder is not there"),
        (["q.jsonl", "--save", "."], "it is a folder"),
    ],
)
def test_wrong_use_exits_with_2_before_anything_is_asked(tmp_path: Path, arguments: list[str], reason: str) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(HELD))
    (tmp_path / "bad.jsonl").write_text("not json\n")
    result = footnote(*arguments, "--home", "no-home")

    assert (2, "") == (result.exit_code, result.stdout)
    assert reason in result.stderr


@pytest.mark.parametrize("arguments", [["q.jsonl"], ["--make", "3"]])
def test_without_an_index_it_says_how_to_build_one(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps(HELD))
    result = footnote(*arguments, "--home", "no-home")

    assert (1, "") == (result.exit_code, result.stdout)
    assert "footnote index rebuild" in result.stderr


def test_a_question_that_sets_off_a_fault_does_not_end_the_run(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Asker):
        def ask(self, question: Question) -> Answer:
            raise ZeroDivisionError("a fault of ours")

    gold = Gold("1", "Who led it?", None, ("Okorie",), True, "answerable")
    found = list(ask_all([gold, gold], Faulty(Path(), IndexSettings())))

    assert [Unanswered("1", "Question '1' could not be answered; the log says why.")] * 2 == found
    assert "a fault of ours" in caplog.text
