"""What holds where somebody asks: who may ask, where, and how they are answered. Pure.

Each value is the default, unless the operator's configuration says otherwise, unless the server does, unless the
channel does.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from bot.confidence import Strictness


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings in force in one place. Ids are Discord's.

    Attributes:
        answer_in: Channels that are answered in; everywhere if empty.
        auto_answer: Channels and forums in which questions are answered without being addressed to the bot.
        roles: Those of which a member needs one to ask; everybody may if empty.
        language: ISO 639-1 code of the language that is spoken; "auto" is each asker's own.
        strictness: How sure the bot must be to say that it has an answer; None as configured.
        sources: Publishers that may be quoted; all if empty.
        generate: Whether a language model may word the answers, where there is one.
        threads: What becomes of follow-ups: "follow" them where they are asked, "open" a thread for each answer, or
            "off", each question stands for itself.
        tokens_a_day: What generated answers may cost the server a day, in tokens; None as configured.
        rebuild_roles: Those of which a member needs one to rebuild the index; whoever manages the server always may.
    """

    answer_in: frozenset[int] = frozenset()
    auto_answer: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    language: str = "auto"
    strictness: Strictness | None = None
    sources: tuple[str, ...] = ()
    generate: bool = True
    threads: str = "follow"
    tokens_a_day: int | None = None
    rebuild_roles: frozenset[int] = frozenset()

    def answers_in(self, channel: int, parent: int | None = None) -> bool:
        """Return whether the bot answers in a channel, or in a thread of `parent`."""
        return not self.answer_in or bool(self.answer_in & {channel, parent})

    def answers_unasked_in(self, channel: int, parent: int | None = None) -> bool:
        """Return whether questions in a channel, or in a thread of `parent`, are answered without a mention."""
        return bool(self.auto_answer & {channel, parent})

    def may_ask(self, roles: Set[int]) -> bool:
        """Return whether somebody with these roles may ask."""
        return not self.roles or bool(self.roles & roles)
