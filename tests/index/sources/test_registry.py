"""What `[[sources]]` may say, and what is said of what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.config import Config, ConfigProblem, load, values_in_force
from index.sources import build_sources


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return what writes a footnote.toml in a folder that is not the one that the test runs in."""
    folder = tmp_path / "configured"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_CONFIG", str(folder / "footnote.toml"))

    def write(text: str) -> Path:
        (folder / "footnote.toml").write_text(text, encoding="utf-8")
        return folder

    return write


def test_paths_are_relative_to_the_file(write) -> None:
    folder = write('[[sources]]\nname = "Notes"\nkind = "files"\npath = ["articles", "~/more", "/abs"]\n')

    (source,) = build_sources(load(Config).config)

    expected = ("Notes", "files", f"{folder / 'articles'}, {Path('~/more').expanduser()}, /abs", True, 0.2)
    assert expected == (source.name, source.kind, source.where, source.complete, source.shrink)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[sources]]\nname = "N"\nkind = "fils"\n', ['"N"', '"fils"', "files"]),
        ('[[sources]]\nname = "N"\nkind = "files"\npfad = "a"\n', ['"N"', "pfad", "no such key", "path, publisher"]),
        ('[[sources]]\nname = "N"\nkind = "files"\npath = 3\n', ['"N"', "path", "A file or folder"]),
        ('[[sources]]\nname = "N"\nkind = "files"\npath = []\n', ['"N"', "path", "may not be empty"]),
        ('[[sources]]\nname = "N"\nkind = "files"\npath = "a"\nshrink = 2\n', ['"N"', "shrink", "less than or equal"]),
        ('[[sources]]\nkind = "files"\n', ["number 1", "no name"]),
        ('[[sources]]\nname = "N"\n', ['"N"', "no kind"]),
        ('[[sources]]\nname = 5\nkind = "files"\n', ["number 1", "no name"]),
        ('[[sources]]\nname = "a/b"\nkind = "files"\n', ["a/b", "no name for a source"]),
        ('[[sources]]\nname = "\\u001b[2J"\nkind = "files"\n', ["\\\\x1b", "no name for a source"]),
        ('[[sources]]\nname = "N"\nkind = "files"\n[[sources]]\nname = "n"\nkind = "files"\n', ["Two sources", '"n"']),
        ('sources = ["articles"]\n', ["no list of tables", "[[sources]]"]),
        ("[sources]\na = 1\n", ["no list of tables", "[[sources]]"]),
    ],
)
def test_what_cannot_be_used_is_named_with_its_source_and_what_there_is(write, text: str, said: list[str]) -> None:
    write(text)

    with pytest.raises(ConfigProblem) as caught:
        build_sources(load(Config).config)

    assert [] == [word for word in said if word.replace("\\\\", "\\") not in str(caught.value)], str(caught.value)


def test_the_values_in_force_have_the_sources_with_their_origins(write) -> None:
    folder = write('[[sources]]\nname = "Notes"\nkind = "files"\npath = "articles"\n')

    rows = values_in_force(load(Config))

    file = str(folder / "footnote.toml")
    expected = {
        "sources.Notes.kind": ("files", file),
        "sources.Notes.publisher": (None, "default"),
        "sources.Notes.limit": (None, "default"),
        "sources.Notes.shrink": (0.2, "default"),
        "sources.Notes.max_minutes": (None, "default"),
        "sources.Notes.path": ([str(folder / "articles")], file),
        "sources.Notes.watch": (False, "default"),
    }
    assert expected == {key: row for key, row in rows.items() if key.startswith("sources")}
