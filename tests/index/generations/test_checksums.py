"""Whatever changes in a published generation is found; and reading changes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.generations.checksums import (
    CHECKSUMS,
    differences,
    files_of,
    parse_checksums,
    read_checksums,
    render_checksums,
)
from index.generations.home import current_folder
from tests.index.generations.conftest import Two
from tests.index.homes import opened

# Places in each file at which a bit is flipped, beside its first and last byte.
PLACES = 40


def test_searching_and_closing_changes_no_file_of_a_generation(two: Two) -> None:
    for _ in range(3):
        with opened(two.home) as index:
            assert index.search("astrolabe")

    assert [] == differences(current_folder(two.home))


def test_a_flipped_bit_at_any_place_of_any_file_is_found(two: Two) -> None:
    folder = current_folder(two.home)
    for name in [*files_of(folder), CHECKSUMS]:
        path = folder / name
        whole = path.read_bytes()
        for place in sorted({int(i * (len(whole) - 1) / PLACES) for i in range(PLACES + 1)} if whole else ()):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << (place % 8)
            path.write_bytes(damaged)
            assert differences(folder), f"{name} at {place}"
        path.write_bytes(whole)

    assert [] == differences(folder)


def test_what_is_missing_or_added_or_no_plain_file_is_named(two: Two) -> None:
    folder = current_folder(two.home)
    (folder / "dense" / "vectors.npy").unlink()
    (folder / "stranger").write_text("hello")
    (folder / "tokens" / "bounds.npy").unlink()
    (folder / "tokens" / "bounds.npy").symlink_to(folder / "manifest.json")

    assert [
        "dense/vectors.npy is missing.",
        "stranger does not belong there.",
        "tokens/bounds.npy is not a plain file.",
    ] == differences(folder)


@given(st.data())
def test_checksums_with_any_flipped_bit_are_refused_or_say_something_else(data: st.DataObject) -> None:
    kept = {"articles.db": "ab" * 32, "dense/vectors.npy": "0f" * 32}
    text = render_checksums(kept).encode()
    place = data.draw(st.integers(0, len(text) - 1))
    flipped = bytearray(text)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = parse_checksums(flipped.decode())
    except ValueError:
        return

    assert kept != found


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b", "a\\b", "", "a//b", "./a"])
def test_checksums_never_name_a_file_outside(name: str) -> None:
    with pytest.raises(ValueError, match="no file of a generation"):
        parse_checksums(f"{'00' * 32}  {name}\n")


def test_the_checksums_are_those_of_b2sum(two: Two) -> None:
    folder = current_folder(two.home)
    done = subprocess.run(["b2sum", "--check", "--quiet", CHECKSUMS], cwd=folder, capture_output=True, check=False)

    assert (0, b"") == (done.returncode, done.stdout)
    assert set(files_of(folder)) == set(read_checksums(folder))


def test_nothing_in_a_generation_names_the_place_where_it_was_built(two: Two, tmp_path: Path) -> None:
    folder = current_folder(two.home)
    for name in files_of(folder):
        if name != "manifest.json":  # which tells what was read
            assert str(two.home.parent.parent).encode() not in (folder / name).read_bytes(), name
