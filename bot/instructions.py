"""What a language model is told, read from files in prompts/ and checked before anything runs. Pure but for that.

Articles and questions are put between lines that carry a random word, new for each request: no article can know it, so
none can close its own fence.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.conversation import Turn
from bot.data import data_folder
from bot.markup import clean, clean_lines
from bot.prompts import PromptProblem
from index.model import Hit

FILE, REWRITE_FILE = "generate.toml", "rewrite.toml"

VARIABLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "system": frozenset({"fence", "most"}),
        "passage": frozenset({"fence", "number", "title", "published", "text"}),
        "question": frozenset({"fence", "passages", "question"}),
    }
)
REWRITE_VARIABLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "system": frozenset({"fence"}),
        "turn": frozenset({"fence", "question", "titles", "names"}),
        "question": frozenset({"fence", "turns", "question"}),
    }
)

# Characters of an article that the model sees in one place, of a question that was asked before, and of the names that
# its answer had.
LONGEST_PASSAGE = 3_500
LONGEST_TITLE = 300
LONGEST_EARLIER = 500

_NUMBERED = re.compile(r"[\[【]((?:passages?\s)?\d{1,4})[\]】]", re.I)
_ANGLES = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class Instructions:
    """The texts for answers, checked."""

    _texts: Mapping[str, str]

    def system(self, fence: str, most: int) -> str:
        """Return the rules.

        Args:
            fence: A random word.
            most: How many claims may be made.
        """
        return _filled(self._texts["system"], fence=fence, most=str(most))

    def question(self, fence: str, question: str, hits: Sequence[Hit]) -> str:
        """Return the passages, numbered from 1, and the question, each in its fence."""
        passages = "\n\n".join(
            _filled(
                self._texts["passage"],
                fence=fence,
                number=str(number),
                title=_data(clean(hit.article.title).replace('"', "”"), LONGEST_TITLE),
                published=hit.article.published.isoformat() if hit.article.published else "unknown",
                text=_data(clean_lines(hit.text), LONGEST_PASSAGE),
            )
            for number, hit in enumerate(hits, start=1)
        )
        return _filled(self._texts["question"], fence=fence, passages=passages, question=_data(clean(question)))


@dataclass(frozen=True, slots=True)
class RewriteInstructions:
    """The texts for follow-ups, checked."""

    _texts: Mapping[str, str]

    def system(self, fence: str) -> str:
        """Return the rules; the fence is a random word."""
        return _filled(self._texts["system"], fence=fence)

    def question(self, fence: str, question: str, turns: Sequence[Turn]) -> str:
        """Return what was said before and the question, each in its fence."""
        earlier = "\n\n".join(
            _filled(
                self._texts["turn"],
                fence=fence,
                question=_data(clean(turn.question), LONGEST_EARLIER),
                titles=_data(clean("; ".join(title for _, title in turn.articles)), LONGEST_TITLE) or "none",
                names=_data(clean(", ".join(named.text for named in turn.answered)), LONGEST_EARLIER) or "none",
            )
            for turn in turns
        )
        return _filled(self._texts["question"], fence=fence, turns=earlier, question=_data(clean(question)))


def load_instructions(folder: Path | None = None) -> Instructions:
    """Read and check the texts for answers.

    Args:
        folder: Where the file lies; the one that ships with Footnote by default.

    Raises:
        PromptProblem: The file is missing or unreadable, or a text in it is missing, unknown or badly written.
    """
    return Instructions(_read(folder, FILE, VARIABLES))


def load_rewrite_instructions(folder: Path | None = None) -> RewriteInstructions:
    """Read and check the texts for follow-ups; see `load_instructions`."""
    return RewriteInstructions(_read(folder, REWRITE_FILE, REWRITE_VARIABLES))


def _read(folder: Path | None, file: str, variables: Mapping[str, frozenset[str]]) -> Mapping[str, str]:
    path = (folder or data_folder("prompts")) / file
    table = path.stem
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise PromptProblem(f"{path} is missing. Put it back, or install Footnote again.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PromptProblem(f"{path} cannot be read: {error}") from error
    texts = tables.get(table)
    if not isinstance(texts, dict) or len(tables) > 1:
        raise PromptProblem(f"{path}: all texts must stand in the table [{table}], and no other.")
    for name in sorted(variables.keys() | texts.keys()):
        _check(path, name, texts.get(name), variables)
    return MappingProxyType({name: text.strip() for name, text in texts.items()})


def _check(path: Path, name: str, text: object, variables: Mapping[str, frozenset[str]]) -> None:
    if name not in variables:
        raise PromptProblem(f"{path}: there is no text {name!r}. Remove it, or look for a typing error.")
    if not isinstance(text, str) or not text.strip():
        raise PromptProblem(f"{path}: the text {name!r} is missing.")
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise PromptProblem(f"{path}: the braces in {name!r} do not match ({error}). Write {{{{ for a brace.") from None
    used = {field for _, field, _, _ in parts if field is not None}
    if any(layout or conversion for _, _, layout, conversion in parts) or used != variables[name]:
        wanted = ", ".join(f"{{{variable}}}" for variable in sorted(variables[name]))
        raise PromptProblem(f"{path}: the text {name!r} must have exactly these variables: {wanted}.")


def _filled(template: str, /, **values: str) -> str:
    # Values are never read as templates.
    parts = string.Formatter().parse(template)
    return "".join(literal + (values[field] if field is not None else "") for literal, field, _, _ in parts)


def _data(text: str, room: int | None = None) -> str:
    """Return foreign words as data: nothing in them looks like a fence or like the number of a passage."""
    return _NUMBERED.sub(r"(\1)", text.translate(_ANGLES))[:room]
