"""`footnote settings`: what Discord servers and channels have set, for whoever runs the bot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_ledger import discord_id, with_ledger
from bot.start import read_settings, refuse
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from bot.policy import Setting

settings_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="See and change what Discord servers and channels have set."
)


Guild = Annotated[str, typer.Option("--guild", metavar="ID", help="The server's id, as Discord copies it.")]
Channel = Annotated[
    str | None,
    typer.Option(
        "--channel", metavar="ID", help="One of its channels; the whole server if not given.", show_default=""
    ),
]
Key = Annotated[str, typer.Argument(metavar="SETTING", help="Which one; `footnote settings list` names them.")]


@settings_app.command("list")
def list_settings(guild: Guild, channel: Channel = None, as_json: AsJson = False, home: Home = None) -> None:
    """Show what is in force on a server or in a channel, and where each value is from.

    \b
    Example:
      footnote settings list --guild 123456789012345678
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.policy import SETTINGS, shown, written

    server, place = discord_id(guild), discord_id(channel) if channel else None
    settings = read_settings({"home": home})
    default = settings.server.policy()
    values = with_ledger(settings, lambda ledger: ledger.settings.all(server))
    rows: dict[str, tuple[object, str]] = {}
    for key in SETTINGS:
        rows[key] = (shown(default, key), "default")
        for name, origin in ((None, "server"), (place, "channel")):
            if key in values.get(name, {}) and (origin == "server" or place):
                rows[key] = (values[name][key], origin)
    if as_json:
        print(json.dumps({key: {"value": value, "origin": origin} for key, (value, origin) in rows.items()}))
        return
    for key, (value, origin) in rows.items():
        print(f"{key:14} = {written(key, value):24} # {origin}")


@settings_app.command("set")
def set_setting(
    key: Key,
    value: Annotated[list[str], typer.Argument(metavar="VALUE", help="Ids, names, on or off: see the examples.")],
    guild: Guild,
    channel: Channel = None,
    home: Home = None,
) -> None:
    """Set something for a server, or for one of its channels. A running bot heeds it within seconds.

    \b
    Examples:
      footnote settings set answer_in 111 222 --guild 123456789012345678
      footnote settings set sources 'The Harbour Post; Radio Varr' --guild 123456789012345678
      footnote settings set strictness strict --guild 123456789012345678 --channel 111
    """  # noqa: D301 - click's mark for "do not rewrap"
    from bot.policy import written

    setting = _setting(key)
    if channel and not setting.by_channel:
        refuse(f"{key} can be set for a whole server only. Leave out --channel.")
    try:
        stored = setting.read(" ".join(value))
    except ValueError as error:
        refuse(f"{' '.join(value)[:60]!r} is no value for {key}: {error}. It takes {setting.allowed}.")
    server, place = discord_id(guild), discord_id(channel) if channel else None
    with_ledger(read_settings({"home": home}), lambda ledger: ledger.settings.set(server, place, key, stored))
    print(f"{key} = {written(key, stored)}")


@settings_app.command("unset")
def unset_setting(key: Key, guild: Guild, channel: Channel = None, home: Home = None) -> None:
    """Fall back on what holds without: for a channel its server's value, for a server the configured one."""
    _setting(key)
    server, place = discord_id(guild), discord_id(channel) if channel else None
    with_ledger(read_settings({"home": home}), lambda ledger: ledger.settings.set(server, place, key, None))
    print(f"{key} is no longer set.")


def _setting(key: str) -> Setting:
    from bot.policy import SETTINGS

    if key not in SETTINGS:
        refuse(f"There is no setting {key[:40]!r}. There are: {', '.join(SETTINGS)}.")
    return SETTINGS[key]
