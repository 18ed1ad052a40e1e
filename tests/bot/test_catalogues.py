"""Every language the bot speaks has every text, checked like the English; whoever reads is spoken to in their own."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.ask import QuestionRefused, read_question
from bot.catalogues import Catalogues, load_catalogues, locale_of_environment
from bot.data import data_folder
from bot.problems import explain
from bot.prompts import PromptProblem, Prompts, load_prompts
from bot.texts import VARIABLES

CATALOGUES = load_catalogues()
TRANSLATED = sorted(CATALOGUES.others.keys() - {"en"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(data_folder("prompts"), tmp_path / "prompts")
    return tmp_path / "prompts"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_there_are_texts_in_these_languages() -> None:
    assert {"de", "es", "fr", "ja"} <= set(TRANSLATED)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_language_lacks_a_text(language: str) -> None:
    assert () == CATALOGUES.others[language].missing, f"translate these in prompts/bot.{language}.toml"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translated_text_takes_its_variables(language: str) -> None:
    prompts = CATALOGUES.others[language]
    for name, variables in VARIABLES.items():
        text = prompts.text(name, **{variable: f"<{variable}>" for variable in variables})

        assert all(f"<{variable}>" in text for variable in variables), name


@pytest.mark.parametrize("prompts", [CATALOGUES.default, *CATALOGUES.others.values()], ids=lambda it: it.language)
def test_texts_call_commands_what_they_are_called_in_their_language(prompts: Prompts) -> None:
    commands = {
        prompts.text(name)
        for name in VARIABLES
        if name.startswith("name.") and name not in {"name.ask_about", "name.find"}
    }
    named = [
        command[1]
        for name in VARIABLES
        if not name.startswith("demo.")  # whose Discord speaks English
        for command in re.finditer(r"(?<![\w/])/(?:footnote )?([\w-]*\w)", prompts._texts[name])
    ]

    assert len(named) >= 12
    assert set(named) <= commands | {"footnote"}
    assert all(re.fullmatch(r"[-\w]{1,32}", name) and name == name.lower() for name in commands)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_not_the_english_left_as_it_was(language: str) -> None:
    """Forms and example questions are what they are in any language; so may be a word."""
    same = {
        name
        for name in VARIABLES
        if not name.startswith(("demo.questions", "date.", "number."))
        and " " in CATALOGUES.default._texts[name]
        and CATALOGUES.default._texts[name] == CATALOGUES.others[language]._texts[name]
    }

    assert same <= {"answer.page", "passage.button", "terminal.figures", "desk.seconds", "desk.minutes", "desk.hours"}


def test_a_text_that_is_not_translated_is_english(folder: Path) -> None:
    change(folder / "bot.de.toml", re.findall(r"\nbusy = .*", (folder / "bot.de.toml").read_text("utf-8"))[0], "")
    german = load_catalogues(folder=folder).for_locale("de")

    assert ("problem.busy",) == german.missing
    assert CATALOGUES.default.text("problem.busy") == german.text("problem.busy")
    assert CATALOGUES.for_locale("de").text("problem.slow") == german.text("problem.slow")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("{articles}", "{artikel}", "'searched.many' cannot have the variable 'artikel'"),
        ("\nbusy =", "\nbuzy =", "there is no text 'problem.buzy'"),
        (" Nov. Dez.", "", "'date.months' must be the twelve months"),
        ('thousands = "1.234"', 'thousands = "."', "'number.thousands' must be the number 1234"),
        ('\nhelp = "', '\nhelp = "' + "x" * 100, "'command.help' has 1.. characters"),
    ],
)
def test_a_bad_translation_is_refused_like_bad_english(folder: Path, old: str, new: str, named: str) -> None:
    change(folder / "bot.de.toml", old, new)

    with pytest.raises(PromptProblem, match=named) as caught:
        load_catalogues(folder=folder)
    assert "bot.de.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"), ("es-ES", "es"), ("es-419", "es"), ("fr_CA.UTF-8", "fr"), ("ja", "ja"), ("en-US", "en"),
        ("zh-CN", "en"), ("C", "en"), ("C.UTF-8", "en"), ("dex", "en"), ("", "en"), (None, "en"),
    ],
)  # fmt: skip
def test_a_locale_is_spoken_to_in_its_language_where_there_are_texts(locale: str | None, language: str) -> None:
    assert language == CATALOGUES.for_locale(locale).language


def test_one_language_can_be_set_for_all() -> None:
    french = load_catalogues("fr")

    assert {"fr"} == {french.for_locale(locale).language for locale in (None, "de", "en-GB", "ja")}
    assert {"de"} == {CATALOGUES.only("de").for_locale(locale).language for locale in (None, "fr", "en-US")}


def test_a_language_without_texts_is_refused_with_those_there_are() -> None:
    with pytest.raises(PromptProblem, match=r"no texts in the language 'tlh'; there are: de, en, es, fr, ja.*bot\.tlh"):
        load_catalogues("tlh")


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        ("en", "9 Mar 2026", "12,345"),
        ("de", "9. März 2026", "12.345"),
        ("es", "9 mar 2026", "12.345"),
        ("fr", "9 mars 2026", "12\u202f345"),
        ("ja", "2026年3月9日", "12,345"),
    ],
)
def test_days_and_numbers_are_written_as_in_the_language(language: str, day: str, number: str) -> None:
    prompts = CATALOGUES.for_locale(language)

    assert day == prompts.day(date(2026, 3, 9))
    assert number in prompts.text("searched.many", articles=12_345)


@pytest.mark.parametrize("text", ["", " \n", "x" * 2_001, "?!"])
def test_why_a_question_is_refused_is_said_in_the_askers_language(text: str) -> None:
    with pytest.raises(QuestionRefused) as caught:
        read_question(text)

    assert str(caught.value) == explain(caught.value, load_prompts())
    assert str(caught.value) != explain(caught.value, CATALOGUES.for_locale("ja"))


def test_the_environment_says_the_locale_as_for_other_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    assert locale_of_environment() is None

    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")

    assert "de_DE.UTF-8" == locale_of_environment()


def test_the_catalogues_hold_english_itself_once() -> None:
    assert isinstance(CATALOGUES, Catalogues)
    assert CATALOGUES.default is CATALOGUES.others["en"]
