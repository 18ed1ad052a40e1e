"""`footnote privacy`: what is stored of a member or a server, for whoever runs the bot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.start import fail, open_ledger, read_settings, refuse
from index.rebuild import Home

if TYPE_CHECKING:
    from bot.ledger import Ledger

privacy_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Show or delete what the ledger holds about somebody."
)

# Of a Discord id, in its decimal writing.
_LARGEST_ID = 2**63 - 1

_Result = TypeVar("_Result")
Member = Annotated[str, typer.Argument(metavar="MEMBER", help="A Discord user id.")]


@privacy_app.command()
def export(member: Member, home: Home = None) -> None:
    """Print everything that is stored about a member, as JSON.

    \b
    Example:
      footnote privacy export 123456789012345678 > member.json
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text

    identity = _identity(member)
    print(json_text(_with_ledger(home, lambda ledger: ledger.members.export(identity))))


@privacy_app.command()
def forget(
    member: Annotated[
        str | None, typer.Argument(metavar="MEMBER", help="A Discord user id.", show_default=False)
    ] = None,
    server: Annotated[
        str | None, typer.Option(metavar="ID", help="Delete what is stored of a server instead: all of it.")
    ] = None,
    home: Home = None,
) -> None:
    """Delete everything that is stored about a member, or of a server. There is no way back.

    \b
    Examples:
      footnote privacy forget 123456789012345678
      footnote privacy forget --server 123456789012345678
    """  # noqa: D301 - click's mark for "do not rewrap"
    if (member is None) == (server is None):
        refuse("Give either a MEMBER or --server ID.")
    if member is not None:
        identity = _identity(member)
        print(f"Deleted entries: {_with_ledger(home, lambda ledger: ledger.members.forget(identity))}")
    else:
        identity = _identity(server or "")
        print(f"Deleted asks: {_with_ledger(home, lambda ledger: ledger.guilds.forget(identity))}")


@privacy_app.command()
def expire(
    days: Annotated[
        int | None, typer.Option(metavar="DAYS", min=1, help="Instead of [ledger] retention_days.", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """Delete what is older than it is to be kept, as a running bot does by itself."""
    from datetime import UTC, datetime, timedelta

    kept = days or read_settings({"home": home}).ledger.retention_days
    if not kept:
        refuse("[ledger] retention_days is 0, so everything is kept. Give --days.")
    before = datetime.now(UTC) - timedelta(days=kept)
    print(f"Deleted entries: {_with_ledger(home, lambda ledger: ledger.members.expire(before))}")


def _with_ledger(home: Home, call: Callable[[Ledger], _Result]) -> _Result:
    from bot.ledger import LedgerFailure

    try:
        with open_ledger(read_settings({"home": home})) as ledger:
            return call(ledger)
    except LedgerFailure as error:
        fail(str(error))


def _identity(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:30]) <= _LARGEST_ID:
        refuse(f"{text[:40]!r} is not a Discord id. In Discord, turn on developer mode; then Copy User ID in its menu.")
    return int(text)
