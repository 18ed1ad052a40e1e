"""Whatever is killed, and wherever: the old index serves or the new, whole, and the next build leaves nothing behind.

A sample of the points; `python -m bench.kill` has them all, also those that only the kernel sees.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the victims are forked")
def test_an_operation_killed_at_any_point_leaves_one_whole_index_and_nothing_else() -> None:
    command = [sys.executable, "-m", "bench.kill", "--json", "--layers", "calls", "--points", "4"]
    done = subprocess.run(
        [*command, "--operations", "build,increment,publish,rollback,prune,import"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    found = json.loads(done.stdout or "{}")

    assert [] == found.get("wrong"), done.stderr.decode()
    assert found["killed"] >= 20
    assert found["old"] and found["new"]
