"""200 questions of 50 members in 10 channels at once, over real sockets, against the bare retrieve-and-answer loop.

    python -m bench.wire [--rounds 10] [--home DIR]

The bot runs as a process of its own, on a Discord that this process serves (see docs/wire.md). Each round asks what has
not been asked before. Printed are how soon each is acknowledged, that each is answered once and where it was
asked, how late heartbeats are, the bot's memory after each round, and how many questions a second are answered, as a
ratio to the same questions answered in a loop, with no Discord.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.catalogues import load_catalogues
from bot.data import data_folder
from index import IndexSettings, build
from tests.wire.discord import Call, Channel, Discord, Guild, Person

MEMBERS, CHANNELS, QUESTIONS = 50, 10, 200
TEXTS = load_catalogues().default
# Seconds between heartbeats; Discord's own are forty apart, which would measure little.
HEARTBEAT = 0.5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--home", type=Path, help="a home with an index; one of the sample articles if not given")
    parser.add_argument("--loop", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loop:
        _answer_in_a_loop(options.home, options.loop)
        return
    with tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary) / "home"
        if not options.home:
            build([data_folder("seeds")], home, IndexSettings())
        asyncio.run(_measure(home, options.rounds, Path(temporary)))


def _answer_in_a_loop(home: Path, file: Path) -> None:
    """Answer the questions of each round as fast as it goes; print the seconds and what was quoted."""
    from bot.ask import Asker, read_question

    asker = Asker(home, IndexSettings())
    asker.open()
    for questions in json.loads(file.read_text("utf-8")):
        started, burnt = time.perf_counter(), time.process_time()
        # As the bot asks: on this day.
        answers = [asker.ask(replace(read_question(question), asked_at=date.today())) for question in questions]
        seconds, burnt = time.perf_counter() - started, time.process_time() - burnt
        quotes = [[citation.quote for citation in answer.citations] for answer in answers]
        print(json.dumps({"seconds": seconds, "processor": burnt, "quotes": quotes}), flush=True)
        sys.stdin.readline()
    asker.close()


def _questions(rounds: int) -> list[list[str]]:
    """Make up questions from the sample articles' words, no two alike."""
    words = [
        word for file in sorted(data_folder("seeds").glob("*.md")) for word in file.read_text("utf-8").split()[20:]
    ]
    windows = [" ".join(words[n : n + 6]).strip(".,;:!?'\"#*") for n in range(len(words) - 6)]
    chosen = random.Random(5).sample(sorted(set(windows)), rounds * QUESTIONS)
    asked = [f"What is known of {window}?" for window in chosen]
    return [asked[n * QUESTIONS : (n + 1) * QUESTIONS] for n in range(rounds)]


async def _measure(home: Path, rounds: int, folder: Path) -> None:
    asked = _questions(rounds)
    file = folder / "questions.json"
    file.write_text(json.dumps(asked), "utf-8")
    discord = Discord()
    discord.gateway.interval = HEARTBEAT
    await discord.start()
    guild = discord.add_guild("Bench")
    channels = [discord.add_channel(guild, f"channel-{n}") for n in range(CHANNELS)]
    members = [discord.add_person(f"member {n}", guild) for n in range(MEMBERS)]
    with _bot(discord, home, folder) as bot, _loop(home, file) as loop:
        assert loop.stdout
        assert loop.stdin
        await discord.gateway.until(lambda: discord.gateway.identified > 0, 120)
        await (await members[0].ask(channels[0], "Is anybody there?")).answered(120)
        before = _memory(bot.pid)
        # While the model is loaded, nothing is promised.
        discord.gateway.lateness.clear()
        discord.gateway.missed = 0
        ratios, took, memory, speeds = [], [], [], []
        for number, questions in enumerate(asked, start=1):
            bare = json.loads(await asyncio.to_thread(loop.stdout.readline))
            burnt = _processor(bot.pid)
            started = time.perf_counter()
            calls = await _round(discord, guild, channels, members, questions, bare["quotes"])
            seconds = time.perf_counter() - started
            loop.stdin.write("\n")
            loop.stdin.flush()
            burnt = (_processor(bot.pid) - burnt) / QUESTIONS
            ratios.append(bare["seconds"] / seconds)
            speeds.append(QUESTIONS / seconds)
            took += [call.acknowledged or 0.0 for call in calls]
            memory.append(_memory(bot.pid))
            print(
                f"round {number:2}: {QUESTIONS / seconds:5.1f} answers/s, {memory[-1]:.0f} MB; processor: "
                f"{burnt * 1e3:.0f} ms an answer, {bare['processor'] / QUESTIONS * 1e3:.0f} ms in the loop",
                flush=True,
            )
        took.sort()
        print(f"acknowledged         p50 {_part(took, 0.5) * 1e3:.0f} ms, p99 {_part(took, 0.99) * 1e3:.0f} ms, "
              f"last {took[-1] * 1e3:.0f} ms, {len(took)} of {rounds * QUESTIONS}")  # fmt: skip
        print(f"answered once, right {rounds * QUESTIONS} of {rounds * QUESTIONS}")
        late = discord.gateway.lateness
        worst = f"late by {max(late) * 1e3:.0f} ms at most"
        print(f"heartbeats           {len(late)}, {worst}, {discord.gateway.missed} missed")
        grown = f"{before:.0f} MB before, {memory[0]:.0f} MB after round 1"
        print(f"memory               {grown}, {memory[-1]:.0f} MB after round {rounds}")
        print(f"answers              {statistics.median(speeds):.1f} a second")
        print(f"wire / loop          {statistics.median(ratios):.2f}")
    await discord.stop()


async def _round(
    discord: Discord,
    guild: Guild,
    channels: Sequence[Channel],
    members: Sequence[Person],
    questions: Sequence[str],
    quotes: Sequence[Sequence[str]],
) -> list[Call]:
    """Ask everything at once; each has to be answered once, where it was asked, with the quotes of its own answer."""
    for channel in channels:
        channel.messages.clear()
    asking = [members[n % MEMBERS].ask(channels[n % CHANNELS], question) for n, question in enumerate(questions)]
    calls: list[Call] = await asyncio.gather(*asking)
    await asyncio.gather(*(_final(call) for call in calls))
    for n, call in enumerate(calls):
        (shown,) = call.shown
        assert shown.channel is channels[n % CHANNELS]
        # One that goes on from the member's last is another question than in the loop.
        if _letters(TEXTS.text("answer.understood", question="")) not in _letters(call.text):
            assert all(_letters(quote)[:60] in _letters(call.text) for quote in quotes[n][:1]), (
                questions[n],
                call.text,
            )
    assert [len(discord.said(channel)) for channel in channels] == [QUESTIONS // CHANNELS] * CHANNELS
    discord.calls.clear()
    discord.requests.clear()
    for session in discord.gateway.sessions.values():
        session.sent.clear()
    return calls


async def _final(call: Call) -> None:
    """Wait for the answer itself; before it, the place in the queue may be shown."""
    places = [
        re.sub("7", r"\\d+", re.escape(TEXTS.text("desk.place", count=7))),
        re.escape(TEXTS.text("desk.place_one")),
    ]

    def done() -> bool:
        return bool(call.shown) and not any(re.search(place, call.text) for place in places)

    async with call.changed:
        await asyncio.wait_for(call.changed.wait_for(done), 300)


def _bot(discord: Discord, home: Path, folder: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DISCORD_TOKEN": discord.token,
        "FOOTNOTE_DISCORD__API": discord.api,
        # One round is within them; ten without a pause are not.
        **{f"FOOTNOTE_LIMITS__{whose}": "off" for whose in ("MEMBER", "CHANNEL", "SERVER")},
        "FOOTNOTE_LEDGER__URL": f"sqlite:///{folder}/ledger.db",
    }
    log = (folder / "bot.log").open("w")
    command = [sys.executable, "-m", "bot", "bot", "--home", str(home)]
    return _Ended(command, env=environment, stderr=log, text=True)


def _loop(home: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.wire", "--home", str(home), "--loop", str(file)]
    return _Ended(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


class _Ended(subprocess.Popen[str]):
    """A process that ends with its context."""

    def __exit__(self, *error: Any) -> None:
        self.terminate()
        super().__exit__(*error)


def _letters(text: str) -> str:
    """Return what does not depend on how a text is shown."""
    return "".join(character for character in text if character.isalnum())


def _memory(pid: int) -> float:
    """Return the resident memory of a process, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _processor(pid: int) -> float:
    """Return the seconds that a process has had of a processor, on all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _part(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


if __name__ == "__main__":
    main()
