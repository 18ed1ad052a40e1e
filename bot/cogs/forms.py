"""Forms in which questions are written: for long ones, and for what is asked about a message.

A form carries what it needs, so one that was opened before a restart can be sent after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.interactions import answer_interaction
from bot.cogs.options import filter_of
from bot.conversation import Turn
from bot.markup import bare
from bot.problems import explain
from bot.prompts import Prompts

if TYPE_CHECKING:
    from bot.client import FootnoteBot

LONG = "fn:m:long"
ABOUT = "fn:m:about"
# Discord's limits for a form's title and its fields' labels.
LONGEST_TITLE = 45
LONGEST_LABEL = 45
# Characters of a day or a publisher's name as it is typed.
LONGEST_LINE = 100
# Seconds for which discord.py keeps a form in mind; we do not need it to.
KEPT = 1.0


def long_form(prompts: Prompts) -> discord.ui.Modal:
    """Return the form for a long question, with everything that can be chosen beside it."""
    form = _form(LONG, "form.long", prompts)
    form.add_item(_field("question", prompts, long=True, required=True))
    for name in ("since", "until", "source"):
        form.add_item(_field(name, prompts))
    return form


def about_form(message: str, question: str, prompts: Prompts) -> discord.ui.Modal:
    """Return the form for what is asked about a message.

    Args:
        message: What it says.
        question: What is asked about it, as far as can be guessed.
        prompts: The bot's texts.
    """
    form = _form(ABOUT, "form.about", prompts)
    form.add_item(_field("question", prompts, long=True, required=True, filled=question))
    form.add_item(_field("message", prompts, long=True, filled=message))
    return form


async def take_question(interaction: discord.Interaction[FootnoteBot], form: str, fields: Mapping[str, str]) -> None:
    """Answer a question that was written into a form."""
    bot = interaction.client
    prompts = bot.texts_for(interaction)
    if bot.closing:
        await interaction.response.send_message(prompts.text("problem.closing"), ephemeral=True)
        return
    try:
        where = filter_of(prompts, fields.get("since"), fields.get("until"), fields.get("source"))
        asked = read_question(fields.get("question", ""), where=where, language=prompts.language)
    except QuestionRefused as error:
        await interaction.response.send_message(explain(error, prompts), ephemeral=True)
        return
    about = " ".join(fields.get("message", "").split())
    before = (Turn.of(about[:LONGEST_QUESTION]),) if about and about != asked.text else None
    # What was filled in for the member is the message's.
    asked = replace(asked, foreign=about.startswith(" ".join(asked.text.split())))
    await answer_interaction(interaction, asked, surface="modal", private=form == ABOUT, before=before)


def _form(custom_id: str, title: str, prompts: Prompts) -> discord.ui.Modal:
    return discord.ui.Modal(title=bare(prompts.text(title), LONGEST_TITLE), custom_id=custom_id, timeout=KEPT)


def _field(
    name: str, prompts: Prompts, *, long: bool = False, required: bool = False, filled: str = ""
) -> discord.ui.Label[discord.ui.Modal]:
    most = LONGEST_QUESTION if long else LONGEST_LINE
    written: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        required=required,
        max_length=most,
        default=filled[:most] or None,
    )
    return discord.ui.Label(text=bare(prompts.text(f"form.{name}"), LONGEST_LABEL), component=written)


def fields_of(components: object) -> Iterator[tuple[str, str]]:
    """Yield what stands in the fields of a form that was sent: Discord's own data, of any shape."""
    for part in components if isinstance(components, list | tuple) else ():
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("custom_id"), str) and isinstance(part.get("value"), str):
            yield part["custom_id"], part["value"]
        yield from fields_of(part.get("components"))
        yield from fields_of([part.get("component")])
