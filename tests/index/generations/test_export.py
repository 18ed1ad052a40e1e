"""An export is one file that another machine imports whole, without embedding; and nothing else gets in."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

from index import (
    BuildFailed,
    GenerationBroken,
    GenerationMismatch,
    HomeUnusable,
    ImportRefused,
    IndexSettings,
    current_id,
)
from index.generations import exporting, room
from index.generations.checksums import CHECKSUMS, differences, write_checksums
from index.generations.durable import write_durably
from index.generations.exporting import Exported, export_generation
from index.generations.home import current_folder, generations_folder, served
from index.generations.importing import import_generation
from index.generations.manifest import Manifest, read_manifest
from index.generations.retention import Retention
from tests.index.generations.conftest import Two
from tests.index.homes import SETTINGS, embedder, first, rebuild, write


@pytest.fixture(scope="module")
def exported(built_two: Two) -> bytes:
    stream = io.BytesIO()
    export_generation(built_two.home, stream)
    return stream.getvalue()


def exported_bytes(home: Path, name: str) -> bytes:
    stream = io.BytesIO()
    export_generation(home, stream, name)
    return stream.getvalue()


def take(home: Path, content: bytes) -> str:
    return import_generation(home, io.BytesIO(content), SETTINGS, embedder()).generation


def test_what_is_imported_answers_and_is_built_on_as_where_it_was_exported(
    two: Two, exported: bytes, tmp_path: Path
) -> None:
    home = tmp_path / "another place"
    shutil.move(two.home, tmp_path / "gone")
    taken = take(home, exported)

    assert two.second == taken == current_id(home)
    assert [] == differences(current_folder(home))
    assert "flood" == first(home, "How high did the river rise?")
    write(two.articles, "comet", "The comet will be seen in June.")
    report = rebuild(two.articles, home)
    assert (1, 4, 1) == (report.added, report.unchanged, report.embedded)


def test_the_model_is_not_even_loaded_where_its_weights_are_known(
    two: Two, exported: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt = rebuild(two.articles, two.home, full=True).generation
    monkeypatch.setattr("index.embed.Embedder.__init__", lambda *_: pytest.fail("the model was loaded"))

    taken = import_generation(two.home, io.BytesIO(exported), SETTINGS)

    assert (two.second, rebuilt) == (taken.generation, taken.previous)


def test_an_export_is_a_tar_file_with_the_checksums_first_and_the_same_each_time(two: Two, exported: bytes) -> None:
    path = two.home.parent / "index.tar"
    done = export_generation(two.home, path, two.second)
    with tarfile.open(path) as tar:
        names = tar.getnames()
        kept = (current_folder(two.home) / CHECKSUMS).read_bytes()
        first_file = tar.extractfile(CHECKSUMS)
        assert first_file is not None
        assert kept == first_file.read()

    assert ["checksums", "manifest.json"] == names[:2]
    assert exported == path.read_bytes()
    assert Exported(two.second, len(names), len(exported) - _padding(exported)) == done
    assert [path] == [left for left in two.home.parent.iterdir() if "tar" in left.name]


def _padding(content: bytes) -> int:
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        return len(content) - sum(member.size for member in tar.getmembers())


def test_a_damaged_generation_is_not_exported_and_leaves_no_file(two: Two) -> None:
    with (current_folder(two.home) / "articles.db").open("r+b") as file:
        file.seek(4000)
        file.write(b"\xff\xff")
    path = two.home.parent / "index.tar"

    with pytest.raises(GenerationBroken, match="not as it was published"):
        export_generation(two.home, path)
    assert not [left for left in two.home.parent.iterdir() if "tar" in left.name]


def test_what_cannot_be_read_is_told_of_and_not_the_file_that_is_written(two: Two, tmp_path: Path) -> None:
    archive = current_folder(two.home) / "articles.db"
    archive.unlink()
    archive.mkdir()

    with pytest.raises(GenerationBroken, match=r"articles\.db cannot be read"):
        export_generation(two.home, tmp_path / "out.tar")
    assert [] == list(tmp_path.glob("*out.tar*"))


def test_exports_to_one_file_at_once_do_not_spoil_each_other(two: Two, exported: bytes, tmp_path: Path) -> None:
    target = tmp_path / "out.tar"
    with ThreadPoolExecutor(4) as pool:
        names = [two.first, two.second] * 20
        done = list(pool.map(lambda name: export_generation(two.home, target, name), names))

    assert names == [each.generation for each in done]
    assert target.read_bytes() in {exported, exported_bytes(two.home, two.first)}
    assert [target] == list(tmp_path.glob("*out.tar*"))


@pytest.mark.skipif(fcntl is None, reason="no locks here")
def test_what_a_killed_export_left_goes_with_the_next_one_but_not_what_is_being_written(
    two: Two, tmp_path: Path
) -> None:
    dead, alive = tmp_path / ".out.tar.0a.part", tmp_path / ".out.tar.0b.part"
    dead.write_bytes(b"half of it")
    with alive.open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        export_generation(two.home, tmp_path / "out.tar")

    assert [alive] == list(tmp_path.glob(".out.tar*"))


def test_an_export_replaces_what_a_link_leads_to(two: Two, exported: bytes, tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    link = tmp_path / "latest.tar"
    link.symlink_to(tmp_path / "shelf" / "index.tar")
    export_generation(two.home, link)

    assert link.is_symlink()
    assert exported == (tmp_path / "shelf" / "index.tar").read_bytes()


def test_an_export_puts_no_file_in_the_place_of_what_is_none(two: Two, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(HomeUnusable, match=r"is no file\."):
            export_generation(two.home, target)
    assert (tmp_path / "pipe").is_fifo()


def test_what_was_built_with_other_settings_is_refused_before_the_rest_is_read(two: Two, exported: bytes) -> None:
    stream = io.BytesIO(exported)
    with pytest.raises(GenerationMismatch, match="passage_tokens"):
        import_generation(two.home.parent / "new", stream, IndexSettings(passage_tokens=100), embedder())

    assert stream.tell() < 20_000
    assert None is current_id(two.home.parent / "new")


def test_importing_what_serves_already_or_served_before_changes_only_what_serves(two: Two, exported: bytes) -> None:
    assert two.second == take(two.home, exported)
    rebuild(two.articles, two.home, full=True)
    now = current_id(two.home)
    assert two.second == take(two.home, exported)

    assert (two.second, now) == served(two.home)


def test_an_import_that_does_not_pass_takes_away_nothing_of_what_it_would_mend(
    two: Two, exported: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (current_folder(two.home) / "copies" / "signatures.npy").write_bytes(b"damaged")

    def fail(_: Path) -> None:
        raise BuildFailed("not right")

    monkeypatch.setattr("index.validate.validate", fail)
    with pytest.raises(BuildFailed):
        take(two.home, exported)
    assert "flood" == first(two.home, "How high did the river rise?")


def test_an_import_mends_the_generation_that_it_is_of(two: Two, exported: bytes) -> None:
    (current_folder(two.home) / "articles.db").write_bytes(b"damaged" * 999)
    assert two.second == take(two.home, exported)

    assert [] == differences(current_folder(two.home))


def test_there_has_to_be_room_for_an_import(two: Two, exported: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(two.home)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage._replace(free=(32 << 20) + 9_000))

    with pytest.raises(HomeUnusable, match="prune --keep 1"):
        take(two.home.parent / "new", exported)


def rewritten(content: bytes, change: Callable[[tarfile.TarInfo, bytes], list[tuple[tarfile.TarInfo, bytes]]]) -> bytes:
    """Return an export with its members changed, and checksums that fit where a member is named "checksums"."""
    stream = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as old,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as new,
    ):
        for member in old.getmembers():
            file = old.extractfile(member)
            for info, data in change(member, file.read() if file else b""):
                info.size = len(data) if info.isreg() else info.size
                new.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", size: int = 0) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, target, size
    return info


def before_articles(*extra: tuple[tarfile.TarInfo, bytes]) -> Callable[[bytes], bytes]:
    """Return what puts members in front of the articles."""
    return lambda content: rewritten(
        content, lambda member, data: [*(extra if member.name == "articles.db" else ()), (member, data)]
    )


def with_checksums(line: str) -> Callable[[bytes], bytes]:
    return lambda content: rewritten(
        content,
        lambda member, data: [
            (member, b"".join(sorted([*data.splitlines(True), line.encode()], key=lambda x: x[66:])))
            if member.name == CHECKSUMS
            else (member, data)
        ],
    )


ZERO = "0" * 64
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "noise": lambda _: b"\x93" * 5000,
    "a page of text": lambda _: b"<html>Not found</html>\n" * 500,
    "compressed": lambda content: __import__("gzip").compress(content, 1),
    "cut off in a file": lambda content: content[: len(content) // 2],
    "cut off in a header": lambda content: content[:700],
    "cut off before its end": lambda content: content[:-1024],
    "a flipped bit in a file": lambda content: content[:-200_000] + bytes([content[-200_000] ^ 4]) + content[-199_999:],
    "a header changed": lambda content: content[:140] + b"7777777" + content[147:],
    "no checksums": lambda c: rewritten(c, lambda m, d: [] if m.name == CHECKSUMS else [(m, d)]),
    "no manifest": lambda c: rewritten(c, lambda m, d: [] if m.name == "manifest.json" else [(m, d)]),
    "a file twice": before_articles((named("manifest.json"), b"{}")),
    "a stranger": before_articles((named("stranger"), b"hello")),
    "a path upwards": before_articles((named("../../../etc/cron.d/evil"), b"* * * * * root true")),
    "an absolute path": before_articles((named("/tmp/evil"), b"evil")),
    "a path upwards with a checksum": with_checksums(f"{ZERO}  ../../evil\n"),
    "an absolute path with a checksum": with_checksums(f"{ZERO}  /tmp/evil\n"),
    "a backslash with a checksum": with_checksums(f"{ZERO}  ..\\evil\n"),
    "the checksums' own checksum": with_checksums(f"{ZERO}  checksums\n"),
    "a drive's path with a checksum": with_checksums(f"{ZERO}  C:evil\n"),
    "a symbolic link": before_articles((named("articles.db", tarfile.SYMTYPE, "/etc/passwd"), b"")),
    "a hard link": before_articles((named("articles.db", tarfile.LNKTYPE, "/etc/passwd"), b"")),
    "a device": before_articles((named("articles.db", tarfile.CHRTYPE), b"")),
    "a pipe": before_articles((named("articles.db", tarfile.FIFOTYPE), b"")),
    "a folder": before_articles((named("articles.db", tarfile.DIRTYPE), b"")),
    "a sparse file": before_articles((named("articles.db", tarfile.GNUTYPE_SPARSE), b"")),
    "an extended header": before_articles((named("x", tarfile.XHDTYPE), b"")),
    "a long name": before_articles((named("n" * 300), b"")),
    "a manifest that is none": lambda c: rewritten(c, lambda m, d: [(m, b"[]" if m.name == "manifest.json" else d)]),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_whole_export_is_refused_and_nothing_changes(two: Two, exported: bytes, kind: str) -> None:
    before = {path.relative_to(two.home.parent) for path in two.home.parent.rglob("*")}

    with pytest.raises(ImportRefused, match="still serves"):
        take(two.home, HOSTILE[kind](exported))

    assert two.second == current_id(two.home)
    after = {path.relative_to(two.home.parent) for path in two.home.parent.rglob("*")}
    assert {Path("home/build.lock")} >= after - before
    assert set() == before - after


def test_a_file_that_claims_to_be_huge_is_refused_before_a_byte_of_it_is_written(two: Two, exported: bytes) -> None:
    def huge(member: tarfile.TarInfo, data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
        return [(member, data)]

    with tarfile.open(fileobj=io.BytesIO(rewritten(exported, huge))) as tar:
        member = tar.getmember("articles.db")
    start = member.offset_data - tarfile.BLOCKSIZE
    member.size = 1 << 60
    header = member.tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(HomeUnusable, match="needs about"):
        take(two.home.parent / "new", exported[:start] + header + exported[start + tarfile.BLOCKSIZE :])
    assert [] == list(generations_folder(two.home.parent / "new").iterdir())


def test_an_import_with_fitting_checksums_but_articles_of_another_is_not_published(two: Two, exported: bytes) -> None:
    """Whoever wrote the checksums may lie as well: the parts have to agree."""
    folder = current_folder(two.home)
    shutil.copy(generations_folder(two.home) / two.first / "articles.db", folder / "articles.db")
    (folder / CHECKSUMS).unlink()
    write_checksums(folder)
    stream = io.BytesIO()
    export_generation(two.home, stream)

    with pytest.raises(Exception, match="not published"):
        take(two.home.parent / "new", stream.getvalue())


def sealed(home: Path, change: Callable[[Path], object]) -> bytes:
    """Return an export of what serves, changed, with checksums that fit."""
    folder = current_folder(home)
    change(folder)
    write_checksums(folder)
    stream = io.BytesIO()
    exporting._write(folder, stream)  # whoever made it needed no lease
    return stream.getvalue()


def manifest_with(**values: object) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")

    return change


@pytest.mark.parametrize(
    "change",
    [
        manifest_with(built_at="yesterday"),
        manifest_with(built_at="2026-11-24T22:01:30"),
        manifest_with(written_by=["chromadb"]),
        manifest_with(layout="3", fingerprint=""),
        manifest_with(oldest="long ago"),
        manifest_with(sources={"Gazette": None}),
        lambda folder: (folder / "lease").unlink(),
        lambda folder: (folder / "manifest.json").write_text("[" * 200_000),
        lambda folder: (folder / "copies" / "links.json").write_text("[" * 200_000),
    ],
)
def test_an_import_that_would_trouble_every_later_build_or_could_not_be_opened_is_refused(
    two: Two, change: Callable[[Path], object]
) -> None:
    content = sealed(two.home, change)

    with pytest.raises(ImportRefused, match="still serves"):
        take(two.home.parent / "new", content)
    assert None is current_id(two.home.parent / "new")


def test_an_import_whose_copies_cannot_be_read_is_refused(two: Two) -> None:
    content = sealed(two.home, lambda folder: (folder / "copies" / "links.json").write_text("{}"))

    with pytest.raises(GenerationBroken, match="not as a build writes it"):
        take(two.home.parent / "new", content)
    assert None is current_id(two.home.parent / "new")


def test_what_was_deleted_where_an_index_was_built_is_gone_where_it_is_imported(two: Two, tmp_path: Path) -> None:
    there = Path(shutil.copytree(two.home, tmp_path / "there"))
    (two.articles / "museum.jsonl").unlink()
    rebuild(two.articles, there)
    stream = io.BytesIO()
    export_generation(there, stream)

    taken = import_generation(two.home, io.BytesIO(stream.getvalue()), SETTINGS, embedder(), retention=Retention())

    assert (taken.generation,) == served(two.home)
    assert None is taken.previous
    assert [taken.generation] == [folder.name for folder in generations_folder(two.home).iterdir()]


def test_importing_an_older_index_removes_nothing_so_that_one_can_go_forward_again(
    two: Two, exported: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.generations.importing.read_manifest", _later(two.first))
    shutil.rmtree(generations_folder(two.home) / two.second)
    write_durably(two.home / "CURRENT", two.first)

    taken = import_generation(two.home, io.BytesIO(exported), SETTINGS, embedder(), retention=Retention(1))

    assert (two.second, two.first) == (taken.generation, taken.previous)


def _later(name: str) -> Callable[[Path], Manifest]:
    """Return what reads manifests as if that one were built later than all others."""

    def read(folder: Path) -> Manifest:
        manifest = read_manifest(folder)
        return replace(manifest, built_at="2099-01-01T00:00:00+00:00") if folder.name == name else manifest

    return read
