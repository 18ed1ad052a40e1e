"""The bot's texts: all there, well written, and never executed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.data import data_folder
from bot.prompts import FILE, PromptProblem, load_prompts
from bot.texts import VARIABLES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(data_folder("prompts") / FILE, tmp_path)
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / FILE).read_text("utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_shipped_text_takes_its_variables(name: str) -> None:
    values = {variable: f"<{variable}>" for variable in VARIABLES[name]}

    text = load_prompts().text(name, **values)

    assert text and all(value in text for value in values.values())


def test_a_value_is_never_read_as_a_template() -> None:
    text = load_prompts().text("problem.unknown_source", source="{id} {0.__class__} {{")

    assert "{id} {0.__class__} {{" in text


def test_numbers_are_written_with_thousands_set_off() -> None:
    assert "12,345" in load_prompts().text("searched.many", articles=12345)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("{articles}", "{article}", "'searched.many' cannot have the variable 'article'"),
        ("{articles}", "{articles.__class__}", "'searched.many' cannot have the variable"),
        ("{articles}", "{articles!r}", "'searched.many' cannot have the variable"),
        ("{articles}", "", "'searched.many' lacks its variable 'articles'"),
        ("{articles}", "{articles", "the braces in 'searched.many' do not match"),
        ("\nbusy =", "\nbuzy =", "there is no text 'problem.buzy'|the text 'problem.busy' is missing"),
        ("[confidence]", "[certainty]", "there is no text 'certainty|the text 'confidence"),
        ('button = "Passage [{number}]"', "button = 3", "the text 'passage.button' must be words"),
        ('help = "', 'help = "' + "x" * 100, "'command.help' has 1.. characters"),
        ("[answer]", "[answer", "cannot be read"),
        ("[answer]", 'lost = "x"\n[answer]', "'lost' stands outside"),
    ],
)
def test_a_bad_text_is_refused_at_load_by_file_text_and_variable(folder: Path, old: str, new: str, named: str) -> None:
    change(folder, old, new)

    with pytest.raises(PromptProblem, match=named) as caught:
        load_prompts(folder)
    assert FILE in str(caught.value)


def test_a_welcome_is_refused_at_load_once_it_does_not_fit_into_one_message(folder: Path) -> None:
    room = 2_000 - len(load_prompts(folder).welcome())
    change(folder, "Where was", "🌊" * (room // 2) + "Where was")
    load_prompts(folder)
    change(folder, "🌊", "🌊🌊")

    with pytest.raises(PromptProblem, match=r"'demo.welcome' with 'demo.questions' has 2,00[12] characters"):
        load_prompts(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptProblem, match=re.escape(str(tmp_path / FILE))):
        load_prompts(tmp_path)


def test_the_version_changes_with_the_words_and_only_then(folder: Path) -> None:
    before = load_prompts(folder).version

    assert load_prompts().version == before

    change(folder, "I am not sure", "I am unsure")

    assert load_prompts(folder).version != before
