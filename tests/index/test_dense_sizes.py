"""The dense part is written and read whatever room Chroma has made for its elements: it grows from the hundredth on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, DenseWriter


@pytest.mark.parametrize("count", [99, 100, 130])
def test_as_many_passages_as_were_written_are_found(tmp_path: Path, count: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    writer = DenseWriter(tmp_path / "dense", 16, coming=count)
    writer.append([f"p{row}" for row in range(count)], vectors, [{"article_id": "a", "source": ""}] * count)
    writer.finish()
    dense = DenseIndex(tmp_path / "dense")
    found = [dense.search(vectors[row], 1)[0][0] for row in (0, count // 2, count - 1)]
    dense.close()

    assert ["p0", f"p{count // 2}", f"p{count - 1}"] == found
