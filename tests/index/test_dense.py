"""The dense part holds what was added, however much at once, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.chroma import close_client, get_collection, open_client
from index.dense import ENOUGH_FOR, FEW, SEARCHED, DenseIndex, DenseWriter, searched

DIMENSION = 8


def write(folder: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    monkeypatch.setattr("index.dense.FEW", 1000)
    vectors = np.random.default_rng(1).standard_normal((count, DIMENSION), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    writer = DenseWriter(folder, DIMENSION, count)
    for first in range(0, count, 500):
        ids = [str(row) for row in range(first, min(first + 500, count))]
        writer.append(ids, vectors[first : first + 500], [{"article_id": "a"}] * len(ids))
    writer.finish()
    return vectors


@pytest.mark.parametrize("count", [1, 700, 2500], ids=["one", "few", "brought up to date on the way"])
def test_every_vector_is_found_and_readers_have_nothing_left_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    assert FEW > 5000, "of few, none is written more than once"
    vectors = write(tmp_path / "dense", count, monkeypatch)
    files = {path: path.read_bytes() for path in (tmp_path / "dense").rglob("*") if path.is_file()}
    dense = DenseIndex(tmp_path / "dense")
    found = [dense.search(vectors[row], 1)[0][0] for row in range(0, count, max(1, count // 20))]
    dense.close()

    assert count == len(dense.vectors)
    assert [str(row) for row in range(0, count, max(1, count // 20))] == found
    assert files == {path: path.read_bytes() for path in (tmp_path / "dense").rglob("*") if path.is_file()}


def test_nothing_that_lay_in_memory_is_written_beside_the_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "dense", 30, monkeypatch)
    (data,) = tmp_path.rglob("data_level0.bin")
    (lengths,) = tmp_path.rglob("length.bin")
    element = data.stat().st_size * 4 // lengths.stat().st_size

    assert not data.read_bytes()[30 * element :].strip(b"\0")
    assert not lengths.read_bytes()[30 * 4 :].strip(b"\0")


def test_more_of_a_graph_is_looked_at_the_larger_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert searched(1) == searched(ENOUGH_FOR) == SEARCHED < searched(2 * ENOUGH_FOR) < 2 * SEARCHED
    monkeypatch.setattr("index.dense.ENOUGH_FOR", 100)
    write(tmp_path / "dense", 700, monkeypatch)
    client = open_client(tmp_path / "dense" / "chroma")
    kept = get_collection(client, "passages").configuration_json["hnsw"]
    close_client(client)

    assert searched(700) == kept["ef_search"] > SEARCHED
