"""`footnote privacy`: what is stored of a member or a server, for whoever runs the bot."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli_ledger import discord_id, with_ledger
from bot.start import read_settings, refuse
from index.rebuild import Home

privacy_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Show or delete what the ledger holds about somebody."
)

Member = Annotated[str, typer.Argument(metavar="MEMBER", help="A Discord user id.")]


@privacy_app.command()
def export(member: Member, home: Home = None) -> None:
    """Print everything that is stored about a member, as JSON.

    \b
    Example:
      footnote privacy export 123456789012345678 > member.json
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.answer_json import json_text

    identity = discord_id(member)
    print(json_text(with_ledger(read_settings({"home": home}), lambda ledger: ledger.members.export(identity))))


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
        identity = discord_id(member)
        count = with_ledger(read_settings({"home": home}), lambda ledger: ledger.members.forget(identity))
        print(f"Deleted entries: {count}")
    else:
        identity = discord_id(server or "")
        count = with_ledger(read_settings({"home": home}), lambda ledger: ledger.guilds.forget(identity))
        print(f"Deleted asks: {count}")


@privacy_app.command()
def expire(
    days: Annotated[
        int | None, typer.Option(metavar="DAYS", min=1, help="Instead of [ledger] retention_days.", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """Delete what is older than it is to be kept, as a running bot does by itself."""
    from datetime import UTC, datetime, timedelta

    settings = read_settings({"home": home})
    kept = days or settings.ledger.retention_days
    if not kept:
        refuse("[ledger] retention_days is 0, so everything is kept. Give --days.")
    before = datetime.now(UTC) - timedelta(days=kept)
    count = with_ledger(settings, lambda ledger: ledger.members.expire(before))
    print(f"Deleted entries: {count}")
