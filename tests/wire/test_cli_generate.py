"""`footnote ask` lets a configured model word its answers, one or many, unless it is told not to."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.ask import Asker, read_question
from bot.cli import app
from bot.generating import GeneratingAsker
from bot.settings import Settings
from bot.start import new_asker, new_generator_or_exit
from index.config import load
from tests.wire.conftest import World
from tests.wire.provider import KEY, in_turn, says

QUESTION = "How many people died in the Tollen flood?"


@pytest.fixture
def configured(world: World, seed_home: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    settings = world.provider.settings()
    monkeypatch.setenv("FOOTNOTE_HOME", str(seed_home))
    monkeypatch.setenv("FOOTNOTE_GENERATE__MODEL", settings.model)
    monkeypatch.setenv("FOOTNOTE_GENERATE__BASE_URL", settings.base_url)
    monkeypatch.setenv("FOOTNOTE_GENERATE__API_KEY", KEY)
    return world


async def test_every_line_of_a_batch_is_worded_by_the_model_or_quoted_as_before(
    configured: World, seed_asker: Asker, tmp_path: Path
) -> None:
    hits = seed_asker.ask(read_question(QUESTION)).hits
    n = next(n for n, hit in enumerate(hits, start=1) if "and not four as" in hit.text)
    claim = "Three people lost their lives in the flood in Tollen, and not four"
    configured.provider.handler = says(f"{claim} [{n}].")
    batch = tmp_path / "questions.jsonl"
    batch.write_text("".join(json.dumps({"question": q}) + "\n" for q in (QUESTION, "Who wrote the bicycle song?")))
    result = await asyncio.to_thread(CliRunner().invoke, app, ["ask", "--batch", str(batch)])
    worded, other = map(json.loads, result.stdout.splitlines())

    assert 0 == result.exit_code
    assert ("generate", f"{claim} [1].") == (worded["answerer"], worded["text"].splitlines()[-1])
    assert "extract" == other["answerer"]
    assert KEY not in result.output


def test_no_model_is_asked_unless_one_is_configured_and_wanted(configured: World) -> None:
    settings = load(Settings).config

    assert isinstance(new_asker(settings, new_generator_or_exit(settings)), GeneratingAsker)
    assert Asker is type(new_asker(settings))
    assert new_generator_or_exit(settings.model_copy(update={"generate": type(settings.generate)()})) is None
    assert "--no-generate" in CliRunner().invoke(app, ["ask", "--help"]).output


def test_the_key_is_masked_where_the_configuration_is_shown(configured: World) -> None:
    shown = CliRunner().invoke(app, ["config"]).output

    assert "generate.api_key" in shown
    assert KEY not in shown


async def test_generated_answers_are_judged_beside_the_extractive_ones(
    configured: World, seed_asker: Asker, tmp_path: Path
) -> None:
    hits = seed_asker.ask(read_question(QUESTION)).hits
    n = next(n for n, hit in enumerate(hits, start=1) if "and not four as" in hit.text)
    claims = f"Three people lost their lives in the flood in Tollen, and not four [{n}].\nA hundred dragons came [1].\n"
    configured.provider.handler = in_turn(says(claims), says("The moon is made of cheese [1].\n"))
    questions, saved = tmp_path / "questions.jsonl", tmp_path / "run.json"
    asked = [
        {"id": "flood", "question": QUESTION, "answers": ["three people"]},
        {"id": "astrolabe", "question": "Where was the stolen astrolabe found?", "answers": ["in a cello case"]},
    ]
    questions.write_text("".join(json.dumps(one) + "\n" for one in asked))

    def evaluate(*more: str) -> Result:
        return CliRunner().invoke(app, ["eval", str(questions), *more])

    ran = await asyncio.to_thread(evaluate, "--generate", "--json", "--save", str(saved))
    found = json.loads(ran.stdout)
    configured.provider.handler = says("NONE")
    shown = await asyncio.to_thread(evaluate, "--generate", "--compare", str(saved))

    assert 0 == ran.exit_code == shown.exit_code, shown.output
    assert (2, 1, {"nothing_left": 1}) == tuple(found["generated"][name] for name in ("asked", "worded", "fallbacks"))
    assert (1, 3) == (found["generated"]["kept"], found["generated"]["claims"])
    assert 2 == sum(found["generated"]["dropped"].values())
    assert 1.0 == found["figures"]["verbatim"] == found["beside_extract"]["changes"]["verbatim"]["before"]
    assert 2 == found["beside_extract"]["shared"]
    assert "lost their lives" in found["outcomes"][0]["text"]
    assert any("worded 1; 1 stayed as they were: nothing left 1" in note for note in found["notes"])
    assert "Beside the extractive answers: 2 questions" in shown.stdout
    assert "Compared with" in shown.stdout
    assert KEY not in ran.output + shown.output


def test_judging_generated_answers_needs_a_model(seed_home: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"question": "Why?", "answers": ["so"]}\n')
    result = CliRunner().invoke(app, ["eval", str(tmp_path / "q.jsonl"), "--generate", "--home", str(seed_home)])

    assert 2 == result.exit_code
    assert "generate.model" in result.output
