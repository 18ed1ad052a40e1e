"""The buttons under a message that stands: fewer, or one more."""

from __future__ import annotations

import discord

from bot.cogs.views import Used
from bot.message import BUTTONS_IN_ROW, MOST_ROWS, Button


def view_without(message: discord.Message, *prefixes: str) -> discord.ui.View:
    """Return a message's buttons and menus, without those whose ids begin with one of some prefixes."""
    view = discord.ui.View(timeout=None)
    for item in discord.ui.View.from_message(message, timeout=None).children:
        custom_id = getattr(item, "custom_id", None)
        if custom_id is None:  # it leads to an address
            view.add_item(item)
        elif not custom_id.startswith(prefixes):
            view.add_item(Used(item))
    return view


def view_with(message: discord.Message, button: Button) -> discord.ui.View | None:
    """Return a message's buttons and menus and one more in place of one of the same id; None if there is no room."""
    view = view_without(message, button.custom_id)
    width = [0] * MOST_ROWS
    for item in view.children:
        width[item.row or 0] += item.width
    # Where there is nothing yet, so that it is seen; else wherever there is room.
    row = next((row for row in range(MOST_ROWS) if not width[row]), None)
    if row is None:
        row = next((row for row in range(MOST_ROWS) if width[row] < BUTTONS_IN_ROW), None)
    if row is None:
        return None
    style = discord.ButtonStyle.primary
    more = discord.ui.Button[discord.ui.View](label=button.label, custom_id=button.custom_id, row=row, style=style)
    view.add_item(Used(more))
    return view
