"""The log: a line of text or of JSON for everything that happens, with the id of the ask it belongs to, no secrets.

Whatever is configured as a secret is masked wherever it would stand, also inside what a library logs and in the text of
an exception; so are the tokens that Discord puts into addresses.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote, urlsplit

from bot.stages import current_ask_id

if TYPE_CHECKING:
    from pydantic import BaseModel

MASK = "********"

# What is shorter is no secret, and would mask parts of words.
_SHORTEST_SECRET = 8

# Secrets that nobody configured: the token of a Discord bot, of an interaction or webhook in an address, a key as the
# providers of language models issue them, a password in an address, and what stands in a header.
_SECRETS = re.compile(
    r"""
    (?P<webhook>/(?:webhooks|interactions)/\d+/)[\w.~%-]{20,}
    | \b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}
    | \b(?:sk|pk|rk)-[\w-]{16,}
    | (?P<address>\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+(?=@)
    | (?P<header>\b(?:bearer|bot)\s+)(?=\S*[\d.])[\w.~+/=-]{16,}
    """,
    re.VERBOSE | re.IGNORECASE,
)

# These tell of every request and every file; an operator wants to hear of trouble.
_CHATTY = (
    "alembic",
    "httpcore",
    "httpx",
    "httpx2",
    "openai",
    "anthropic",
    "chromadb",
    "sentence_transformers",
    "aiohttp.access",
)


def secrets_of(settings: BaseModel, environment: Mapping[str, str]) -> set[str]:
    """Return what must never be shown: every secret in the configuration, passwords in addresses, and keys beside it.

    Args:
        settings: The configuration, or a table of it.
        environment: Variables; those that hold keys or tokens are taken, since libraries read them by themselves.
    """
    from pydantic import BaseModel, SecretStr

    from index.config import Config
    from index.sources.registry import secrets_of_sources

    found = {value for name, value in environment.items() if re.search(r"(_|^)(API_?KEY|TOKEN|SECRET|PASSWORD)$", name)}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            found |= secrets_of(value, {})
        elif isinstance(value, SecretStr):
            secret = value.get_secret_value()
            found |= {secret, _password(secret)}
        elif isinstance(value, str):
            found.add(_password(value))
        elif name == "sources" and value and isinstance(settings, Config):
            found |= secrets_of_sources(settings.sources)
    return {secret for secret in found if len(secret) >= _SHORTEST_SECRET}


class Redaction:
    """Masks secrets in texts."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take note of what must not be shown.

        Args:
            secrets: Masked wherever they stand, also as they are written in addresses and in JSON.
        """
        written = {form for secret in secrets for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])}
        # Longest first: one may begin another.
        known = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
        self._known = re.compile(known) if known else None

    def __call__(self, text: str) -> str:
        """Return a text without secrets."""
        if self._known:
            text = self._known.sub(MASK, text)
        return _SECRETS.sub(lambda found: "".join(part or "" for part in found.groups()) + MASK, text)


class TextFormatter(logging.Formatter):
    """A line for a person, such as `2026-01-31 12:00:00,000 INFO bot.desk [k3v…]: answered`."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(ask)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and those of an exception below it."""
        ask_id = current_ask_id()
        record.ask = f" [{ask_id}]" if ask_id else ""
        return self._redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """A line for a program: an object with time (UTC), level, logger, message, and where there are, ask and error."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if ask_id := current_ask_id():
            line["ask"] = ask_id
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = self._redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def start_log(
    style: str = "text", secrets: Iterable[str] = (), level: int = logging.INFO, stream: TextIO | None = None
) -> logging.Handler:
    """Write the log from now on, warnings of Python included.

    Args:
        style: "text" or "json".
        secrets: What must not stand in it.
        level: What is less important is left out.
        stream: Where it is written; standard error, so that it does not mix with answers.

    Returns:
        What writes it, for whoever wants to end it.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    redact = Redaction(secrets)
    handler.setFormatter(JsonFormatter(redact) if style == "json" else TextFormatter(redact))
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(handler)
    logging.captureWarnings(True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    return handler


def _password(address: str) -> str:
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""
