"""What holds where somebody asks: who may ask, where, and how they are answered. Pure.

Each value is the default, unless the operator's configuration says otherwise, unless the server does, unless the
channel does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from bot.model import Question, Strictness

log = logging.getLogger(__name__)

THREADS = ("follow", "open", "off")

# What a server may set at most.
MOST_IDS = 100
MOST_SOURCES = 25
LONGEST_SOURCE = 200
MOST_TOKENS = 1_000_000_000


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
        direct: Whether direct messages are answered; no server can set it.
        rebuild: Whether the index can be rebuilt from Discord at all; no server can set it.
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
    direct: bool = True
    rebuild: bool = False

    def answers_in(self, channel: int, parent: int | None = None) -> bool:
        """Return whether the bot answers in a channel, or in a thread of `parent`."""
        return not self.answer_in or bool(self.answer_in & {channel, parent})

    def answers_unasked_in(self, channel: int, parent: int | None = None) -> bool:
        """Return whether questions in a channel, or in a thread of `parent`, are answered without a mention."""
        return bool(self.auto_answer & {channel, parent})

    def may_ask(self, roles: Set[int]) -> bool:
        """Return whether somebody with these roles may ask."""
        return not self.roles or bool(self.roles & roles)

    def barred(self, sources: Iterable[str]) -> list[str]:
        """Return those of some publishers that may not be quoted here."""
        allowed = {source.casefold() for source in self.sources}
        return [source for source in sources if allowed and source.casefold() not in allowed]

    def applied(self, question: Question) -> Question:
        """Return a question as it is to be answered here; publishers that it names itself stay."""
        where = question.filter
        return replace(
            question,
            language=question.language if self.language == "auto" else self.language,
            strictness=question.strictness or self.strictness,
            generate=question.generate and self.generate,
            server_tokens=self.tokens_a_day,
            filter=where if where.sources else replace(where, sources=self.sources),
            turns=() if self.threads == "off" else question.turns,
        )

    def under(self, *layers: Mapping[str, object]) -> Policy:
        """Return the policy with what is set laid over it, the last layer on top; what cannot be read is left out."""
        values: dict[str, Any] = {}
        for layer in layers:
            for key, value in layer.items():
                try:
                    values[key] = SETTINGS[key].field(value)
                except (KeyError, ValueError) as error:
                    # As another version may have stored it.
                    log.warning("The setting %r is left out, it cannot be read: %s", key[:50], error)
        return replace(self, **values)


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a server can set.

    Attributes:
        read: Makes the value that is stored, one that JSON can hold, of what somebody wrote; raises ValueError with
            what is allowed.
        field: Makes the policy's value of a stored one; raises ValueError if it is none.
        allowed: What may be written, in words.
        empty: How an empty list is written.
        by_channel: A channel can set it, too.
    """

    read: Callable[[str], object]
    field: Callable[[object], object]
    allowed: str
    empty: str = ""
    by_channel: bool = True


def _read_ids(text: str) -> object:
    # As Discord writes mentions of channels and roles, or as they are copied.
    written = [part for part in re.split(r"[\s,;]+", text.strip()) if part]
    if [part.casefold() for part in written] in (["everywhere"], ["everybody"], ["nowhere"], ["nobody"]):
        return []
    found = [re.fullmatch(r"(?:<(?:#|@&))?(\d{1,20})>?", part) for part in written]
    if not written or not all(found):
        raise ValueError("ids with commas between them")
    return sorted(_ids([int(one[1]) for one in found if one]))


def _ids(value: object) -> frozenset[int]:
    if not isinstance(value, list) or not all(type(one) is int and 0 < one < 2**64 for one in value):
        raise ValueError("a list of ids")
    if len(value) > MOST_IDS:
        raise ValueError(f"at most {MOST_IDS} ids")
    return frozenset(value)


def _one_of(pattern: str, said: str) -> Callable[[object], str]:
    def field(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(said)
        return value

    return field


def _strictness(value: object) -> Strictness:
    try:
        return Strictness(str(value))
    except ValueError:
        raise ValueError("strict, balanced or eager") from None


def _read_sources(text: str) -> object:
    named = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    return [] if [name.casefold() for name in named] == ["all"] else list(_sources(named))


def _sources(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError("publishers' names")
    if len(value) > MOST_SOURCES or any(len(one) > LONGEST_SOURCE for one in value):
        raise ValueError(f"at most {MOST_SOURCES} publishers' names")
    return tuple(dict.fromkeys(value))


def _read_switch(text: str) -> object:
    said = text.strip().casefold()
    if said in {"on", "true", "yes"}:
        return True
    if said in {"off", "false", "no"}:
        return False
    raise ValueError("on or off")


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("on or off")
    return value


def _read_count(text: str) -> object:
    digits = re.sub(r"[\s,._'’]", "", text)
    if not re.fullmatch(r"[0-9]{1,10}", digits):
        raise ValueError("a whole number")
    return _count(int(digits))


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST_TOKENS:
        raise ValueError(f"a whole number from 0 to {MOST_TOKENS}")
    return value


def _word(field: Callable[[object], str]) -> Callable[[str], object]:
    return lambda text: str(field(text.strip().casefold()))


_LANGUAGE = _one_of(r"auto|[a-z]{2,3}", "auto or a code of two or three letters")
_THREADS = _one_of("|".join(THREADS), ", ".join(THREADS))

SETTINGS: Mapping[str, Setting] = {
    "answer_in": Setting(_read_ids, _ids, "channels' ids, or everywhere", "everywhere", by_channel=False),
    "auto_answer": Setting(_read_ids, _ids, "ids of channels and forums, or nowhere", "nowhere", by_channel=False),
    "roles": Setting(_read_ids, _ids, "roles' ids, or everybody", "everybody"),
    "language": Setting(_word(_LANGUAGE), _LANGUAGE, "auto, or a language's code such as de"),
    "strictness": Setting(lambda text: _strictness(text.strip().casefold()).value, _strictness, ", ".join(Strictness)),
    "sources": Setting(_read_sources, _sources, "publishers' names with ; between them, or all", "all"),
    "generate": Setting(_read_switch, _switch, "on, off"),
    "threads": Setting(_word(_THREADS), _THREADS, ", ".join(THREADS)),
    "tokens_a_day": Setting(_read_count, _count, "a whole number", by_channel=False),
    "rebuild_roles": Setting(_read_ids, _ids, "roles' ids, or nobody", "nobody", by_channel=False),
}


def shown(policy: Policy, key: str) -> object:
    """Return a policy's value as it would be stored; None if it is as configured elsewhere."""
    value = getattr(policy, key)
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def written(key: str, value: object) -> str:
    """Return a setting's stored value as it could be written again; of none, that it is as configured."""
    if value is None:
        return "as configured"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ("; " if any(isinstance(one, str) for one in value) else ", ").join(map(str, value)) or SETTINGS[
            key
        ].empty
    return str(value)
