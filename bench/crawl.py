"""A crawl from footnote.toml to a cited answer, over three feeds, a sitemap and a folder on loopback servers.

    python -m bench.crawl [--pages 500]

It is done by the commands themselves: everything is read; then again, with one article of each source changed; then
with the sitemap's server down; then with it back. Printed is for each what was sent and how long it took.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.e2e.crawled import SOURCES, Valley


def main() -> None:
    """Crawl and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=500, help="articles in all, a multiple of five")
    pages = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as name, Valley(Path(name), pages) as valley:
        _rebuild(valley, "everything is new")
        lot = valley.numbers(3)[0]
        answer = _run(valley, "ask", f"What is made at lot {lot}?")[1]
        cited = answer["citations"][0]["url"] if answer.get("citations") else None
        print(f"asked of lot {lot}: {answer['status']}, cites {cited == valley.webs[3].url(f'/lot/{lot}.html')}")
        for source in range(len(SOURCES)):
            valley.change(valley.numbers(source)[1])
        _rebuild(valley, "five have changed")
        _rebuild(valley, "nothing has changed")
        valley.webs[3].down()
        _rebuild(valley, "the sitemap's server is down")
        status = _run(valley, "index", "status")[1]
        for source in status["configured_sources"]:
            if source["failure"]:
                print(f"    {source['name']}: {source['state']}, keeps {source['articles']}. {source['failure']}")
        valley.webs[3].up()
        _rebuild(valley, "it is back")


def _rebuild(valley: Valley, what: str) -> None:
    began = time.monotonic()
    status, report = _run(valley, "index", "rebuild")
    seconds = time.monotonic() - began
    whole, same = valley.asked()
    counts = ", ".join(f"{report[key]} {key}" for key in ("added", "changed", "removed", "unchanged"))
    reading = max(source["seconds"] for source in report["sources"])
    print(
        f"{what}: exit {status}; {counts}; pages sent {whole}, not modified {same}; "
        f"{report['embedded']} passages embedded; {seconds:.1f} s, of which {reading:.1f} s of reading",
        flush=True,
    )


def _run(valley: Valley, *arguments: str) -> tuple[int, dict[str, Any]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments, "--json"], cwd=valley.folder, capture_output=True, text=True,
        check=False, env=environment | {"PYTHONPATH": root},
    )  # fmt: skip
    if not done.stdout:
        raise SystemExit(done.stderr)
    return done.returncode, json.loads(done.stdout)


if __name__ == "__main__":
    main()
