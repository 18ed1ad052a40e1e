"""What members are told about what is stored, what they get of it and delete of it, and what ends by itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from simcord import Env

from bot.client import FootnoteBot
from bot.cogs.keeping import KeepingCog
from bot.cogs.privacy import FORGET
from bot.ledger import AsyncLedger, Ledger
from bot.ledger.members import PAGE
from tests.bot.ledger.records import ask_with
from tests.e2e.conftest import CATALOGUES, PROMPTS, WatchedAsker, World, embed_of


@pytest.fixture
async def ledger() -> AsyncIterator[AsyncLedger]:
    made = AsyncLedger()
    yield made
    await made.close()


@pytest.fixture
def simcord_bot(asker: WatchedAsker, ledger: AsyncLedger) -> FootnoteBot:
    return FootnoteBot(asker, CATALOGUES, ledger=ledger, retention_days=30)


async def keep(world: World, ledger: AsyncLedger, **changes: object) -> str:
    """Keep an ask of Alice's, and return its id."""
    ask = ask_with(**{"member": str(world.alice.id), "guild": world.guild.id, "at": datetime.now(UTC), **changes})
    await ledger.run(lambda it: it.asks.record(ask))
    return ask.id


def keeping_of(world: World) -> KeepingCog:
    cog = world.bot.get_cog("KeepingCog")
    assert isinstance(cog, KeepingCog)
    return cog


async def knows(ledger: AsyncLedger, ask_id: str) -> bool:
    return await ledger.run(lambda it: it.asks.get(ask_id)) is not None


async def test_members_are_told_what_is_stored_and_how_long(world: World) -> None:
    result = await world.alice.slash(world.channel, "privacy")
    text = embed_of(result.response).description or ""

    for part in ("stored", "only", "by_id", "commands"):
        assert PROMPTS.text(f"privacy.{part}") in text
    assert "after 30 days" in text
    assert result.ephemeral


async def test_a_member_gets_all_that_is_stored_and_nobody_else_does(world: World, ledger: AsyncLedger) -> None:
    mine = await keep(world, ledger)
    other = await keep(world, ledger, member="5", question="Somebody else's question?")
    result = await world.alice.slash(world.channel, "my-data")
    message = result.response
    (attachment,) = message.attachments
    content = json.loads(await attachment.read())

    assert message.ephemeral
    assert [mine] == [ask["id"] for ask in content["asks"]]
    assert other not in json.dumps(content)


async def test_everything_is_given_so_often_and_no_oftener(world: World, ledger: AsyncLedger) -> None:
    mine = {await keep(world, ledger, question=f"{n}?") for n in range(PAGE + 1)}
    results = [await world.alice.slash(world.channel, "my-data") for _ in range(4)]
    content = json.loads(await results[0].response.attachments[0].read())

    assert mine == {ask["id"] for ask in content["asks"]}
    assert [1, 1, 1, 0] == [len(result.response.attachments) for result in results]
    assert "You can ask again in" in results[3].response.content


async def test_a_member_deletes_what_is_stored_by_a_button(world: World, ledger: AsyncLedger) -> None:
    mine, other = await keep(world, ledger), await keep(world, ledger, member="5")
    asked = await world.alice.slash(world.channel, "delete-my-data")
    assert await knows(ledger, mine), "nothing is deleted before it is confirmed"
    pressed = await world.alice.click(asked.response, custom_id=f"{FORGET}all")

    assert PROMPTS.text("privacy.deleted", count=1) == pressed.response.content
    assert (False, True) == (await knows(ledger, mine), await knows(ledger, other))


async def test_a_ledger_that_cannot_be_reached_is_told_to_whoever_wants_their_data(
    world: World, ledger: AsyncLedger, tmp_path: Path
) -> None:
    world.bot.ledger = broken = AsyncLedger(f"sqlite:///{tmp_path}")
    shown = await world.alice.slash(world.channel, "my-data")
    asked = await world.alice.slash(world.channel, "delete-my-data")
    pressed = await world.alice.click(asked.response, custom_id=f"{FORGET}all")
    said = [shown.response.content, pressed.response.content]
    world.bot.ledger = ledger
    await broken.close()

    assert [PROMPTS.text("privacy.failed")] * 2 == said


async def test_what_is_too_old_is_deleted_and_the_rest_is_not(world: World, ledger: AsyncLedger) -> None:
    old = await keep(world, ledger, at=datetime.now(UTC) - timedelta(days=31))
    new = await keep(world, ledger)
    assert 1 == await keeping_of(world).expire()

    assert (False, True) == (await knows(ledger, old), await knows(ledger, new))


async def test_leaving_a_server_deletes_what_is_kept_of_it(world: World, ledger: AsyncLedger) -> None:
    here, elsewhere = await keep(world, ledger), await keep(world, ledger, guild=None)
    await keeping_of(world).on_guild_remove(world.guild_of_bot)

    assert (False, True) == (await knows(ledger, here), await knows(ledger, elsewhere))


async def test_a_server_that_was_left_meanwhile_is_found_at_the_next_start(
    simcord_env: Env, ledger: AsyncLedger
) -> None:
    world = World(simcord_env)
    mine = world.bot.application_id or 0

    def before(it: Ledger) -> None:
        for guild in (world.guild.id, 4711, 4712):
            it.guilds.joined(guild, 5 if guild == 4712 else mine)
            it.asks.record(ask_with(guild=guild, id=f"{guild}"[:12].rjust(12, "a")))

    await ledger.run(before)
    await keeping_of(world).on_ready()

    assert not await knows(ledger, "4711".rjust(12, "a"))
    assert await knows(ledger, "4712".rjust(12, "a")), "where another application was"
    assert await knows(ledger, f"{world.guild.id}"[:12].rjust(12, "a"))
