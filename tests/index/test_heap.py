"""Memory of an index that was closed goes back to the system, however often one takes the place of another."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseWriter

COUNT, DIMENSION = 4000, 384
GRAPH = COUNT * DIMENSION * 4  # bytes, at least

OPEN_AND_CLOSE = """
import sys
from pathlib import Path
from index.dense import DenseIndex

def held():
    return next(int(l.split()[1]) * 1024 for l in open("/proc/self/status") if l.startswith("RssAnon"))

levels = []
for number in range(24):
    dense = DenseIndex(Path(sys.argv[1]))
    dense.search(dense.vectors[0], 5)
    dense.close()
    levels.append(held())
print(levels[-1] - levels[0])
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no glibc here, which is what keeps memory")
def test_no_graph_stays_in_memory_after_its_index_was_closed(tmp_path: Path) -> None:
    vectors = np.random.default_rng(1).standard_normal((COUNT, DIMENSION), dtype=np.float32)
    writer = DenseWriter(tmp_path / "dense", DIMENSION, COUNT)
    writer.append([str(row) for row in range(COUNT)], vectors, [{"article_id": "a"}] * COUNT)
    writer.finish()
    command = [sys.executable, "-c", OPEN_AND_CLOSE, str(tmp_path / "dense")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)

    assert int(done.stdout) < GRAPH
