"""Adding a source to footnote.toml and taking one out, with everything else in the file as it is."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from tomlkit import aot, table

from index.config_file import read_document, write_document
from index.errors import ConfigProblem
from index.formats.found import shown
from index.sources.declared import Declared, declared_sources, named
from index.sources.options import SourceOptions
from index.sources.registry import build_source, find_kind, read_options


def new_source(name: str, kind: str, given: Mapping[str, Sequence[str]], file: Path) -> Declared:
    """Return a source as somebody typed it, checked, with its values as they are to be written.

    Args:
        name: The source's.
        kind: The kind's.
        given: Each key with the values that were typed for it: several make a list.
        file: Where it is to be written: typed paths are relative to the working directory, written ones to that file.

    Raises:
        ConfigProblem: It cannot be used.
    """
    typed = {key: values[0] if len(values) == 1 else list(values) for key, values in given.items()}
    (declared,) = declared_sources([{"name": name, "kind": kind, **typed}], Path.cwd(), "given here")
    options = read_options(declared, find_kind(kind, name).Options)
    for key in typed:
        if isinstance(getattr(options, key, None), SecretStr):
            raise ConfigProblem(
                f"{key} is a secret, which does not belong into a file.",
                f"Name a variable that holds it: {key}_env=NAME",
            )
    build_source(declared)
    values = {key: _written(options, key, value, file.parent) for key, value in typed.items()}
    return Declared(declared.name, kind, values, file.parent, str(file))


def add_source(file: Path, source: Declared) -> None:
    """Write a source into the file, behind those that are there.

    Raises:
        ConfigProblem: One of that name, or one that is the same, is there; or the file cannot be read or written.
    """
    document, before = read_document(file)
    others = declared_sources(before.get("sources", []), file.parent, str(file))
    if named(source.name, others):
        raise ConfigProblem(f"There is a source {shown(source.name)} in {file}.", "Give the new one another name.")
    for other in others:
        if (other.kind, other.values) == (source.kind, source.values):
            raise ConfigProblem(f"The source {shown(other.name)} in {file} is the same.", "Nothing was changed.")
    entry = table()
    for key, value in {"name": source.name, "kind": source.kind, **source.values}.items():
        entry.add(key, value)
    if "sources" not in document:
        document.append("sources", aot())
    document["sources"].append(entry)
    added = {"name": source.name, "kind": source.kind, **source.values}
    write_document(file, document, before | {"sources": [*before.get("sources", []), added]})


def remove_source(file: Path, name: str) -> Declared:
    """Take a source out of the file, and return it.

    Raises:
        ConfigProblem: There is none of that name; or the file cannot be read or written.
    """
    document, before = read_document(file)
    sources = declared_sources(before.get("sources", []), file.parent, str(file))
    source = named(name, sources)
    if source is None:
        there = f"There are: {', '.join(each.name for each in sources)}." if sources else "There are none."
        raise ConfigProblem(f"There is no source {shown(name)} in {file}.", there)
    place = sources.index(source)
    del document["sources"][place]
    left = [entry for number, entry in enumerate(before["sources"]) if number != place]
    if not left:
        del document["sources"]
    write_document(
        file,
        document,
        {key: value for key, value in before.items() if key != "sources"} | ({"sources": left} if left else {}),
    )
    return source


def _written(options: SourceOptions, key: str, typed: Any, folder: Path) -> Any:
    """Return a value as it stands in the file: a number as one, a path as it leads there from the file's folder."""
    value = getattr(options, key, None)
    if isinstance(value, list):
        texts = typed if isinstance(typed, list) else [typed]
        written = [
            _path(text, folder) if isinstance(each, Path) else text for each, text in zip(value, texts, strict=False)
        ]
        return written if len(written) > 1 else written[0]
    if isinstance(value, Path):
        return _path(typed, folder)
    return value if isinstance(value, bool | int | float) else typed


def _path(typed: str, folder: Path) -> str:
    if typed.startswith("~") or Path(typed).is_absolute():
        return typed
    return Path(os.path.relpath(Path.cwd() / typed, folder.absolute())).as_posix()
