"""What the bot says, read from files once and checked before anything runs."""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.data import data_folder
from bot.markup import length

FILE = "bot.toml"

# Characters that Discord shows of a command's or an option's description.
LONGEST_DESCRIPTION = 100
# Characters of any other text, so that every message has room for what it is about; help is about nothing else.
LONGEST_TEXT = 250
LONGEST_HELP = 3_000
# Characters of a message outside of an embed, as the demo's welcome is.
LONGEST_MESSAGE = 2_000

# Every text there is, and the variables that stand in it.
VARIABLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(variables.split())
        for name, variables in {
            "answer.related": "",
            "answer.nothing": "",
            "answer.try_again": "",
            "answer.sources": "",
            "answer.more": "count",
            "answer.untitled": "",
            "confidence.high": "",
            "confidence.good": "",
            "confidence.fair": "",
            "confidence.low": "",
            "confidence.none": "",
            "searched.one": "",
            "searched.many": "articles",
            "searched.empty": "",
            "searched.dates": "oldest newest",
            "searched.day": "day",
            "searched.since": "since",
            "searched.until": "until",
            "searched.sources": "sources",
            "passage.button": "number",
            "passage.gone": "",
            "passage.forged": "",
            "passage.changed": "",
            "passage.link": "",
            "command.ask": "",
            "command.ask_question": "",
            "command.ask_since": "",
            "command.ask_until": "",
            "command.ask_source": "",
            "command.help": "",
            "help.title": "",
            "help.text": "",
            "help.empty": "",
            "demo.welcome": "questions",
            "demo.questions": "",
            "problem.bad_date": "value option example",
            "problem.dates_swapped": "since until",
            "problem.unknown_source": "source",
            "problem.busy": "",
            "problem.slow": "",
            "problem.not_ready": "id",
            "problem.closing": "",
            "problem.no_embeds": "",
            "problem.unexpected": "id",
        }.items()
    }
)


class PromptProblem(Exception):
    """A file of texts cannot be used; the message names the file, the text and the variable."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts, checked.

    Attributes:
        version: A hash of what the files say: equal versions mean that no text has changed.
    """

    version: str
    _texts: Mapping[str, str]

    def text(self, name: str, **values: str | int) -> str:
        """Return a text with its variables filled in. Values are never read as templates.

        Args:
            name: A key of `VARIABLES`.
            values: One for each of the text's variables; whole numbers are written with thousands set off.

        Raises:
            KeyError: There is no such text, or a value is missing.
        """
        return "".join(
            literal + (_written(values[field]) if field is not None else "")
            for literal, field, _, _ in string.Formatter().parse(self._texts[name])
        )

    def sample_questions(self) -> list[str]:
        """Return what the sample articles may be asked."""
        return [line.strip() for line in self.text("demo.questions").splitlines() if line.strip()]

    def welcome(self) -> str:
        """Return the message that the demo opens with, the sample questions as a list in it."""
        return self.text("demo.welcome", questions="\n".join(f"- {question}" for question in self.sample_questions()))


def load_prompts(folder: Path | None = None) -> Prompts:
    """Read and check every text.

    Args:
        folder: Where the files lie; those that ship with Footnote by default.

    Raises:
        PromptProblem: A file is missing or unreadable, or a text in it is missing, unknown or badly written.
    """
    path = (folder or data_folder("prompts")) / FILE
    try:
        content = path.read_bytes()
        tables = tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        raise PromptProblem(f"{path} is missing. Put it back, or install Footnote again.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PromptProblem(f"{path} cannot be read: {error}") from error
    texts = _flat(path, tables)
    for name in sorted(VARIABLES.keys() | texts.keys()):
        if name not in texts:
            raise PromptProblem(f"{path}: the text {name!r} is missing.")
        if name not in VARIABLES:
            raise PromptProblem(f"{path}: there is no text {name!r}. Remove it, or look for a typing error.")
        _check(path, name, texts[name])
    prompts = Prompts(hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:12], MappingProxyType(texts))
    if (written := length(prompts.welcome())) > LONGEST_MESSAGE:
        raise PromptProblem(
            f"{path}: 'demo.welcome' with 'demo.questions' has {written:,} characters as a list; "
            f"at most {LONGEST_MESSAGE:,} fit into one message."
        )
    return prompts


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
    if len(template) > (most := _most(name)):
        raise PromptProblem(f"{path}: the text {name!r} has {len(template)} characters; at most {most} can be shown.")


def _most(name: str) -> int:
    """Return how many characters a text may have."""
    if name.startswith("command."):
        return LONGEST_DESCRIPTION
    return {"help.text": LONGEST_HELP, "demo.questions": LONGEST_MESSAGE}.get(name, LONGEST_TEXT)


def _written(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value
