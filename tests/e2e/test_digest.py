"""Channels are told of new articles, once a day at most."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import discord
import pytest
from simcord import Env

from bot.arrivals import Arrival, render_arrivals
from bot.ask import Asker
from bot.cogs.digest import DigestCog
from bot.markup import length
from bot.message import LONGEST_DESCRIPTION
from tests.e2e.conftest import PROMPTS, World, embed_of, unescaped

IDS = 2


@pytest.fixture
def digest(world: World) -> DigestCog:
    cog = world.bot.get_cog("DigestCog")
    assert isinstance(cog, DigestCog)
    return cog


def manager(world: World) -> object:
    role = world.guild.create_role("keeper", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("mona"), roles=[role])


async def arrive(world: World, seed_asker: Asker) -> list[Arrival]:
    """Let two articles be new from now on, and return them."""
    ids = sorted(seed_asker.look(lambda index: index.article_ids()))
    await world.bot.ledger.run(lambda ledger: ledger.digests.arrived(ids[IDS:]))
    found = [seed_asker.look(lambda index, name=name: index.article(name)) for name in ids[:IDS]]
    return [Arrival(one.id, one.title, one.url, one.source, one.published) for one in found if one]


async def test_a_channel_is_told_of_what_is_new_once_a_day(world: World, digest: DigestCog, seed_asker: Asker) -> None:
    mona = manager(world)
    said = [(await mona.slash(world.channel, "digest on")).response.content for _ in range(2)]
    assert [PROMPTS.text("digest.on"), PROMPTS.text("digest.on_already")] == said
    now = datetime.now(UTC)
    assert 0 == await digest.look(now + timedelta(hours=25)), "what was there already is no news"
    new = await arrive(world, seed_asker)
    digest._seen = None
    assert 0 == await digest.look(now + timedelta(hours=23))
    assert [1, 0, 0] == [await digest.look(now + timedelta(hours=hours)) for hours in (25, 26, 50)]
    text = unescaped(embed_of(world.channel.last_message).description or "")

    assert PROMPTS.text("digest.many", count=2, since=PROMPTS.day(now.date())) in text
    for article in new:
        assert f"**{article.source}**" in text
        assert f"]({article.url})" in text


async def test_a_channel_that_wants_no_more_is_told_no_more(world: World, digest: DigestCog, seed_asker: Asker) -> None:
    mona = manager(world)
    await mona.slash(world.channel, "digest on")
    said = [(await mona.slash(world.channel, "digest off")).response.content for _ in range(2)]
    await arrive(world, seed_asker)

    assert [PROMPTS.text("digest.off"), PROMPTS.text("digest.off_already")] == said
    assert 0 == await digest.look(datetime.now(UTC) + timedelta(hours=25))


async def test_a_digest_ends_with_its_channel(world: World, digest: DigestCog, seed_asker: Asker) -> None:
    await manager(world).slash(world.channel, "digest on")
    await arrive(world, seed_asker)
    digest._seen = None
    world.env.inject_error("POST", "/channels/*/messages", status=404, code=10003, times=1)

    assert 0 == await digest.look(datetime.now(UTC) + timedelta(hours=25))
    assert [] == await world.bot.ledger.run(lambda ledger: ledger.digests.all())


async def test_what_discord_does_not_take_just_now_is_told_the_next_time(
    world: World, digest: DigestCog, seed_asker: Asker
) -> None:
    await manager(world).slash(world.channel, "digest on")
    await arrive(world, seed_asker)
    digest._seen = None
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=1)
    now = datetime.now(UTC) + timedelta(hours=25)

    assert [0, 1, 0] == [await digest.look(now) for _ in range(3)]


async def test_a_thread_is_told_of_nothing_that_its_parent_channel_bars(
    world: World, digest: DigestCog, seed_asker: Asker
) -> None:
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="news", type=discord.ChannelType.public_thread)
    await world.bot.ledger.run(lambda ledger: ledger.digests.subscribe(world.guild.id, thread.id, 1))
    await arrive(world, seed_asker)
    digest._seen = None
    await world.bot.desk.policies.set(world.guild.id, channel.id, "sources", ["Nobody's Paper"])

    assert 0 == await digest.look(datetime.now(UTC) + timedelta(hours=25))


async def test_only_those_who_manage_the_server_subscribe(world: World, simcord_env: Env) -> None:
    commands = await world.bot.tree.fetch_commands()
    (command,) = (command for command in commands if command.name == "digest")
    world.guild.set_command_permissions(command, {world.alice: True})
    for what in ("digest on", "digest off"):
        assert PROMPTS.text("gaps.not_allowed") == (await world.alice.slash(world.channel, what)).response.content


@pytest.mark.parametrize("count", [1, 30, 3_000])
def test_however_much_is_new_it_fits_into_one_message(count: int) -> None:
    arrivals = [
        Arrival(
            str(number), f"[@everyone]({number}) *{'x' * 300}", f"https://a.example/{'y' * 400}", f"P{number % 7}", None
        )
        for number in range(count)
    ]
    message = render_arrivals(arrivals, date(2026, 11, 23), PROMPTS, lambda arrival, room: arrival.url)

    assert length(message.description) <= LONGEST_DESCRIPTION
    assert "@everyone" not in message.description.replace("@\u200b", "")
    assert message.description.count("\n- ") <= 25
