"""Folders of Chroma's: opened, copied while others read them, and sealed so that nobody changes them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import struct
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_DATABASE = "chroma.sqlite3"

# How hnswlib's header begins (`HierarchicalNSW::persistDirty`): a version, where elements begin, how many there is room
# for, how many there are, how many bytes each has.
_HEADER = struct.Struct("<i4Q")
_STEP = 1 << 20  # bytes cleared at once
_LENGTH = 4  # bytes for each element in length.bin

# Clients of one folder share what Chroma counts without a lock: nobody may open one while the last is closed.
_counting = threading.Lock()


def open_client(folder: Path) -> Client:
    """Open a folder; whoever does closes it with `close_client`."""
    from chromadb import PersistentClient
    from chromadb.config import Settings

    with _counting:
        try:
            client = PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        except BaseException:
            from chromadb.api.shared_system_client import SharedSystemClient as Shared

            # Chroma keeps what it could not start, and would hand that out for this folder ever after.
            if str(folder) not in Shared._identifier_to_refcount:
                Shared._identifier_to_system.pop(str(folder), None)
            raise
    # Declared as the interface it implements, which lacks close().
    return cast("Client", client)


def close_client(client: Client) -> None:
    """Let go of a folder's files and memory; deleting the object alone would leak both."""
    with _counting:
        client.close()


def get_collection(client: Client, name: str) -> Collection:
    """Return a collection as a generation has it: of vectors that are embedded elsewhere.

    Raises:
        ValueError: It names what Chroma is to embed with. Chroma would load that, and with it whatever code a model
            brings along, as soon as the collection is changed; only somebody else's export can hold such a thing.
    """
    collection = client.get_collection(name, embedding_function=None)
    kept = [collection.configuration_json, collection._model.serialized_schema]
    if '"type": "known"' in json.dumps(kept):
        raise ValueError("its collection names a program to embed with")
    return collection


def copy_collection(old: Path, new: Path) -> None:
    """Copy a Chroma folder that a running bot may have open: its database through SQLite's own backup."""
    new.mkdir()
    source: Any = sqlite3.connect(f"{(old / _DATABASE).resolve().as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(new / _DATABASE)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    # The graph after the database: what a reader adds to it in between is still in the database's log, and is added
    # once more, to no effect. The other way round it would be missing.
    shutil.copytree(old, new, ignore=shutil.ignore_patterns(f"{_DATABASE}*"), dirs_exist_ok=True)


def seal(folder: Path) -> None:
    """Make a finished Chroma folder one that no reader changes, so that checksums hold; docs/adr/0015.

    Chroma writes at every start to be sure of its lock, and readers finish what its log still holds. The log is empty
    with a sync threshold of 1; the note of the lock is ignored from here on. What was deleted leaves no trace.
    """
    database = sqlite3.connect(folder / _DATABASE, isolation_level=None)
    try:
        database.execute(
            "CREATE TRIGGER IF NOT EXISTS readers_leave_no_trace BEFORE INSERT ON acquire_write "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
        database.execute("VACUUM")
    finally:
        database.close()
    for header in folder.glob("*/header.bin"):
        _wipe_unused(header)


def _wipe_unused(header: Path) -> None:
    """Clear the room for elements to come, where it was written: as it lay in memory, whatever was there before."""
    _, begin, _, count, size = _HEADER.unpack(header.read_bytes()[: _HEADER.size])
    for path, used in (
        (header.with_name("data_level0.bin"), begin + count * size),
        (header.with_name("length.bin"), count * _LENGTH),
    ):
        with path.open("r+b") as file:
            left = file.seek(0, os.SEEK_END) - used
            file.seek(used)
            while left > 0:
                left -= file.write(bytes(min(left, _STEP)))
