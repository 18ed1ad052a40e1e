"""How fast the command line answers, how soon the bot is ready and how soon it is gone, and how much memory it holds.

    python -m bench.startup

`footnote --help` is timed against `python -c pass` in turns. `footnote bot` is started over the sample articles against
a Discord on this machine: until Discord has let it in, until it is ready as /readyz has it (index loaded, too), until
the first question is acknowledged and answered, and from SIGTERM to its end. Memory is that of a process that has
answered questions over the sample articles, with discord.py loaded.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from tests.wire.discord import Discord

RUNS = 15
STARTS = 3

QUESTION = "How high did the water rise in Tollen?"

BOT = """
import sys
from pathlib import Path
from bot.ask import Asker, read_question
from bot.data import data_folder
from index import IndexSettings, build
import bot.client, psutil
home = Path(sys.argv[1])
build([data_folder("seeds")], home, IndexSettings())
"""

ASKS = """
import sys
from pathlib import Path
from bot.ask import Asker, read_question
from index import IndexSettings
import bot.client, psutil
asker = Asker(Path(sys.argv[1]), IndexSettings())
asker.open()
for _ in range(20):
    asker.ask(read_question("How high did the water rise in Tollen?"))
print(psutil.Process().memory_info().rss / 1e6)
"""


async def start_and_stop(home: str) -> dict[str, float]:
    """Start the bot, ask it something and stop it; return the seconds that each took."""
    discord = Discord()
    await discord.start()
    guild = discord.add_guild()
    channel, alice = discord.add_channel(guild, "news"), discord.add_person("alice", guild)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DISCORD_TOKEN": discord.token,
        "FOOTNOTE_DISCORD__API": discord.api,
        "FOOTNOTE_DISCORD__GATEWAY": discord.gateway_address,
        "FOOTNOTE_HEALTH__PORT": str(port),
    }
    begun = time.perf_counter()
    bot = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "bot", "bot", "--home", home], env=environment, stderr=(Path(home) / "log").open("w")
    )
    took = {
        "let in by Discord": await _until(port, '"discord": true') - begun,
        "ready to answer": await _until(port, '"index": true') - begun,
    }
    before = time.perf_counter()
    call = await (await alice.ask(channel, QUESTION)).answered()
    took["first answer"] = time.perf_counter() - before
    took["of it, acknowledged"] = call.acknowledged or 0.0
    before = time.perf_counter()
    bot.send_signal(signal.SIGTERM)
    await bot.wait()
    took["SIGTERM to its end"] = time.perf_counter() - before
    await discord.stop()
    return took


async def _until(port: int, told: str) -> float:
    """Return when /readyz has told something."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if told in await response.text():
                        return time.perf_counter()
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.02)


def main() -> None:
    """Measure and print."""
    commands = {"python -c pass": ["-c", "pass"], "footnote --help": ["-m", "bot", "--help"]}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, arguments in commands.items():
            before = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            times[name].append(time.perf_counter() - before)
    middle = {name: statistics.median(seconds) for name, seconds in times.items()}
    for name, seconds in middle.items():
        print(f"{name:28} {seconds * 1e3:.0f} ms (median of {RUNS})")
    print(f"help / python -c pass        {middle['footnote --help'] / middle['python -c pass']:.2f}")
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([sys.executable, "-c", BOT, home], check=True, capture_output=True)
        runs = [asyncio.run(start_and_stop(home)) for _ in range(STARTS)]
        for name in runs[0]:
            print(f"{name:28} {statistics.median(run[name] for run in runs):.2f} s (median of {STARTS})")
        memory = subprocess.run([sys.executable, "-c", ASKS, home], check=True, capture_output=True, text=True)
    print(f"resident memory of the bot   {float(memory.stdout.split()[-1]):.0f} MB")


if __name__ == "__main__":
    main()
