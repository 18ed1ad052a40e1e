"""Changes to `footnote.toml` by the program: everything else in it stays, its comments too."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tomlkit import TOMLDocument, dumps, parse, table
from tomlkit.exceptions import TOMLKitError

from index.errors import ConfigProblem


def set_value(file: Path, section: str, key: str, value: str) -> None:
    """Set one key of a table.

    Raises:
        ConfigProblem: The file cannot be read or written.
    """
    document, before = read_document(file)
    if section not in document:
        document[section] = table()
    document[section][key] = value
    write_document(file, document, before | {section: {**before.get(section, {}), key: value}})


def read_document(file: Path) -> tuple[TOMLDocument, dict[str, Any]]:
    """Return a file with its comments, and its plain values; both empty if there is no file yet.

    Raises:
        ConfigProblem: It cannot be read.
    """
    try:
        text = file.read_bytes().decode("utf-8") if file.exists() else ""
        return parse(text), tomllib.loads(text)
    except (tomllib.TOMLDecodeError, TOMLKitError) as error:
        raise ConfigProblem(f"{file} is not valid TOML: {error}.", "Correct that line.") from None
    except UnicodeDecodeError:
        raise ConfigProblem(f"{file} cannot be read: it is not UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigProblem(f"{file} cannot be read: {error.strerror}.") from None


def write_document(file: Path, document: TOMLDocument, wanted: Mapping[str, Any]) -> None:
    """Replace the file in one step, if what is to be written says what it should.

    Args:
        file: Of the configuration.
        document: What is to be written.
        wanted: The plain values that it has to be read as.

    Raises:
        ConfigProblem: It would be read as something else, or cannot be written; the file is as it was.
    """
    text = dumps(document)
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        written = {}
    if written != wanted:
        raise ConfigProblem(f"{file} is written in a way that is not changed here.", "Change it in an editor.")
    target = file.resolve()
    aside = ""
    try:
        handle, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        Path(aside).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(aside).replace(target)
    except OSError as error:
        with suppress(OSError):
            Path(aside).unlink()
        raise ConfigProblem(f"{file} cannot be written: {error.strerror}.") from None
