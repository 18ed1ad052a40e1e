"""What the machine refuses is told with what to do, and the index that serves goes on serving."""

from __future__ import annotations

import contextlib
import errno
import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import GenerationBroken, GenerationMismatch, HomeUnusable, current_id, generation_status
from index.generations import room
from index.generations.checksums import differences
from index.generations.exporting import export_generation
from index.generations.home import current_folder, generations_folder, served
from index.generations.operations import prune_home, rollback
from index.generations.retention import Retention
from tests.index.generations.conftest import Two
from tests.index.homes import SETTINGS, embedder, first, opened, rebuild, write

# Megabytes of the disk that is filled.
DISK = 8


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m", "tmpfs", str(place)]
    if not sys.platform.startswith("linux") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only whoever may mount disks can fill one of a few megabytes")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def home(disk: Path, two: Two) -> Path:
    return Path(shutil.copytree(two.home, disk / "home"))


@pytest.fixture
def unwary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin whatever the estimate says, so that the disk fills in the middle."""
    monkeypatch.setattr(room, "require_room", lambda *_: None)
    monkeypatch.setattr("index.builder.require_room", lambda *_: None)


def fill(disk: Path, leave: int) -> Path:
    filler = disk / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while (free := shutil.disk_usage(disk).free) > leave:
            file.write(bytes(min(4096 * 16, free - leave)))
            file.flush()
    return filler


# From the middle of writing its parts to not even a lock.
@pytest.mark.usefixtures("unwary")
@pytest.mark.parametrize("left", [600_000, 300_000, 40_000, 0])
def test_a_disk_that_fills_during_a_build_is_told_and_the_next_build_succeeds(
    disk: Path, home: Path, two: Two, left: int
) -> None:
    write(two.articles, "comet", "The comet will be seen in June.")
    filler = fill(disk, left)
    with pytest.raises(HomeUnusable, match=r"no room left on the disk .*prune --keep 1"):
        rebuild(two.articles, home)

    assert two.second == current_id(home)
    assert [] == differences(current_folder(home))
    filler.unlink()
    assert rebuild(two.articles, home).added == 1
    assert 2 == len(list(generations_folder(home).iterdir()))


@pytest.mark.usefixtures("unwary")
def test_a_full_disk_still_answers(disk: Path, home: Path) -> None:
    fill(disk, 0)

    assert "flood" == first(home, "How high did the river rise?")


def test_the_pruning_that_is_advised_makes_room_on_a_disk_that_takes_nothing_more(
    disk: Path, home: Path, two: Two
) -> None:
    (generations_folder(home) / "building-1").mkdir()
    fill(disk, 0)

    assert (two.first,) == prune_home(home, Retention(keep=1)).removed
    assert (two.second,) == served(home)
    assert [two.second] == [folder.name for folder in generations_folder(home).iterdir()]
    assert {"CURRENT", "build.lock", "generations"} == {path.name for path in home.iterdir()}


def test_nothing_is_removed_from_a_full_disk_while_another_machine_may_build_there(
    disk: Path, home: Path, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.generations.holder.PATIENCE", 0.1)
    (home / "build.holder").write_text(json.dumps({"host": "elsewhere", "process": 5, "name": "other", "beat": 1}))
    fill(disk, 0)
    with pytest.raises(HomeUnusable):
        prune_home(home, Retention(keep=1))

    assert (two.second, two.first) == served(home)
    assert 2 == len(list(generations_folder(home).iterdir()))


def test_a_build_for_which_there_is_no_room_does_not_begin(home: Path, two: Two) -> None:
    write(two.articles, "comet", "The comet will be seen in June.")
    with pytest.raises(HomeUnusable, match=r"The new index needs about \d+ MB in .*, and \d+ MB are free"):
        rebuild(two.articles, home)

    assert two.second == current_id(home)


def test_a_home_that_can_be_read_only_is_told(disk: Path, home: Path, two: Two) -> None:
    write(two.articles, "comet", "The comet will be seen in June.")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(HomeUnusable, match="read only"):
        rebuild(two.articles, home)
    with pytest.raises(HomeUnusable, match="read only"):
        opened(home)


@pytest.mark.parametrize("limit", [20_000, 150_000])
def test_a_limit_on_how_large_files_may_be_is_told(two: Two, limit: int) -> None:
    write(two.articles, "comet", "The comet will be seen in June.")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(HomeUnusable, match="ulimit -f"):
            rebuild(two.articles, two.home)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert two.second == current_id(two.home)
    assert rebuild(two.articles, two.home).added == 1


def test_a_home_in_the_place_of_a_file_is_told(two: Two, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeUnusable, match="another home with --home"):
        rebuild(two.articles, tmp_path / "file" / "home")


def test_an_index_of_a_later_chroma_is_refused_with_what_to_install(two: Two) -> None:
    path = current_folder(two.home) / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["written_by"]["chromadb"] = "99.1.3"
    path.write_text(json.dumps(manifest))

    with pytest.raises(GenerationMismatch, match=r"chromadb>=99\.1\.3"):
        opened(two.home)


def test_an_index_built_by_a_clock_that_ran_ahead_is_not_older_than_the_next(two: Two) -> None:
    path = current_folder(two.home) / "manifest.json"
    path.write_text(path.read_text().replace('"built_at": "20', '"built_at": "21'))
    write(two.articles, "comet", "The comet will be seen in June.")
    assert 0 == generation_status(two.home).age_seconds
    report = rebuild(two.articles, two.home)

    assert report.generation == current_id(two.home)
    assert (two.second,) == generation_status(two.home).older


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n", b"../../etc\n", b"20200101T000000Z-000000\n", b"\0" * 40])
def test_a_damaged_current_is_told_and_the_next_build_mends_it(two: Two, content: bytes) -> None:
    (two.home / "CURRENT").write_bytes(content)
    with pytest.raises(Exception, match="footnote index rebuild"):
        opened(two.home)
    rebuilt = rebuild(two.articles, two.home)

    assert rebuilt.published
    assert "flood" == first(two.home, "How high did the river rise?")


@pytest.mark.parametrize("content", [b"", b"../../etc\n", b"20200101T000000Z-000000\n", b"\0" * 40])
def test_a_damaged_current_is_told_by_whatever_asks_which_index_serves(
    two: Two, tmp_path: Path, content: bytes
) -> None:
    (two.home / "CURRENT").write_bytes(content)
    for ask in (
        lambda: rollback(two.home, SETTINGS),
        lambda: rollback(two.home, SETTINGS, two.first),
        lambda: export_generation(two.home, tmp_path / "out.tar"),
    ):
        with pytest.raises(GenerationBroken, match=r"CURRENT is damaged: .* Run: footnote index rebuild$"):
            ask()
    assert two.first == export_generation(two.home, tmp_path / "out.tar", two.first).generation


def test_a_generation_replaced_and_removed_while_it_is_opened_costs_no_answer(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import Retention, open_index, retrieve
    from index.generations.operations import prune_home, rollback

    read = retrieve.read_manifest

    def replaced(folder: Path) -> object:
        found = read(folder)
        monkeypatch.setattr(retrieve, "read_manifest", read)
        rollback(two.home, SETTINGS)
        prune_home(two.home, Retention(keep=1))
        return found

    monkeypatch.setattr(retrieve, "read_manifest", replaced)
    with open_index(two.home, SETTINGS, embedder()) as index:
        assert two.first == index.summary.generation
    with pytest.raises(GenerationBroken):
        retrieve.Index(generations_folder(two.home) / two.second, SETTINGS, embedder())


@pytest.mark.parametrize("change", [lambda home: rollback(home, SETTINGS), lambda home: prune_home(home, Retention(1))])
def test_a_disk_that_is_full_is_told_of_by_a_rollback_and_a_prune_as_well(
    two: Two, change: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("index.generations.retention.write_durably", full)
    with pytest.raises(HomeUnusable, match="no room left"):
        change(two.home)
    assert two.second == current_id(two.home)
