"""What commands begin with: the configuration read, the log set up, the index opened; and how they end."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from bot.ask import Asker, AsyncAsker
    from bot.catalogues import Catalogues
    from bot.generate import Generator
    from bot.ledger import AsyncLedger
    from bot.metrics import Metrics
    from bot.settings import Settings
    from bot.traces import Traces

# Exit statuses.
ANSWERED, FAILURE, USAGE, UNANSWERED = 0, 1, 2, 3


def read_settings(flags: Mapping[str, Any]) -> Settings:
    """Return what is configured, or say what is wrong with it and exit."""
    from bot.settings import Settings
    from index.config import ConfigProblem, load

    try:
        return load(Settings, flags).config
    except ConfigProblem as error:
        refuse(str(error))


def new_asker(settings: Settings, generator: Generator | None = None, *, calibrated: bool = True) -> Asker:
    """Return an asker that has loaded nothing yet.

    Args:
        settings: What is configured.
        generator: Words its answers, if given.
        calibrated: Read confidence as the home's calibration has it, if there is one.
    """
    from bot.ask import Asker

    parts = (settings.home, settings.index.settings(), settings.rerank.reranker())
    if generator is None:
        return Asker(*parts, strictness=settings.bot.strictness, calibrated=calibrated)
    from bot.generating import GeneratingAsker

    return GeneratingAsker(generator, *parts, strictness=settings.bot.strictness)


def new_async_asker(settings: Settings, metrics: Metrics | None = None) -> AsyncAsker:
    """Return an asker for an event loop that has loaded nothing yet, with the language model that is configured.

    Args:
        settings: What is configured.
        metrics: Told what the model's answers come to, if given.
    """
    from bot.ask import AsyncAsker

    generator = new_generator_or_exit(settings)
    if generator and metrics:
        metrics.watch_generator(generator.counters, settings.generate.price_read, settings.generate.price_written)
    return AsyncAsker(new_asker(settings), settings.discord.queue, generator)


def new_ledger(settings: Settings) -> AsyncLedger:
    """Return the ledger that is configured, not opened yet, or say why there can be none and exit."""
    from bot.ledger import AsyncLedger, LedgerFailure
    from bot.ledger.place import hash_key, url_of

    try:
        return AsyncLedger(url_of(settings), hash_key=hash_key(settings))
    except LedgerFailure as error:
        fail(str(error))


def open_asker(settings: Settings, *, generate: bool = False, calibrated: bool = True) -> Asker:
    """Return an asker that is ready to answer, or say what to do first and exit.

    Args:
        settings: What is configured.
        generate: Let a language model word the answers, if one is configured.
        calibrated: See `new_asker`.
    """
    from index import IndexFailure

    asker = new_asker(settings, new_generator_or_exit(settings) if generate else None, calibrated=calibrated)
    try:
        # Shown only where somebody watches, and gone when it is done.
        with console(standard_error=True).status("Loading the index and its model"):
            asker.open()
    except IndexFailure as error:
        fail(str(error))
    return asker


def new_generator_or_exit(settings: Settings) -> Generator | None:
    """Return what words the answers, None if no model is configured, or say why it cannot be used and exit."""
    if not settings.generate.model:
        return None  # and nothing is loaded for it
    from bot.generating import new_generator
    from bot.llm import LlmUnavailable
    from bot.prompts import PromptProblem

    try:
        return new_generator(settings.generate, settings.home)
    except (LlmUnavailable, PromptProblem) as error:
        fail(str(error))


def new_traces_or_exit(settings: Settings) -> Traces | None:
    """Return what makes traces, None if none are configured, or say why there can be none and exit."""
    if not settings.traces.endpoint:
        return None
    from bot.traces import Traces, TracesUnavailable

    try:
        return Traces(settings.traces.endpoint)
    except TracesUnavailable as error:
        fail(str(error))


def console(*, standard_error: bool = False) -> Console:
    """Return where to print for a person."""
    from rich.console import Console

    return Console(highlight=False, stderr=standard_error)


def read_texts(settings: Settings) -> Catalogues:
    """Return what the bot says, or say what is wrong with its texts and exit."""
    from bot.catalogues import load_catalogues
    from bot.prompts import PromptProblem

    try:
        return load_catalogues(settings.bot.language)
    except PromptProblem as error:
        refuse(str(error))


def log_to_standard_error(settings: Settings) -> None:
    """Have the log on standard error, for whoever operates the bot, in the form that is configured."""
    import logging
    import os

    from bot.logs import secrets_of, start_log

    level = logging.getLevelNamesMapping()[settings.log.level.upper()]
    start_log(settings.log.format, secrets_of(settings, os.environ), level)


def fail(message: str) -> NoReturn:
    """Say why it cannot be done, and exit."""
    print(message, file=sys.stderr)
    raise typer.Exit(FAILURE)


def refuse(message: str) -> NoReturn:
    """Say what is wrong with what was given, and exit."""
    print(message, file=sys.stderr)
    raise typer.Exit(USAGE)
