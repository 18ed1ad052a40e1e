"""Whoever runs a server: the panel of settings, status, rebuild and forget, on a simulated Discord."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.client import FootnoteBot
from bot.cogs import footnote_command
from bot.model import Strictness
from bot.policy import Policy
from bot.rebuilding import AlreadyRebuilding, Rebuilding, Stage
from tests.bot.ledger.records import ask_with
from tests.e2e.conftest import CATALOGUES, PROMPTS, QUESTION, WatchedAsker, World, embed_of, quotes_of

ALLOWED = Policy(rebuild=True)
REPORT = (
    '{"added": 2, "changed": 1, "removed": 0, "unchanged": 17, "problems": ["x"], "seconds": 3.2, "published": true}'
)


def says(*lines: str, output: str = REPORT, status: int = 0) -> list[str]:
    """Return a command that stands for a rebuild: it says these lines, and prints that."""
    program = f"import sys; [print(one, file=sys.stderr) for one in {lines!r}]; print({output!r}); sys.exit({status})"
    return [sys.executable, "-c", program]


@pytest.fixture
def simcord_bot(asker: WatchedAsker) -> FootnoteBot:
    return FootnoteBot(asker, CATALOGUES, policy=ALLOWED, rebuilding=Rebuilding(says("Reading articles: 20")))


@pytest.fixture
def boss(world: World) -> Any:
    role = world.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return world.guild.add_member(world.env.create_user("boss"), roles=[role])


def ids_of(message: Any) -> dict[str, str]:
    """Return the ids of the components of a panel by what they do."""
    ids = [part["custom_id"] for row in message.components for part in row["components"]]
    return {custom_id.split(":")[2]: custom_id for custom_id in ids}


async def panel(boss: Any, world: World, key: str = "") -> Any:
    message = (await boss.slash(world.channel, "footnote settings")).response
    if key:
        message = (await boss.select(message, [key], custom_id=ids_of(message)["key"])).response or message
    return message


async def test_a_setting_that_is_chosen_in_the_panel_holds_at_once_and_after_a_restart(
    world: World, boss: Any, asker: WatchedAsker
) -> None:
    message = await panel(boss, world, "strictness")
    await boss.select(message, ["strict"], custom_id=ids_of(message)["set"])
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, ledger=world.bot.ledger))
    policy = await world.bot.desk.policies.of(world.guild.id)

    assert Strictness.STRICT is policy.strictness
    assert "strict: only" in (embed_of(await panel(boss, world)).description or "")


async def test_a_panel_from_before_a_restart_goes_on_working(world: World, boss: Any, asker: WatchedAsker) -> None:
    message = await panel(boss, world, "generate")
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, ledger=world.bot.ledger))
    await boss.select(message, ["off"], custom_id=ids_of(message)["set"])

    assert not (await world.bot.desk.policies.of(world.guild.id)).generate


async def test_channels_and_roles_are_chosen_and_bind_members(world: World, boss: Any) -> None:
    elsewhere = world.guild.create_text_channel("elsewhere")
    role = world.guild.create_role("reader")
    reader = world.guild.add_member(world.env.create_user("reader"), roles=[role])
    message = await panel(boss, world, "answer_in")
    await boss.select(message, [elsewhere], custom_id=ids_of(message)["set"])
    refused = await world.ask()
    message = await panel(boss, world, "roles")
    await boss.select(message, [role], custom_id=ids_of(message)["set"])
    not_them = await world.alice.slash(elsewhere, "ask", question=QUESTION)
    answered = await reader.slash(elsewhere, "ask", question=QUESTION)

    assert PROMPTS.text("desk.not_here", channels=f"<#{elsewhere.id}>") == refused.response.content
    assert PROMPTS.text("desk.not_you") == not_them.response.content
    assert quotes_of(embed_of(answered.response))


async def test_only_publishers_that_may_be_quoted_are_suggested(world: World) -> None:
    await world.ask()
    await world.bot.desk.policies.set(world.guild.id, None, "sources", ["radio varr"])

    assert ["Radio Varr"] == [
        choice["value"] for choice in await world.alice.autocomplete(world.channel, "ask", "source", "")
    ]


async def test_one_channel_can_be_set_by_itself_and_falls_back(world: World, boss: Any) -> None:
    message = await panel(boss, world, "language")
    await boss.select(message, [world.channel], custom_id=ids_of(message)["place"])
    await boss.select(message, ["de"], custom_id=ids_of(message)["set"])
    german = await world.ask()
    await boss.click(message, custom_id=ids_of(message)["unset"])
    english = await world.ask()

    assert "Quellen" in (embed_of(german.response).description or "")
    assert "Sources" in (embed_of(english.response).description or "")
    assert not (await world.bot.desk.policies.values(world.guild.id))


async def test_a_budget_is_written_into_a_form(world: World, boss: Any) -> None:
    message = await panel(boss, world, "tokens_a_day")
    form = await boss.click(message, custom_id=ids_of(message)["write"])
    await boss.submit_modal(form, {"value": "a lot"})
    before = (await world.bot.desk.policies.of(world.guild.id)).tokens_a_day
    form = await boss.click(message, custom_id=ids_of(message)["write"])
    await boss.submit_modal(form, {"value": "100,000"})

    assert None is before
    assert 100_000 == (await world.bot.desk.policies.of(world.guild.id)).tokens_a_day


async def test_a_form_that_was_opened_before_a_restart_can_be_sent_after_it(
    world: World, boss: Any, asker: WatchedAsker
) -> None:
    message = await panel(boss, world, "tokens_a_day")
    form = await boss.click(message, custom_id=ids_of(message)["write"])
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, ledger=world.bot.ledger))
    await boss.submit_modal(form, {"value": "100,000"})

    assert 100_000 == (await world.bot.desk.policies.of(world.guild.id)).tokens_a_day


async def test_settings_are_for_whoever_manages_the_server_at_every_press(world: World, boss: Any) -> None:
    refused = await world.alice.slash(world.channel, "footnote settings")

    assert PROMPTS.text("settings.not_you") == refused.response.content
    assert refused.response.ephemeral


@pytest.mark.parametrize(
    "custom_id",
    [
        "fn:s:set:0:mood",
        "fn:s:set:0:direct",
        "fn:s:set:99999999999999999999:language",
        "fn:s:set:1:language",
        "fn:s:drop:0:language",
        "fn:s:" + "x" * 90,
        "fn:s:set:CHANNEL:answer_in",
    ],
)
async def test_forged_ids_change_nothing(world: World, boss: Any, custom_id: str) -> None:
    custom_id = custom_id.replace("CHANNEL", str(world.channel.id))
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("x", view=view)
    result = await boss.click(world.channel.last_message, custom_id=custom_id)

    assert PROMPTS.text("settings.forged") == result.response.content
    assert result.response.ephemeral
    assert {} == dict(await world.bot.desk.policies.values(world.guild.id))


async def test_somebody_elses_panel_cannot_be_used(world: World) -> None:
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="x", custom_id="fn:s:unset:0:language"))
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send("x", view=view)
    await world.bot.desk.policies.set(world.guild.id, None, "language", "de")
    await world.alice.click(world.channel.last_message, custom_id="fn:s:unset:0:language")

    assert {"language": "de"} == dict(await world.bot.desk.policies.values(world.guild.id))


async def test_status_tells_of_the_index_the_queue_and_discord(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(FootnoteBot, "searched", None)
        before = await world.alice.slash(world.channel, "footnote status")
    after = await world.alice.slash(world.channel, "footnote status")

    assert PROMPTS.text("status.no_index") in (embed_of(before.response).description or "")
    assert "20 articles" in (embed_of(after.response).description or "")
    assert PROMPTS.text("status.queue", count=0) in (embed_of(after.response).description or "")


async def test_a_rebuild_is_for_those_who_may_and_says_what_it_did(world: World, boss: Any) -> None:
    role = world.guild.create_role("keeper")
    keeper = world.guild.add_member(world.env.create_user("keeper"), roles=[role])
    await world.bot.desk.policies.set(world.guild.id, None, "rebuild_roles", [role.id])
    refused = await world.alice.slash(world.channel, "footnote rebuild")
    done = [await one.slash(world.channel, "footnote rebuild") for one in (boss, keeper)]

    said = (
        "The new index serves (3 s). Articles: 2 new, 1 changed, 0 gone, 17 unchanged. Skipped: 1; the log tells why."
    )
    assert PROMPTS.text("rebuild.not_you") == refused.response.content
    assert [said, said] == [result.response.content for result in done]


async def test_nobody_rebuilds_from_discord_unless_the_operator_allows_it(
    world: World, boss: Any, asker: WatchedAsker
) -> None:
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, rebuilding=Rebuilding(says())))

    assert PROMPTS.text("rebuild.off") == (await boss.slash(world.channel, "footnote rebuild")).response.content


async def test_what_took_longer_than_its_message_can_be_edited_is_told_to_nobody_else(
    world: World, boss: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(footnote_command, "LIFE", -1.0)
    before = len(world.channel.history())
    await boss.slash(world.channel, "footnote rebuild")

    assert [] == [message for message in world.channel.history()[before:] if message.content]


async def test_why_a_rebuild_failed_is_for_the_log_alone(
    world: World, boss: Any, asker: WatchedAsker, caplog: pytest.LogCaptureFixture
) -> None:
    failing = Rebuilding(says("/srv/secret/articles cannot be read", status=1))
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, policy=ALLOWED, rebuilding=failing))
    result = await boss.slash(world.channel, "footnote rebuild")

    assert "/srv" not in result.response.content
    assert "/srv/secret/articles cannot be read" in caplog.text
    assert "problem" in result.response.content


async def test_only_one_rebuild_runs_at_a_time_it_tells_how_far_it_is_and_ends_when_it_is_told_to() -> None:
    line = "Embedding passages: 50, 12/s, 30 s left"
    program = f"import sys, time; print({line!r}, file=sys.stderr, flush=True); time.sleep(60)"
    rebuilding, told = Rebuilding([sys.executable, "-c", program]), asyncio.Queue[Stage]()
    running = asyncio.create_task(rebuilding.run(told.put_nowait))
    stage = await asyncio.wait_for(told.get(), 30)
    with pytest.raises(AlreadyRebuilding):
        await rebuilding.run()
    begun = time.monotonic()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert Stage("embed", 30) == stage
    assert None is rebuilding.stage
    assert time.monotonic() - begun < 30


async def test_a_rebuild_is_given_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISCORD_TOKEN", "FOOTNOTE_DISCORD__TOKEN", "FOOTNOTE_GENERATE__API_KEY", "FOOTNOTE_LEDGER__URL"):
        monkeypatch.setenv(name, "hush")
    seen = tmp_path / "seen"
    program = f"import os, pathlib; pathlib.Path({str(seen)!r}).write_text(str(os.environ)); print('''{REPORT}''')"
    await Rebuilding([sys.executable, "-c", program]).run()

    assert "PATH" in seen.read_text()
    assert "hush" not in seen.read_text()


async def test_a_conversation_is_forgotten(world: World) -> None:
    async def understood() -> str:
        result = await world.ask("When was that?")
        return embed_of(result.response).description or ""

    await world.ask()
    leant_on = await understood()
    await world.alice.slash(world.channel, "footnote forget")
    alone = await understood()

    assert "Understood as" in leant_on
    assert "Understood as" not in alone


async def test_an_answer_is_forgotten_by_whoever_asked_and_by_nobody_else(world: World) -> None:
    await world.ask()
    answer = world.channel.last_message
    link = f"https://discord.com/channels/{world.guild.id}/{world.channel.id}/{answer.id}"
    record = await world.bot.ledger.run(lambda ledger: ledger.asks.of_message(answer.id))
    assert record
    # As it was before it was edited.
    earlier = ask_with(guild=world.guild.id, channel=world.channel.id, member=str(world.alice.id), message=answer.id)
    await world.bot.ledger.run(lambda ledger: ledger.asks.record(earlier))
    bob = world.guild.add_member(world.env.create_user("bob"))
    refused = await bob.slash(world.channel, "footnote forget", answer=link)
    done = await world.alice.slash(world.channel, "footnote forget", answer=link)

    assert PROMPTS.text("forget.unknown") == refused.response.content
    assert PROMPTS.text("forget.answer") == done.response.content
    assert [] == await world.bot.ledger.run(lambda ledger: ledger.asks.all_of_message(answer.id))


@pytest.mark.parametrize("answer", ["", "x", "9" * 40, "https://evil.example/1/2/3", "-1", "1"])
async def test_what_is_no_answer_is_not_forgotten(world: World, answer: str) -> None:
    result = await world.alice.slash(world.channel, "footnote forget", answer=answer or " ")

    assert PROMPTS.text("forget.unknown") == result.response.content
