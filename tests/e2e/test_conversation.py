"""`footnote ask` on a real terminal: a conversation, typed and read as a person would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are a Unix thing")


def test_a_conversation_on_a_terminal_understands_follow_ups_and_ends_on_an_empty_line(seed_home: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": "200", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--home", str(seed_home)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        os.write(ours, b"Where was the stolen astrolabe found?\nWhen was it stolen?\nthanks\n\n")
        seen = _read(ours)
    os.close(ours)

    assert 0 == process.returncode
    assert re.search(r"in a cello case.*Understood as: When was the astrolabe stolen\?.*You are welcome", seen, re.S)


def _read(descriptor: int) -> str:
    """Return what a terminal shows until nobody writes to it any more."""
    seen = b""
    while True:
        try:
            piece = os.read(descriptor, 65_536)
        except OSError:  # how Linux says that the other end is closed
            piece = b""
        if not piece:
            return seen.decode("utf-8", "replace")
        seen += piece
