"""SIGTERM in the midst of answers: each is finished, or its asker is told; and what was sent goes on working after."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest

import bot.client
from bot.ask import Asker
from tests.wire.discord import Call, Discord
from tests.wire.discord.running import CATALOGUES, hasten, running, soon

QUESTIONS = [
    json.loads(line)["question"]
    for line in (Path(__file__).parents[1] / "e2e" / "seed_questions.jsonl").read_text("utf-8").splitlines()
]
CLOSING = CATALOGUES.default.text("problem.closing")


async def ask_all(discord: Discord, questions: list[str]) -> list[Call]:
    """Ask each question as another member, in three channels."""
    guild = discord.add_guild("Harbour")
    channels = [discord.add_channel(guild, f"news-{n}") for n in range(3)]
    await discord.join(guild)
    people = [discord.add_person(f"member {n}", guild) for n in range(len(questions))]
    asking = [person.ask(channels[n % 3], questions[n]) for n, person in enumerate(people)]
    return list(await asyncio.gather(*asking))


async def test_a_process_told_to_stop_answers_all_it_has_taken_and_its_buttons_outlive_it(
    seed_home: Path, seed_asker: Asker, tmp_path: Path
) -> None:
    discord = Discord()
    # How soon is measured elsewhere; here a busy machine may take its time, as long as nothing is lost.
    discord.to_acknowledge = 60
    await discord.start()
    environment = os.environ | {
        "DISCORD_TOKEN": discord.token,
        "FOOTNOTE_DISCORD__API": f"http://{discord.address}",
        "FOOTNOTE_LEDGER__URL": f"sqlite:///{tmp_path}/ledger.db",
    }
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "bot", "--home", str(seed_home), env=environment, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr
    log = asyncio.create_task(process.stderr.read())
    try:
        await discord.gateway.until(lambda: discord.gateway.identified > 0, 60)
        ready = time.perf_counter() - started
        first = (await ask_all(discord, QUESTIONS[20:21]))[0]
        await soon(lambda: first.response and first.response.custom_ids, 120)  # so the index is loaded
        calls = await ask_all(discord, QUESTIONS[:20])
        await soon(lambda: all(call.acknowledged is not None for call in calls), 60)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)
    finally:
        if process.returncode is None:
            process.kill()
    written = (await log).decode()

    assert 0 == process.returncode, written
    assert ready < 60
    assert [1] * 20 == [len(call.shown) for call in calls], "each finishes or says so"
    assert "Traceback" not in written
    assert discord.token not in written

    answer = first.response
    assert answer
    assert answer.channel.guild
    assert answer.custom_ids, answer.text
    async with running(seed_asker, discord=discord) as after:
        bob = discord.add_person("bob", answer.channel.guild)
        for custom_id in answer.custom_ids:
            pressed = await (await bob.presses(answer, custom_id)).answered(60)

            assert pressed.shown or pressed.modal
        await after.settled()


async def test_whoever_waits_when_the_time_is_up_is_told(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(monkeypatch)
    monkeypatch.setattr(bot.client, "DRAIN", 0.2)
    async with running(seed_asker) as wire:
        wire.asker.hold.clear()
        calls = await ask_all(wire.discord, QUESTIONS[:20])
        said = await wire.alice.mentions(wire.channel, QUESTIONS[20])
        await soon(lambda: len(wire.asker.asked) == 21)
        await wire.stop()

        assert [CLOSING] * 20 == [call.text.strip() for call in calls]
        assert [CLOSING] == [reply.text.strip() for reply in wire.discord.replies(said)]


async def test_whoever_asks_while_it_stops_is_told(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(monkeypatch)
    async with running(seed_asker) as wire:
        wire.asker.hold.clear()
        first = await wire.alice.ask(wire.channel, QUESTIONS[0])
        await soon(lambda: wire.asker.asked)
        stopping = asyncio.create_task(wire.stop())
        await soon(lambda: wire.bot.closing)
        late = await (await wire.alice.ask(wire.channel, QUESTIONS[1])).answered()
        said = await wire.alice.mentions(wire.channel, QUESTIONS[1])
        await wire.discord.until(lambda: wire.discord.replies(said))
        wire.asker.hold.set()
        await stopping

        assert CLOSING == late.text.strip()
        assert [CLOSING] == [reply.text.strip() for reply in wire.discord.replies(said)]
        assert 1 == len(first.shown)
        assert CLOSING not in first.text
