"""Follow-ups made self-contained by a language model, where one is configured.

What it writes is a question to search with and nothing else: it is kept only if it is one line made of words of the
conversation, and whoever asked is told of it. Otherwise the rules of `bot.conversation` do.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Sequence

from bot.budget import OverBudget
from bot.conversation import MOST_TURNS, Turn
from bot.counters import Counters
from bot.evidence import Doubt, common_words, doubtful
from bot.facts import content, figures, fold, names, stem, unknown_script, words
from bot.instructions import RewriteInstructions
from bot.llm import LlmFailure
from bot.markup import clean, clean_lines
from bot.metered import Metered, reason_of
from bot.model import Question
from bot.smalltalk import small_talk

log = logging.getLogger(__name__)

# Characters that a question may have, and that it may grow by.
LONGEST = 300
GROWTH = 150
# Of a reply, the characters that are read.
LONGEST_REPLY = 1_000

# The share of its words, or of a script without capitals its pairs of characters, that may be new: "did", "happen".
NEW = 0.34

_QUOTES = "\"'“”„«»‘’` "


class Rewriter:
    """Asks a language model to put a follow-up so that it can be understood alone."""

    def __init__(
        self, model: Metered, instructions: RewriteInstructions, counters: Counters, *, timeout: float
    ) -> None:
        """Put the parts together.

        Args:
            model: Writes the question.
            instructions: What it is told.
            counters: Counts rewrite.kept, .dropped and .fallback.*.
            timeout: Seconds for one question.
        """
        self._model = model
        self._instructions = instructions
        self._counters = counters
        self._timeout = timeout

    async def rewrite(self, question: Question) -> str:
        """Return a follow-up as a question that stands for itself; empty if the rules have to do."""
        if not question.turns or question.claim or not question.generate or small_talk(question.text):
            return ""
        turns = question.turns[-MOST_TURNS:]
        fence = secrets.token_hex(8)
        system, asked = self._instructions.system(fence), self._instructions.question(fence, question.text, turns)
        parts: list[str] = []
        try:
            async with (
                asyncio.timeout(self._timeout),
                contextlib.aclosing(self._model.stream(system, asked, question, LONGEST_REPLY)) as pieces,
            ):
                async for piece in pieces:
                    parts.append(piece)
        except (LlmFailure, OverBudget, TimeoutError) as error:
            return self._fell_back(error)
        except Exception as error:
            # Its message may repeat what was sent, the key included.
            log.error("%s while a question was rewritten", type(error).__name__)  # noqa: TRY400
            return self._fell_back(error)
        text = usable("".join(parts), question.text, turns)
        self._counters.add("rewrite.kept" if text else "rewrite.dropped")
        return text

    def _fell_back(self, error: Exception) -> str:
        reason = reason_of(error)
        self._counters.add(f"rewrite.fallback.{reason}")
        log.info("a follow-up is left to the rules: %s", reason)
        return ""


def usable(reply: str, question: str, turns: Sequence[Turn]) -> str:
    """Return what a language model has written as a question to search with; empty if it is none. Pure.

    Args:
        reply: All that it has written.
        question: The follow-up.
        turns: What was said before.
    """
    lines = [line for line in clean_lines(reply).splitlines() if line.strip()]
    text = clean(lines[0]).strip(_QUOTES) if len(lines) == 1 else ""
    if not text or len(text) > max(LONGEST, len(question) + GROWTH):
        return ""
    if doubtful(text) in {Doubt.LINK, Doubt.INSTRUCTION}:
        return ""
    return text if _asks_the_same(text, question) and _is_of(text, [question, *_told(turns)]) else ""


def _told(turns: Sequence[Turn]) -> list[str]:
    """Return what was said in these turns."""
    said: list[str] = []
    for turn in turns:
        named = [mention.text for mention in (*turn.asked, *turn.answered)]
        said += [turn.question, *named, *(title for _, title in turn.articles)]
    return said


def _asks_the_same(text: str, question: str) -> bool:
    """Tell whether what the follow-up itself says is still there: its numbers, and some of its words."""
    if not figures(question) <= figures(text):
        return False
    own = {stem(word) for word, _, _ in content(question)} | unknown_script(question)
    kept = {stem(word) for word, _, _ in content(text)} | unknown_script(text)
    return bool(kept) and (not own or bool(own & kept))


def _is_of(text: str, conversation: Sequence[str]) -> bool:
    """Tell whether a question is made of what was said: all of its names and numbers, and most of its words."""
    told = "\n".join(conversation)
    if not figures(text) <= figures(told):
        return False
    folded = {fold(word) for word in words(told)}
    # The first word is written large whatever it is.
    if any(place and name not in folded for place, name in names(text, common_words(conversation))):
        return False
    stems = {stem(word) for word in words(told)}
    mine = [stem(word) in stems for word, _, _ in content(text)]
    pairs, known = unknown_script(text), unknown_script(told)
    mine += [pair in known for pair in pairs]
    return mine.count(False) <= NEW * len(mine)
