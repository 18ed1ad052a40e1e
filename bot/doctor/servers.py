"""What others serve the bot, and it serves them: the language model, the collector of traces, articles' pages."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.doctor.hosts import is_this_machine, is_unspecified, travels_openly
from bot.doctor.model import Finding, ok, problem, warning

if TYPE_CHECKING:
    from bot.llm import Llm
    from bot.settings import Settings

# Seconds.
_PATIENCE = 30.0
_CONNECTING = 5.0


def look_at_llm(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    """Yield whether the language model can be used, if one is configured: it is asked for one word."""
    from bot.llm import LlmFailure, LlmUnavailable, open_llm

    about, section = "language model", settings.generate
    if not section.model:
        yield ok(about, "None is configured; answers are quotes alone")
        return
    try:
        llm = open_llm(section)
    except LlmUnavailable as error:
        yield problem(about, str(error), "Until then, answers are quotes alone.")
        return
    if offline:
        yield ok(about, f"{section.model} can be loaded; it was not asked")
        return
    try:
        asyncio.run(asyncio.wait_for(_one_word(llm), _PATIENCE))
    except (LlmFailure, TimeoutError) as error:
        told = str(error) or "timeout"
        yield problem(
            about,
            f"{section.model} does not reply: {told}.",
            "Look at generate.api_key, base_url and the provider's state. Until then, answers are quotes alone.",
        )
        return
    if section.tokens_a_day is None and section.money_a_day is None:
        yield warning(about, f"{section.model} replies, but nothing limits its cost.", "Set generate.tokens_a_day.")
    else:
        yield ok(about, f"{section.model} replies")


def look_at_pages(settings: Settings) -> Iterator[Finding]:
    """Yield whether the links to articles' pages lead where readers get, if pages are served."""
    about, pages = "pages", settings.pages
    if not pages.enabled:
        return
    address = pages.url or f"http://{pages.host}:{pages.port or '…'}"
    host = (urlsplit(pages.url).hostname if pages.url else pages.host) or ""
    reach = "Set pages.url to the address at which readers reach them, such as that of a proxy before the bot."
    if pages.url and not pages.port:
        yield warning(about, "They are served on any free port, so what leads to it cannot know.", "Set pages.port.")
    elif is_unspecified(host):
        yield problem(about, f"Links begin with {address}, which leads nowhere.", reach)
    elif is_this_machine(host):
        yield warning(about, f"Links begin with {address}, which nobody reaches but this machine.", reach)
    elif travels_openly(address):
        told = f"Links begin with {address}: whoever is on the way reads along, and can use a link that is signed."
        yield warning(about, told, "Put a proxy with TLS before the bot, and its https:// address into pages.url.")
    else:
        yield ok(about, f"Links begin with {address}")


def look_at_collector(settings: Settings, *, offline: bool) -> Iterator[Finding]:
    """Yield whether traces can be made and sent, if they are configured."""
    endpoint = settings.traces.endpoint
    if not endpoint:
        return
    if find_spec("opentelemetry.exporter") is None or find_spec("opentelemetry.exporter.otlp.proto.http") is None:
        yield problem("traces", "OpenTelemetry is not installed.", "Install it: pip install 'footnote[otel]'")
        return
    if offline:
        yield ok("traces", f"They go to {endpoint}; it was not looked for")
        return
    parts = urlsplit(endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), _CONNECTING).close()
    except OSError as error:
        reason = error.strerror or str(error)
        yield warning("traces", f"Nothing answers at {endpoint}: {reason}.", "Start the collector.")
    else:
        yield ok("traces", f"Something listens at {endpoint}")


async def _one_word(llm: Llm) -> None:
    async for piece in llm.stream("Reply with one word.", "Say: ready"):
        if piece.text:
            return
