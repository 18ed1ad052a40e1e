"""Reading what somebody typed as a question, or saying why it cannot be asked. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from bot.model import Question
from index import Filter

LONGEST_QUESTION = 2_000  # characters: what Discord lets a member type into one message

# Control characters, lone surrogates and the like: nothing that a person reads.
_UNREADABLE = frozenset({"Cc", "Cs", "Co", "Cn"})


class QuestionRefused(ValueError):
    """A question that cannot be asked; the message is a sentence for whoever asked it.

    Attributes:
        text: The bot's text that says the same in the asker's language; empty if the message does already.
        values: Of that text's variables.
    """

    def __init__(self, message: str, text: str = "", **values: str | int) -> None:
        super().__init__(message)
        self.text = text
        self.values = values


# Where the first word asks, also without a question mark; what may begin an exclamation does not count.
_ASKING = re.compile(
    r"(?:who|whom|whose|what(?! an?\b)|when|where|why|how|which|"
    r"wer|wem|wen|was|wann|wo|warum|wieso|weshalb|wie|welche[rsn]?|"
    r"quién|qué|cuándo|dónde|por qué|cómo|cuál|cuánt[oa]s?|qui|quoi|quand|où|pourquoi|"
    r"comment|combien|quel(?:le)?s?|est-ce)\b",
    re.I,
)
_ADDRESS = re.compile(r"\w+://\S+")
_MARK = re.compile(r"[?？؟](?=\W*(?:\s|$))")


def asks(text: str) -> bool:
    """Return whether a message reads as a question."""
    said = _ADDRESS.sub(" ", text).strip()
    return bool(_MARK.search(said) or _ASKING.match(said) or said.endswith(("か", "か。")))


def read_question(
    text: str,
    *,
    id: str | None = None,
    asked_at: date | None = None,
    where: Filter | None = None,
    language: str = "en",
) -> Question:
    """Make a question of what somebody typed.

    Raises:
        QuestionRefused: It is empty, too long, or holds no word.
    """
    plain = " ".join("".join(" " if unicodedata.category(c) in _UNREADABLE else c for c in text).split())
    if not plain:
        raise QuestionRefused(
            "The question is empty. Ask something, for example: who led the inquiry?", "problem.question_empty"
        )
    if len(plain) > LONGEST_QUESTION:
        raise QuestionRefused(
            f"The question has {len(plain):,} characters; at most {LONGEST_QUESTION:,} can be read. Ask it shorter.",
            "problem.question_long",
            length=len(plain),
            most=LONGEST_QUESTION,
        )
    if not re.search(r"\w", plain):
        raise QuestionRefused("The question has no words in it. Ask it in words.", "problem.question_wordless")
    return Question(plain, id=id, asked_at=asked_at, filter=where or Filter(), language=language)
