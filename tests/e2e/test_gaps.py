"""`/gaps` on a simulated Discord."""

from __future__ import annotations

from datetime import UTC, datetime

import discord

from tests.bot.ledger.records import ask_with
from tests.e2e.conftest import PROMPTS, World, embed_of, unescaped

UNKNOWN = "What is the boiling point of tungsten hexafluoride?"


async def manager(world: World) -> object:
    role = world.guild.create_role("keeper", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("mona"), roles=[role])


async def test_managers_see_what_was_asked_here_and_not_answered(world: World) -> None:
    mona = await manager(world)
    await world.ask(UNKNOWN)
    for question, changes in [("Private?", {"private": True}), ("Elsewhere?", {"guild": 5})]:
        ask = ask_with(
            **{"question": question, "guild": world.guild.id, "status": "nothing", "at": datetime.now(UTC), **changes}
        )
        await world.bot.ledger.run(lambda ledger, ask=ask: ledger.asks.record(ask))
    result = await mona.slash(world.channel, "gaps")
    text = embed_of(result.response).description or ""

    assert result.ephemeral
    assert f"**1×** {UNKNOWN}" == unescaped(text)


async def test_nobody_else_sees_gaps(world: World) -> None:
    commands = await world.bot.tree.fetch_commands()
    (gaps,) = (command for command in commands if command.name == "gaps")
    world.guild.set_command_permissions(gaps, {world.alice: True})  # a server can let others use it
    result = await world.alice.slash(world.channel, "gaps")

    assert PROMPTS.text("gaps.not_allowed") == result.response.content
    assert result.ephemeral


async def test_a_day_that_cannot_be_read_is_told(world: World) -> None:
    result = await (await manager(world)).slash(world.channel, "gaps", since="soon")

    assert "“soon” is not a day" in result.response.content
