"""Follow-ups on Discord: a reply, a thread or the same member's next question goes on from what was said before."""

from __future__ import annotations

from typing import Any

import discord

from tests.e2e.conftest import PROMPTS, QUESTION, WatchedAsker, World, embed_of, quotes_of, unescaped

UNDERSTOOD = "Understood as: When was the Carrow Astrolabe stolen?"


def said(message: Any) -> str:
    return unescaped(embed_of(message).description or "")


async def test_a_reply_to_an_answer_is_a_follow_up_of_it_whoever_writes_it(world: World) -> None:
    await world.ask()
    answer = world.channel.last_message
    await world.ask("Who won the mayoral election?")
    bela = world.guild.add_member(world.env.create_user("bela"))
    await bela.send(world.channel, f"{world.me} When was it stolen?", reply_to=answer)

    assert UNDERSTOOD in said(world.channel.last_message)
    assert "When was it stolen?" == unescaped(embed_of(world.channel.last_message).title or "")


async def test_in_a_channel_each_member_goes_on_from_their_own_question(world: World) -> None:
    bela = world.guild.add_member(world.env.create_user("bela"))
    await world.ask()
    theirs = await bela.slash(world.channel, "ask", question="When was it stolen?")
    mine = await world.ask("When was it stolen?")

    assert "Understood as" not in said(theirs.response)
    assert UNDERSTOOD in said(mine.response)


async def test_in_a_direct_message_questions_go_on_from_each_other(world: World) -> None:
    await world.alice.send_dm(QUESTION)
    await world.alice.send_dm("thanks")
    await world.alice.send_dm("When was it stolen?")

    assert UNDERSTOOD in said(world.alice.user.dm_channel.last_message)


async def test_what_could_not_be_asked_is_nothing_to_go_on_from(world: World) -> None:
    await world.ask("Who won the mayoral election?")
    await world.ask(QUESTION, source="The Daily Nothing")
    result = await world.ask("When was it stolen?")

    assert "Understood as: When was the mayoral election stolen?" in said(result.response)


async def test_small_talk_is_answered_in_a_sentence_without_quotes(world: World, asker: WatchedAsker) -> None:
    await world.alice.send(world.channel, f"{world.me} what can you do?")
    embed = embed_of(world.channel.last_message)

    assert PROMPTS.text("talk.abilities") == unescaped(embed.description or "")
    assert ([], None, None) == (quotes_of(embed), embed.title, embed.footer.text)


async def test_what_there_is_is_listed_and_the_newest_quoted(world: World) -> None:
    result = await world.ask("What is new?")
    embed = embed_of(result.response)

    assert "20 articles, newest first:\n[1] 6 Oct 2026: Skerra's storm petrels" in said(result.response)
    assert 3 == len(quotes_of(embed))
    assert (embed.footer.text or "").startswith("Searched 20 articles")


async def test_in_a_thread_anybody_goes_on_from_what_was_said_there(world: World) -> None:
    channel = world.guild_of_bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="astrolabe", type=discord.ChannelType.public_thread)
    (thread,) = world.channel.threads
    bela = world.guild.add_member(world.env.create_user("bela"))
    await world.alice.send(thread, f"{world.me} {QUESTION}")
    await bela.send(thread, f"{world.me} When was it stolen?")

    assert UNDERSTOOD in said(thread.last_message)
