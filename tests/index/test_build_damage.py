"""What is damaged, replaced or killed is noticed and told, and the index that serves comes to no harm."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index import (
    BuildFailed,
    BuildRunning,
    GenerationBroken,
    GenerationMismatch,
    open_index,
)
from index.generations import current_folder, generations_folder
from tests.index.homes import SETTINGS, embedder, first, opened, rebuild, write, write_three


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_three(tmp_path / "articles")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def damage_offsets(folder: Path) -> None:
    import sqlite3

    database = sqlite3.connect(folder / "articles.db")
    with database:
        database.execute("UPDATE articles SET text = 'x' || text WHERE id = 'ferry'")
    database.close()


def damage_counts(folder: Path) -> None:
    np.save(folder / "dense" / "vectors.npy", np.load(folder / "dense" / "vectors.npy")[:-1])


def damage_vectors(folder: Path) -> None:
    vectors = np.load(folder / "dense" / "vectors.npy")
    np.save(folder / "dense" / "vectors.npy", -vectors)


@pytest.mark.parametrize("damage", [damage_offsets, damage_counts, damage_vectors])
def test_a_generation_that_is_not_right_is_never_published(articles: Path, home: Path, damage: object) -> None:
    from index.validate import validate

    rebuild(articles, home)
    folder = current_folder(home)
    validate(folder)
    damage(folder)  # type: ignore[operator]

    with pytest.raises(BuildFailed, match="not published"):
        validate(folder)


@pytest.mark.parametrize("part", ["manifest.json", "articles.db", "tokens/vectors.npy", "dense/chroma/chroma.sqlite3"])
def test_a_lost_part_is_named_with_what_to_do(articles: Path, home: Path, part: str) -> None:
    rebuild(articles, home)
    (current_folder(home) / part).unlink()

    with pytest.raises(GenerationBroken, match=r"ebuild|--full"):
        open_index(home, SETTINGS)


@pytest.mark.parametrize(
    "part", ["articles.db", "tokens/vectors.npy", "dense/vectors.npy", "dense/chroma/chroma.sqlite3"]
)
def test_a_damaged_index_is_named_and_a_full_rebuild_mends_it(articles: Path, home: Path, part: str) -> None:
    rebuild(articles, home)
    (current_folder(home) / part).write_bytes(b"damaged " * 4096)
    with pytest.raises(GenerationBroken, match="--full"):
        opened(home)

    assert rebuild(articles, home, full=True).published
    assert "museum" == first(home, "Where was the astrolabe found?")


@pytest.mark.parametrize(
    "part",
    [
        "articles.db",
        "tokens/vectors.npy",
        "dense/vectors.npy",
        "dense/chroma/chroma.sqlite3",
        "dense/chroma/*/link_lists.bin",
        "dense/chroma/*/data_level0.bin",
        "copies/links.json",
    ],
)
def test_a_change_over_a_damaged_index_embeds_everything_anew(articles: Path, home: Path, part: str) -> None:
    rebuild(articles, home)
    (file,) = current_folder(home).glob(part)
    file.write_bytes(b"damaged " * 4096)
    write(articles, "flood", "The river rose to 6.42 metres on Tuesday night.")
    report = rebuild(articles, home)

    assert (4, 4, True) == (report.passages, report.embedded, report.anew)
    assert "flood" == first(home, "How high did the river rise?")


@pytest.mark.parametrize("part", ["tokens/vectors.npy", "dense/vectors.npy", "dense/chroma/*/data_level0.bin"])
def test_a_flipped_bit_is_not_handed_on_to_the_next_generation_as_sound(
    articles: Path, home: Path, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    rebuild(articles, home)
    (file,) = current_folder(home).glob(part)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    write(articles, "flood", "The river rose to 6.42 metres on Tuesday night.")

    assert rebuild(articles, home).anew
    assert f"{file.relative_to(file.parents[part.count('/')]).as_posix()} is not as it was published." in caplog.text


def test_other_weights_under_the_same_name_are_refused_and_a_full_rebuild_takes_them_over(
    articles: Path, home: Path
) -> None:
    rebuild(articles, home)
    manifest = current_folder(home) / "manifest.json"
    manifest.write_text(manifest.read_text().replace(embedder().fingerprint, "other"))
    with pytest.raises(GenerationMismatch, match="--full"):
        opened(home)
    write(articles, "flood", "The river rose to 6.42 metres on Tuesday night.")
    report = rebuild(articles, home)

    assert (4, 4) == (report.passages, report.embedded), "vectors of two models never stand side by side"


def test_an_unreadable_current_generation_costs_no_other(articles: Path, home: Path, tmp_path: Path) -> None:
    rebuild(articles, home)
    write(articles, "ferry", "The ferry sails twice a day.")
    rebuild(articles, home)
    (current_folder(home) / "manifest.json").unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(BuildFailed):
        rebuild(empty, home)

    assert 2 == len(list(generations_folder(home).iterdir()))


def test_a_home_is_free_again_when_the_process_that_held_it_was_killed(articles: Path, home: Path) -> None:
    holds = "import sys, time; from pathlib import Path; from index.generations import building\n"
    holds += "with building(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holds, home], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert b"held\n" == holder.stdout.readline()
        with pytest.raises(BuildRunning, match=f"process {holder.pid}"):
            rebuild(articles, home)
        holder.kill()

    assert rebuild(articles, home).published


def test_a_collection_that_names_a_program_to_embed_with_is_refused(articles: Path, home: Path) -> None:
    """Chroma would load the model it names, and run the code that comes with it."""
    import sqlite3

    rebuild(articles, home)
    database = sqlite3.connect(current_folder(home) / "dense" / "chroma" / "chroma.sqlite3")
    with database:
        program = '{"type":"known","name":"sentence_transformer","config":{"model_name":"evil"}}'
        database.execute(
            "UPDATE collections SET schema_str = replace(schema_str, ?, ?)", ('{"type":"legacy"}', program)
        )
    database.close()

    with pytest.raises(GenerationBroken, match="a program to embed with"):
        opened(home)


def test_an_index_whose_last_part_cannot_be_read_leaves_nothing_open(
    articles: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot tries it again every minute."""
    import gc

    import psutil

    def fail(*_: object) -> None:
        raise GenerationBroken("damaged")

    rebuild(articles, home)
    opened(home).close()
    gc.collect()
    before = psutil.Process().num_fds()
    monkeypatch.setattr("index.retrieve.Labels", fail)
    for _ in range(3):
        with pytest.raises(GenerationBroken):
            opened(home)
    gc.collect()
    deadline = time.monotonic() + 5  # threads of Chroma's let go of files in their own time
    while psutil.Process().num_fds() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert before >= psutil.Process().num_fds()
