"""Buttons and menus on Discord: how they are shown, and who is called when one is used.

They need no memory and have no timeout: what a button does stands in its id, so it works as long as its message stands,
also after a restart of the bot.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.embeds import embed_of
from bot.message import Button, Menu, Rendered
from bot.problems import explain
from bot.prompts import Prompts

if TYPE_CHECKING:
    from bot.client import FootnoteBot

# Does what a button's id says.
Handler = Callable[[discord.Interaction["FootnoteBot"], str], Awaitable[None]]

# Takes a form that was sent: its id, and what stands in its fields.
FormHandler = Callable[[discord.Interaction["FootnoteBot"], str, Mapping[str, str]], Awaitable[None]]

# The beginning of an id, up to and with its action: "fn:p:" of "fn:p:…", "fn:a:more:" of "fn:a:more:…".
_ACTION = re.compile(r"fn:(?:[pn]|a:[a-z]{1,12}):", re.S)


class Used(discord.ui.DynamicItem[discord.ui.Item[discord.ui.View]], template=re.compile(r"(?!fn:s:).*", re.S)):
    """Any button or menu but the settings panel's: a forged one, or another version's, is answered as well."""

    def __init__(self, item: discord.ui.Item[discord.ui.View]) -> None:
        super().__init__(item)

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from a message of any age."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction[FootnoteBot]) -> None:  # type: ignore[override]
        """Do what the button's id says."""
        action = _ACTION.match(self.custom_id)
        handler = interaction.client.handlers.get(action[0]) if action else None
        await (handler or refuse)(interaction, self.custom_id)


async def answer_press(
    interaction: discord.Interaction[FootnoteBot],
    reply: Callable[[Prompts], Awaitable[Rendered | str | None]],
    *,
    in_place: bool = False,
    shows_itself: bool = False,
) -> None:
    """Tell whoever used a button what it has to show, and nobody else.

    Args:
        interaction: The press.
        reply: Finds out what there is to show, if anything; what it raises is explained.
        in_place: Put it where the button stands, if nobody else sees that.
        shows_itself: Show nothing at first: `reply` does, once it knows who may see it, and returns what went wrong.
    """
    bot = interaction.client
    prompts = bot.texts_for(interaction)
    if bot.closing:
        await interaction.response.send_message(prompts.text("problem.closing"), ephemeral=True)
        return
    # A made-up press must not replace what everybody reads.
    in_place = in_place and interaction.message is not None and interaction.message.flags.ephemeral
    # From before the acknowledgement on: what has been promised is kept.
    with bot.working():
        if in_place or shows_itself:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        said: Rendered | str | None
        try:
            said = await reply(prompts)
        except Exception as error:
            said = explain(error, prompts)
        if said is None:
            return
        if isinstance(said, str):
            await interaction.followup.send(said, ephemeral=True)
        elif in_place:
            await interaction.edit_original_response(embed=embed_of(said), view=view_of(said))
        else:
            await interaction.followup.send(embed=embed_of(said), view=view_of(said), ephemeral=True)


async def refuse(interaction: discord.Interaction[FootnoteBot], *_: object) -> None:
    """Tell whoever used something that nobody knows that it leads nowhere."""

    async def reply(prompts: Prompts) -> str:
        return prompts.text("press.forged")

    await answer_press(interaction, reply)


def view_of(message: Rendered) -> discord.ui.View:
    """Return a message's buttons and its menu."""
    view = discord.ui.View(timeout=None)
    for button in message.buttons:
        shown = _button(button)
        view.add_item(shown if button.url else Used(shown))
    if message.menu:
        view.add_item(Used(_menu(message.menu)))
    return view


def _button(button: Button) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(
        label=button.label,
        custom_id=button.custom_id or None,
        url=button.url or None,
        row=button.row,
        emoji=button.emoji or None,
        disabled=button.disabled,
    )


def _menu(menu: Menu) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(label=option.label, value=option.value, description=option.description or None)
        for option in menu.options
    ]
    return discord.ui.Select(custom_id=menu.custom_id, placeholder=menu.placeholder, options=options, row=menu.row)
