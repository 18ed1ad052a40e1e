"""What the home holds: the index and the model it is searched with, and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.doctor.model import Finding, ok, problem, warning
from index import (
    IndexFailure,
    IndexSettings,
    ModelUnavailable,
    NoGeneration,
    generation_status,
    open_index,
    open_model,
)

if TYPE_CHECKING:
    from bot.ledger.state import State
    from bot.settings import Settings

_DAY = 86_400

# Days after which an index of news is likely to have been forgotten.
_OLD = 30


def look_at_index(home: Path, settings: IndexSettings) -> Iterator[Finding]:
    """Yield whether the model can be loaded, and whether the index opens and belongs to it."""
    try:
        model = open_model(settings)
    except ModelUnavailable as error:
        yield problem("model", *_parts(error))
        return
    checked = " (checksum as pinned)" if settings.model == IndexSettings().model else ""
    yield ok("model", f"{settings.model}, {model.dimension} dimensions{checked}")
    try:
        status = generation_status(home)
        with open_index(home, settings, model) as index:
            index.search("whatever", 1)
    except NoGeneration as error:
        yield problem("index", *_parts(error))
        return
    except IndexFailure as error:
        yield problem("index", *_parts(error))
        return
    days = int(status.age_seconds // _DAY)
    age = f"{days} days" if days > 1 else f"{status.age_seconds / 3600:.0f} hours"
    told = (
        f"{status.summary.generation}: {status.summary.articles:,} articles, {status.summary.passages:,} passages, "
        f"built {age} ago, with the settings in force"
    )
    if not status.summary.articles:
        yield warning("index", told, "It holds nothing. Name articles under [index] and run footnote index rebuild.")
    elif days > _OLD:
        yield warning("index", told, "If there have been new articles since: footnote index rebuild.")
    else:
        yield ok("index", told)


def look_at_ledger(settings: Settings) -> Iterator[Finding]:
    """Yield whether the ledger can be used, without changing anything in it."""
    from bot.ledger import LedgerFailure
    from bot.ledger.place import url_of
    from bot.ledger.state import ledger_state

    without = "Answers go on without it, but nothing is recorded and no setting of a server holds."
    try:
        state = ledger_state(url_of(settings))
    except LedgerFailure as error:
        yield problem("ledger", str(error), without)
        return
    if state.revision is None:
        yield ok("ledger", f"{state.where}: will be made when the bot starts")
    elif state.revision == state.newest:
        yield ok("ledger", f"{state.where}: tables of revision {state.revision}")
        yield from _look_at_key(settings, state)
    elif state.known:
        yield ok("ledger", f"{state.where}: revision {state.revision}, brought to {state.newest} when the bot starts")
    else:
        yield problem(
            "ledger",
            f"{state.where}: tables of revision {state.revision}, which this Footnote does not know.",
            f"Use the Footnote that wrote them, or name another database under [ledger] url. {without}",
        )


def _look_at_key(settings: Settings, state: State) -> Iterator[Finding]:
    """Yield whether the key is there that the ledger's members are hashed with, if they are."""
    from bot.ledger import LedgerFailure
    from bot.ledger.names import Names
    from bot.ledger.place import KEY_FILE, hash_key

    file = settings.home / KEY_FILE
    try:
        fingerprint = Names(hash_key(settings, make=False)).fingerprint
    except LedgerFailure as error:
        yield problem("ledger key", str(error), "The bot does not start until it can be read.")
        return
    if state.key is None:
        return
    if fingerprint == state.key:
        yield ok("ledger key", f"{file} is the one that members are hashed with; keep a copy apart from the database")
        return
    told = f"Members are hashed with {'another key than' if fingerprint else 'a key that is not in'} {file}."
    yield problem(
        "ledger key",
        f"{told} Nobody's entries can be found or deleted, so nothing is recorded.",
        "Put the key that belongs to the ledger back from a copy. If it is lost, move the ledger away and delete it.",
    )


def _parts(error: IndexFailure) -> tuple[str, str]:
    return str(error).removesuffix(error.remedy).strip(), error.remedy
