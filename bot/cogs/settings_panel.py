"""The panel of a server's settings: menus, buttons and a form, for whoever manages the server.

What a component does stands in its id, `fn:s:ACTION:CHANNEL:SETTING`, so that it works for as long as its message
stands. Whoever uses one has to manage the server at that moment, whoever opened the panel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord

from bot.catalogues import AUTO
from bot.cogs.forms import KEPT, LONGEST_TITLE
from bot.cogs.views import Used
from bot.embeds import embed_of
from bot.ledger import LedgerFailure
from bot.markup import bare
from bot.message import LONGEST_LABEL, LONGEST_OPTION, MOST_OPTIONS
from bot.policy import SETTINGS, shown, written
from bot.problems import explain
from bot.prompts import Prompts
from bot.settings_page import CHANNELS, CHOICES, ROLES, InForce, choice, in_force, settings_of, settings_page
from bot.wording import language_name

if TYPE_CHECKING:
    from bot.client import FootnoteBot

SETTINGS_PANEL = "fn:s:"
PANEL = re.compile(r"fn:s:(?P<action>place|key|set|unset|whole|write):(?P<channel>\d{1,20}):(?P<key>[a-z_]{0,20})")

# What is written into a form rather than chosen alone, and the characters that can be.
WRITTEN = ("sources", "tokens_a_day")
LONGEST_VALUE = 1_000
_VALUE = "value"

_KINDS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]


class PanelItem(Used, template=re.compile(r"fn:s:.*", re.S)):
    """A menu or a button of the panel, or one that claims to be."""

    async def callback(self, interaction: discord.Interaction[FootnoteBot]) -> None:  # type: ignore[override]
        """Do what the id says, for whoever may."""
        used: Any = interaction.data or {}
        values = used.get("values")
        await use(interaction, self.custom_id, [str(value) for value in values] if isinstance(values, list) else [])


def _form(channel: int | None, key: str, value: object, prompts: Prompts) -> discord.ui.Modal:
    """Return the form that a value is written into; what it is for stands in its id, so that it outlives a restart."""
    title, name = bare(prompts.text(f"settings.{key}"), LONGEST_TITLE), f"fn:s:write:{channel or 0}:{key}"
    written_into: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=_VALUE,
        label=bare(prompts.text(f"settings.form_{key}"), LONGEST_TITLE),
        style=discord.TextStyle.paragraph if key == "sources" else discord.TextStyle.short,
        default=written(key, value)[:LONGEST_VALUE] if value not in (None, []) else None,
        max_length=LONGEST_VALUE,
    )
    return discord.ui.Modal(title=title, custom_id=name, timeout=KEPT).add_item(written_into)


async def take_form(interaction: discord.Interaction[FootnoteBot], form: str, fields: Mapping[str, str]) -> None:
    """Keep what was written into a form; its id and the text may be anything."""
    if not await _may(interaction):
        return
    meant = _meant(interaction, form)
    if meant and meant[0] == "write" and meant[2] in WRITTEN:
        with interaction.client.working():
            await interaction.response.defer()
            await _change(interaction, meant[1], meant[2], fields.get(_VALUE, "")[:LONGEST_VALUE])
    else:
        said = interaction.client.texts_for(interaction).text("settings.forged")
        await interaction.response.send_message(said, ephemeral=True)


async def open_panel(interaction: discord.Interaction[FootnoteBot]) -> None:
    """Show the panel to whoever manages the server."""
    if await _may(interaction):
        with interaction.client.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _show(interaction, None, None)


async def use(interaction: discord.Interaction[FootnoteBot], custom_id: str, values: list[str]) -> None:
    """Do what a component says.

    Args:
        interaction: Its use.
        custom_id: Its id, which may be anything.
        values: What was chosen, which may be anything.
    """
    if not await _may(interaction):
        return
    prompts = interaction.client.texts_for(interaction)
    meant, guild = _meant(interaction, custom_id), interaction.guild
    if meant is None:
        await interaction.response.send_message(prompts.text("settings.forged"), ephemeral=True)
        return
    action, channel, key = meant
    if action == "write" and key in WRITTEN:
        value = shown(interaction.client.desk.policies.known(interaction.guild_id, channel), key)
        await interaction.response.send_modal(_form(channel, key, value, prompts))
        return
    with interaction.client.working():
        await interaction.response.defer()
        if action == "place":
            chosen = int(values[0]) if values and values[0].isdecimal() else 0
            there = guild.get_channel(chosen) if guild else None
            await _show(interaction, there.id if there else None, key if not there or key in settings_of(1) else None)
        elif action == "whole":
            await _show(interaction, None, key)
        elif action == "key":
            named = values[0] if values and values[0] in settings_of(channel) else None
            await _show(interaction, channel, named)
        elif action == "set" and key:
            await _change(interaction, channel, key, _chosen(interaction, key, values))
        elif action == "unset" and key:
            await _change(interaction, channel, key, None)
        else:
            await _show(interaction, channel, key)


def _meant(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> tuple[str, int | None, str | None] | None:
    """Return the action, the channel and the setting that an id names; None if they are none of this server's."""
    meant, guild = PANEL.fullmatch(custom_id), interaction.guild
    channel = int(meant["channel"]) or None if meant else None
    key = (meant["key"] or None) if meant else None
    known = channel is None or (guild is not None and guild.get_channel(channel) is not None)
    if meant is None or not known or (key is not None and key not in settings_of(channel)):
        return None
    return meant["action"], channel, key


async def _may(interaction: discord.Interaction[FootnoteBot]) -> bool:
    """Return whether somebody may change settings, and tell them if not."""
    bot = interaction.client
    prompts = bot.texts_for(interaction)
    text = ""
    if bot.closing:
        text = "problem.closing"
    elif interaction.guild is None:
        text = "settings.no_server"
    elif not interaction.permissions.manage_guild:
        text = "settings.not_you"
    if text:
        await interaction.response.send_message(prompts.text(text), ephemeral=True)
    return not text


def _chosen(interaction: discord.Interaction[FootnoteBot], key: str, values: list[str]) -> object:
    """Return what was chosen as it is stored; of another server's channels and roles, nothing."""
    guild = interaction.guild
    if key in CHANNELS | ROLES:
        ids = [int(value) for value in values if re.fullmatch(r"\d{1,20}", value)]
        known = guild.get_channel if guild and key in CHANNELS else guild.get_role if guild else None
        return sorted({one for one in ids if known and known(one)})
    if key == "sources":
        return list(dict.fromkeys(values))
    return SETTINGS[key].read(values[0]) if values else None


async def _change(
    interaction: discord.Interaction[FootnoteBot], channel: int | None, key: str, value: object | None
) -> None:
    prompts = interaction.client.texts_for(interaction)
    guild = interaction.guild_id or 0
    try:
        stored = SETTINGS[key].read(value) if isinstance(value, str) and key in WRITTEN else value
        await interaction.client.desk.policies.set(guild, channel, key, stored)
        note = prompts.text("settings.saved")
    except ValueError:
        note = prompts.text(f"settings.bad_{key}" if key in WRITTEN else "settings.forged")
    except LedgerFailure as error:
        note = explain(error, prompts)
    await _show(interaction, channel, key, note)


async def _show(
    interaction: discord.Interaction[FootnoteBot], channel: int | None, key: str | None, note: str = ""
) -> None:
    bot = interaction.client
    prompts = bot.texts_for(interaction)
    guild = interaction.guild_id or 0
    try:
        of_guild = await bot.desk.policies.values(guild)
        of_channel = await bot.desk.policies.values(guild, channel) if channel else None
    except LedgerFailure as error:
        await interaction.edit_original_response(content=explain(error, prompts), embed=None, view=None)
        return
    values = in_force(bot.desk.policies.default, of_guild, of_channel)
    page = settings_page(values, channel, key, note, prompts)
    view = _components(bot, values, channel, key, prompts)
    await interaction.edit_original_response(content=None, embed=embed_of(page), view=view)


def _components(
    bot: FootnoteBot, values: dict[str, InForce], channel: int | None, key: str | None, prompts: Prompts
) -> discord.ui.View:
    view = discord.ui.View(timeout=None)

    def name(action: str, setting: str | None = key) -> str:
        return f"fn:s:{action}:{channel or 0}:{setting or ''}"

    def add(item: discord.ui.Item[discord.ui.View], row: int) -> None:
        item.row = row
        view.add_item(PanelItem(item))

    add(
        discord.ui.ChannelSelect(
            custom_id=name("place"),
            placeholder=prompts.text("settings.choose_channel"),
            channel_types=_KINDS,
            default_values=[_default(channel, discord.SelectDefaultValueType.channel)] if channel else [],
        ),
        0,
    )
    options = [
        discord.SelectOption(label=bare(prompts.text(f"settings.{one}"), LONGEST_OPTION), value=one, default=one == key)
        for one in settings_of(channel)
    ]
    add(
        discord.ui.Select(
            custom_id=name("key", None), placeholder=prompts.text("settings.choose_setting"), options=options
        ),
        1,
    )
    editor = _editor(bot, values[key].value, name("set"), key, prompts) if key else None
    if editor:
        add(editor, 2)
    buttons = []
    if key in WRITTEN:
        buttons.append(("write", discord.ButtonStyle.primary))
    if key and values[key].origin == ("channel" if channel else "guild"):
        buttons.append(("unset", discord.ButtonStyle.secondary))
    if channel:
        buttons.append(("whole", discord.ButtonStyle.secondary))
    for action, style in buttons:
        text = bare(prompts.text(f"settings.{action}"), LONGEST_LABEL)
        add(discord.ui.Button(label=text, custom_id=name(action), style=style), 3)
    return view


def _editor(
    bot: FootnoteBot, value: object, custom_id: str, key: str, prompts: Prompts
) -> discord.ui.Item[discord.ui.View] | None:
    """Return the menu that a setting is changed by; None if it can only be written."""
    chosen = value if isinstance(value, list) else []
    placeholder = prompts.text("settings.change")
    if key in CHANNELS | ROLES:
        of_channel = key in CHANNELS
        kind = discord.SelectDefaultValueType.channel if of_channel else discord.SelectDefaultValueType.role
        defaults = [_default(int(one), kind) for one in chosen[:MOST_OPTIONS]]
        shared: dict[str, Any] = {"custom_id": custom_id, "placeholder": placeholder, "default_values": defaults}
        shared |= {"min_values": 0, "max_values": MOST_OPTIONS}
        return (
            discord.ui.ChannelSelect(channel_types=_KINDS, **shared) if of_channel else discord.ui.RoleSelect(**shared)
        )
    if key == "sources":
        known = [name for name in (bot.searched.sources if bot.searched else {}) if len(name) <= LONGEST_OPTION]
        listed = [name for name in known[:MOST_OPTIONS] if bare(name)]
        options = [
            discord.SelectOption(label=bare(name, LONGEST_OPTION), value=name, default=name in chosen)
            for name in listed
        ]
        if not options:
            return None
        return discord.ui.Select(
            custom_id=custom_id, placeholder=placeholder, options=options, min_values=0, max_values=len(options)
        )
    if key == "language":
        spoken = [AUTO, *dict.fromkeys([bot.prompts.language, *sorted(bot.catalogues.others)])]
        words = [(one, prompts.text("settings.auto") if one == AUTO else language_name(one)) for one in spoken]
    elif key in CHOICES:
        words = [(one, choice(key, one, prompts)) for one in CHOICES[key]]
    else:
        return None
    now = written(key, value) if value is not None else ""
    return discord.ui.Select(
        custom_id=custom_id,
        placeholder=placeholder,
        options=[
            discord.SelectOption(label=bare(text, LONGEST_OPTION), value=one, default=one == now)
            for one, text in words[:MOST_OPTIONS]
        ],
    )


def _default(identity: int, kind: discord.SelectDefaultValueType) -> discord.SelectDefaultValue:
    return discord.SelectDefaultValue(id=identity, type=kind)
