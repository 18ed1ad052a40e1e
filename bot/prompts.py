"""What the bot says, read from files once and checked before anything runs."""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from bot.data import data_folder
from bot.markup import length
from bot.texts import VARIABLES

FILE = "bot.toml"

# The language of that file, which has every text. What another file lacks is taken from it.
LANGUAGE = "en"

# Characters that Discord shows of a command's or an option's description.
LONGEST_DESCRIPTION = 100
LONGEST_NAME = 32
# Characters of any other text, so that every message has room for what it is about; help is about nothing else.
LONGEST_TEXT = 250
LONGEST_HELP = 3_000
# Characters of a message outside of an embed, as the demo's welcome is.
LONGEST_MESSAGE = 2_000

# Texts that are read by the program: what they must look like, and how that is said.
_FORMS = {"date.months": r"\S+(?:\s+\S+){11}", "number.thousands": r"1\D?234"}
# Names of entries in a message's menu; those of commands and options are stricter.
_MENUS = frozenset({"name.ask_about", "name.find"})
_COMMAND = r"[-_'\w]{1,32}"
_FORM_SAID = {
    "date.months": "the twelve months, as they stand in a date, with spaces between them",
    "number.thousands": "the number 1234 as it is written, such as 1,234",
}


class PromptProblem(Exception):
    """A file of texts cannot be used; the message names the file, the text and the variable."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts, checked.

    Attributes:
        version: A hash of what the files say: equal versions mean that no text has changed.
        language: ISO 639-1 code.
        missing: Names of the texts that are English, for want of a translation.
    """

    version: str
    language: str
    missing: tuple[str, ...]
    _texts: Mapping[str, str]

    def text(self, name: str, **values: str | int) -> str:
        """Return a text with its variables filled in. Values are never read as templates.

        Args:
            name: A key of `bot.texts.VARIABLES`.
            values: One for each of the text's variables; whole numbers are written with thousands set off.

        Raises:
            KeyError: There is no such text, or a value is missing.
        """
        return "".join(
            literal + (self._written(values[field]) if field is not None else "")
            for literal, field, _, _ in string.Formatter().parse(self._texts[name])
        )

    def day(self, value: date, first: int | None = None) -> str:
        """Return a date as people write it in this language: 21 Nov 2025.

        Args:
            value: The day.
            first: The day of its month with which a span of days begins that ends on it: 17–21 Nov 2025.
        """
        month = self._texts["date.months"].split()[value.month - 1]
        days = str(value.day) if first is None else f"{first}–{value.day}"
        return self.text("date.day", day=days, month=month, year=str(value.year))

    def sample_questions(self) -> list[str]:
        """Return what the sample articles may be asked."""
        return [line.strip() for line in self.text("demo.questions").splitlines() if line.strip()]

    def welcome(self) -> str:
        """Return the message that the demo opens with, the sample questions as a list in it."""
        return self.text("demo.welcome", questions="\n".join(f"- {question}" for question in self.sample_questions()))

    def _written(self, value: str | int) -> str:
        if isinstance(value, str):
            return value
        return f"{value:,}".replace(",", self._texts["number.thousands"][1:-3])


def load_prompts(folder: Path | None = None, language: str = LANGUAGE) -> Prompts:
    """Read and check every text of a language; what has not been translated is English.

    Args:
        folder: Where the files lie; those that ship with Footnote by default.
        language: ISO 639-1 code; `bot.<language>.toml` is read beside the English file.

    Raises:
        PromptProblem: A file is missing or unreadable, or a text in it is missing, unknown or badly written.
    """
    folder = folder or data_folder("prompts")
    texts, read = _read(folder / FILE)
    for name in sorted(VARIABLES.keys() - texts.keys()):
        raise PromptProblem(f"{folder / FILE}: the text {name!r} is missing.")
    missing: tuple[str, ...] = ()
    path = folder / FILE
    if language != LANGUAGE:
        path = folder / translation(language)
        translated, more = _read(path)
        missing = tuple(sorted(texts.keys() - translated.keys()))
        texts, read = texts | translated, read + more
    version = hashlib.sha256(read.replace(b"\r\n", b"\n")).hexdigest()[:12]
    prompts = Prompts(version, language, missing, MappingProxyType(texts))
    if (written := length(prompts.welcome())) > LONGEST_MESSAGE:
        raise PromptProblem(
            f"{path}: 'demo.welcome' with 'demo.questions' has {written:,} characters as a list; "
            f"at most {LONGEST_MESSAGE:,} fit into one message."
        )
    return prompts


def translation(language: str) -> str:
    """Return the name of the file that holds the texts of a language."""
    stem, _, suffix = FILE.partition(".")
    return f"{stem}.{language}.{suffix}"


def _read(path: Path) -> tuple[dict[str, str], bytes]:
    """Return the texts of one file, checked, and its content."""
    try:
        content = path.read_bytes()
        tables = tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        raise PromptProblem(f"{path} is missing. Put it back, or install Footnote again.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PromptProblem(f"{path} cannot be read: {error}") from error
    texts = _flat(path, tables)
    for name, text in sorted(texts.items()):
        if name not in VARIABLES:
            raise PromptProblem(f"{path}: there is no text {name!r}. Remove it, or look for a typing error.")
        _check(path, name, text)
    return texts, content


def _flat(path: Path, tables: dict[str, object]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise PromptProblem(f"{path}: {table!r} stands outside of every [table].")
        for key, text in entries.items():
            if not isinstance(text, str) or not text.strip():
                raise PromptProblem(f"{path}: the text '{table}.{key}' must be words in quotation marks.")
            texts[f"{table}.{key}"] = text.strip()
    return texts


def _check(path: Path, name: str, template: str) -> None:
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise PromptProblem(f"{path}: the braces in {name!r} do not match ({error}). Write {{{{ for a brace.") from None
    used = set()
    for _, field, layout, conversion in parts:
        if field is None:
            continue
        if layout or conversion or field not in VARIABLES[name]:
            known = ", ".join(sorted(VARIABLES[name])) or "none"
            raise PromptProblem(f"{path}: the text {name!r} cannot have the variable {field!r}; it has: {known}.")
        used.add(field)
    for missing in sorted(VARIABLES[name] - used):
        raise PromptProblem(f"{path}: the text {name!r} lacks its variable {missing!r}. Write {{{missing}}} in it.")
    if name in _FORMS and not re.fullmatch(_FORMS[name], template):
        raise PromptProblem(f"{path}: the text {name!r} must be {_FORM_SAID[name]}.")
    if name.startswith("name.") and not _is_name(name, template):
        said = "at most 32 characters, and of a command or an option only lower-case letters, digits, - and _"
        raise PromptProblem(f"{path}: the text {name!r} must be {said}.")
    if len(template) > (most := _most(name)):
        raise PromptProblem(f"{path}: the text {name!r} has {len(template)} characters; at most {most} can be shown.")


def _is_name(name: str, text: str) -> bool:
    """Return whether Discord takes a text for the name that it is meant to be."""
    if name in _MENUS:
        return len(text) <= LONGEST_NAME
    return bool(re.fullmatch(_COMMAND, text)) and text == text.lower()


def _most(name: str) -> int:
    """Return how many characters a text may have."""
    if name.startswith("command."):
        return LONGEST_DESCRIPTION
    return {"help.text": LONGEST_HELP, "demo.questions": LONGEST_MESSAGE}.get(name, LONGEST_TEXT)
