"""The buttons under an answer: each shows whoever presses it the whole passage that a quote stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.embeds import embed_of
from bot.problems import explain
from bot.prompts import Prompts
from bot.render import BUTTON, Rendered, render_passage

if TYPE_CHECKING:
    from bot.client import FootnoteBot


# Anything that claims to be one of our buttons is taken in here, so that a forged one gets an answer as well.
class PassageButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=re.compile(r"fn:p:.*", re.S)):
    """A button that needs no memory: everything it shows is named in its id (see `bot.render.BUTTON`)."""

    def __init__(self, custom_id: str, label: str | None = None) -> None:
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id, style=discord.ButtonStyle.secondary))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the button again from a message of any age."""
        return cls(match[0])

    async def callback(self, interaction: discord.Interaction[FootnoteBot]) -> None:  # type: ignore[override]
        """Show the passage to whoever pressed the button."""
        bot = interaction.client
        prompts = bot.texts_for(interaction)
        if bot.closing:
            await interaction.response.send_message(prompts.text("problem.closing"), ephemeral=True)
            return
        # From before the acknowledgement on: what has been promised is kept.
        with bot.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                reply = await self._passage(bot, prompts)
            except Exception as error:
                reply = explain(error, prompts)
            if isinstance(reply, str):
                await interaction.followup.send(reply, ephemeral=True)
            else:
                await interaction.followup.send(embed=embed_of(reply), ephemeral=True)

    async def _passage(self, bot: FootnoteBot, prompts: Prompts) -> Rendered | str:
        """Return the passage, or why there is none to show."""
        button = BUTTON.fullmatch(self.custom_id)
        if button is None:
            return prompts.text("passage.forged")
        found = await bot.asker.passage(button["passage"])
        if found is None:
            return prompts.text("passage.gone")
        article, passage = found
        return render_passage(article, passage, button, prompts)


def view_of(message: Rendered) -> discord.ui.View:
    """Return a message's buttons. They have no timeout: they work as long as the message stands."""
    view = discord.ui.View(timeout=None)
    for button in message.buttons:
        view.add_item(PassageButton(button.custom_id, button.label))
    return view
