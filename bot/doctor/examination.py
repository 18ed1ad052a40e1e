"""Looks at one thing after the other; nothing that goes wrong with one keeps the others from their turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from bot.doctor.discord import look_at_discord, look_at_token
from bot.doctor.home import look_at_index, look_at_ledger
from bot.doctor.machine import look_at_disk, look_at_ports, look_at_python
from bot.doctor.model import Finding, Level, problem
from bot.doctor.places import look_at_unasked
from bot.doctor.servers import look_at_collector, look_at_llm, look_at_pages

if TYPE_CHECKING:
    from bot.settings import Settings


def examine(settings: Settings, *, offline: bool = False) -> Iterator[Finding]:
    """Yield what is found, in the order in which it is looked at.

    Args:
        settings: What is configured.
        offline: Send nothing to anybody.
    """
    yield from _looked("Python", look_at_python)
    yield from _looked("disk", lambda: look_at_disk(settings.home))
    yield from _looked("index", lambda: look_at_index(settings.home, settings.index.settings()))
    yield from _looked("ledger", lambda: look_at_ledger(settings))
    yield from _looked("ports", lambda: look_at_ports(settings))
    yield from _looked("pages", lambda: look_at_pages(settings))
    yield from _looked("auto_answer", lambda: look_at_unasked(settings))
    of_token = list(_looked("token", lambda: look_at_token(settings)))
    yield from of_token
    sendable = settings.discord.token.get_secret_value() and all(f.level is not Level.PROBLEM for f in of_token)
    if sendable and not offline:
        yield from _looked("Discord", lambda: asyncio.run(look_at_discord(settings)))
    yield from _looked("language model", lambda: look_at_llm(settings, offline=offline))
    yield from _looked("traces", lambda: look_at_collector(settings, offline=offline))


def _looked(about: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as error:
        # Its text could repeat what was sent, the token included.
        yield problem(
            about, f"It could not be looked at ({type(error).__name__}).", "Report this, with what is configured."
        )
