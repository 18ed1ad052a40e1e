"""How fast the command line answers, and how much memory the bot holds.

    python -m bench.startup

`footnote --help` is timed against `python -c pass` in turns; memory is that of a process that has answered questions
over the sample articles, with discord.py loaded.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 15

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
        memory = subprocess.run([sys.executable, "-c", ASKS, home], check=True, capture_output=True, text=True)
    print(f"resident memory of the bot   {float(memory.stdout.split()[-1]):.0f} MB")


if __name__ == "__main__":
    main()
