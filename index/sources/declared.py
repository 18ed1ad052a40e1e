"""The `[[sources]]` of `footnote.toml` as they stand there; what they mean is up to their kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.errors import ConfigProblem

NAME = re.compile(r"\w[\w. -]{0,59}(?<! )")
"""What a source may be called: it is typed on command lines and stands in reports."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One entry of `[[sources]]`.

    Attributes:
        name: Unlike that of any other.
        kind: Which kind of source it is.
        values: Its other keys; secrets may be among them.
        folder: What paths in it are relative to.
        origin: The file it stands in, or what else it is from.
    """

    name: str
    kind: str
    values: dict[str, Any] = field(repr=False)
    folder: Path = Path()
    origin: str = ""


def declared_sources(entries: object, folder: Path, origin: str) -> tuple[Declared, ...]:
    """Return the sources of a configuration, in its order.

    Raises:
        ConfigProblem: One has no name or kind, or two have the same name.
    """
    from index.formats.found import shown

    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ConfigProblem(f"sources ({origin}) is no list of tables.", "Begin each source with a line [[sources]].")
    found: dict[str, Declared] = {}
    for number, entry in enumerate(entries, start=1):
        name, kind = (_text(entry, key, number, origin) for key in ("name", "kind"))
        if not NAME.fullmatch(name):
            raise ConfigProblem(
                f"sources, number {number} ({origin}): {shown(name)} is no name for a source.",
                "Give it up to 60 letters, digits, dots, dashes, underscores and spaces.",
            )
        if name.casefold() in found:
            raise ConfigProblem(f"Two sources are called {shown(name)} ({origin}).", "Give one of them another name.")
        values = {key: value for key, value in entry.items() if key not in ("name", "kind")}
        found[name.casefold()] = Declared(name, kind, values, folder, origin)
    return tuple(found.values())


def named(name: str, sources: Iterable[Declared]) -> Declared | None:
    """Return the source of that name, if there is one; capital letters make no difference."""
    return next((source for source in sources if source.name.casefold() == name.casefold()), None)


def _text(entry: Mapping[str, Any], key: str, number: int, origin: str) -> str:
    value = entry.get(key)
    if isinstance(value, str) and value.strip():
        return value
    from index.formats.found import shown

    called = f" {shown(str(entry['name']))}" if key != "name" else f", number {number}"
    raise ConfigProblem(f"sources{called} ({origin}) has no {key}.", f'Add a line {key} = "…".')
