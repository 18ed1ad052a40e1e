"""Which files a location holds, and what each is called."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from index.errors import ArticleProblem, SourceFailure
from index.formats.found import Unreadable, printable

LARGEST_ARTICLE = 20_000_000
"""Bytes of the largest file, or line of a JSONL file, that is read as one article: six times War and Peace.

One number for all formats, so that no input can take all memory; it is also the most the HTML extractor accepts.
"""

# Between the key of a file and the id of one of the several articles in it.
_PART = "#"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read articles from.

    Attributes:
        path: Where it lies.
        name: What it is called wherever the folder lies, with slashes: the name of the folder that was given, then
            the path within it. For a file that was given by itself, its folder's name and its own. It is the stable id
            of an article that has none of its own.
        place: What a message calls it, where that is not its path: a copy of what lies elsewhere.
    """

    path: Path
    name: str
    place: str = ""

    @property
    def where(self) -> str:
        """The path, or what else it is called, as a message shows it."""
        return printable(self.place or str(self.path))

    @property
    def key(self) -> str:
        """What its article is called among all that is found; articles in it are parts of that, see `part_of`."""
        return key_of(self.name)

    def read(self, largest: int = LARGEST_ARTICLE) -> bytes:
        """Return the whole file.

        Args:
            largest: The most bytes that it may have.

        Raises:
            Unreadable: It is no regular file, is too large, or cannot be read.
        """
        try:
            # A pipe or a device would be waited for without end.
            if not stat.S_ISREG(self.path.stat().st_mode):
                raise Unreadable("is no regular file. Replace it by a copy of its content.")
            with self.path.open("rb") as file:
                data = file.read(largest + 1)
        except OSError as error:
            raise cannot_read(error) from error
        if len(data) > largest:
            raise Unreadable(
                f"is larger than {largest // 1_000_000} MB, the most for one article. "
                "Split it, or write its articles as lines of a .jsonl file."
            )
        return data


def key_of(name: str) -> str:
    """Return what a file or folder of this name is called, without the sign that parts a file's articles from it."""
    return name.replace("%", "%25").replace(_PART, "%23")


def part_of(key: str, article_id: str) -> str:
    """Return what an article of a file is called that holds many.

    Args:
        key: The file's.
        article_id: The article's id.
    """
    return f"{key}{_PART}{article_id}"


def file_of(key: str) -> str:
    """Return the key of the file of which an article is, or a part."""
    return key.partition(_PART)[0]


def part_in(key: str) -> str:
    """Return the id of the article of which this is the key, if it is a part of a file; empty if it is a file."""
    return key.partition(_PART)[2]


def cannot_read(error: OSError) -> Unreadable:
    """Return the sentence for a file that the system does not let us read."""
    return Unreadable(f"cannot be read ({_system_reason(error)}). Check that it is there and its permissions.")


def check_location(location: Path) -> None:
    """Check that a location is there and may be read, before any work is done.

    Raises:
        SourceFailure: It does not exist or may not be read.
    """
    name = printable(str(location))
    try:
        mode = location.stat().st_mode
        if stat.S_ISDIR(mode):
            with os.scandir(location):
                pass
        elif stat.S_ISREG(mode):
            with location.open("rb"):
                pass
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        remedy = "Check the path."
        if "://" in name or name.startswith(("http:/", "https:/")):
            remedy = "Sources are files and folders: save the page and give its file."
        raise SourceFailure(f"There is no file or folder {name}.", remedy) from error
    except OSError as error:
        raise SourceFailure(f"{name} cannot be read ({_system_reason(error)}).", "Check its permissions.") from error


def name_locations(locations: Iterable[Path]) -> dict[Path, PurePath]:
    """Return what each location is called: a folder by its own name, a file by its folder's and its own.

    Two that would be called the same get the names of the folders above them too, as many as tell them apart.
    """
    whole = {location: absolute(location) for location in locations}
    waiting = {path: 2 - path.is_dir() for path in whole.values()}  # how many parts of the path make its name
    names: dict[Path, PurePath] = {}
    while waiting:
        tails = {path: PurePath(*path.parts[-length:]) for path, length in waiting.items()}
        taken = Counter(tails.values())
        names |= {path: tail for path, tail in tails.items() if taken[tail] == 1}
        waiting = {path: length + 1 for path, length in waiting.items() if path not in names}
    return {location: names[path] for location, path in whole.items()}


def absolute(path: Path) -> Path:
    """Return the whole path without `..` and with its links as they are: a link's own name is what was given."""
    return Path(os.path.abspath(path))  # noqa: PTH100 -- resolve() would follow the links


def find_files(location: Path, name: PurePath, suffixes: Collection[str]) -> Iterator[SourceFile | ArticleProblem]:
    """Yield the files to read under a location, in an order that depends on their names alone.

    A file is itself. In a folder, and in the folders in it, hidden files and files of other suffixes are passed over.
    A symbolic link is followed only to a file inside the folder that is not found by itself; one that leads out of it,
    or nowhere, is a problem. A problem with a file, or with a folder in it, has its key.

    Args:
        location: A file or a folder.
        name: What it is called, see `name_locations`.
        suffixes: With their dot, lower case.
    """
    if not location.is_dir():
        if has_suffix(location, suffixes):
            yield SourceFile(location, _text(name))
        else:
            yield ArticleProblem(printable(str(location)), f"is of no format that is read. Give {_listed(suffixes)}.")
        return
    root = location.resolve()
    empty = True
    waiting = [location]
    while waiting:
        path = waiting.pop()
        found: SourceFile | ArticleProblem
        called = _text(name / path.relative_to(location))
        try:
            if path is not location and path.is_symlink() and not _is_worth_following(path, root, suffixes):
                continue
            if path.is_dir():
                waiting.extend(sorted(_entries(path, suffixes), key=lambda entry: entry.name, reverse=True))
                continue
            found = SourceFile(path, called)
        except OSError as error:
            found = ArticleProblem(printable(str(path)), cannot_read(error).reason, key_of(called))
        except Unreadable as unreadable:
            found = ArticleProblem(printable(str(path)), unreadable.reason, key_of(called))
        empty = False
        yield found
    if empty:
        yield ArticleProblem(printable(str(location)), f"holds no articles. Put {_listed(suffixes)} into it.")


def has_suffix(path: PurePath, suffixes: Collection[str]) -> bool:
    """Tell whether a file's name ends in one of `suffixes`, in small letters or capitals."""
    return path.name.lower().endswith(tuple(suffixes))


def _entries(folder: Path, suffixes: Collection[str]) -> Iterator[Path]:
    """Yield what is to be looked at in one folder."""
    for entry in folder.iterdir():
        if not entry.name.startswith(".") and (has_suffix(entry, suffixes) or entry.is_dir()):
            yield entry


def _is_worth_following(link: Path, root: Path, suffixes: Collection[str]) -> bool:
    """Tell whether a symbolic link leads to a file that is not found in its own place, being hidden or of no suffix.

    A link to a folder never is: the folder is found itself, and a loop cannot begin.

    Raises:
        Unreadable: It leads nowhere or out of `root`.
    """
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Unreadable("is a link that leads nowhere. Remove it, or mend what it leads to.") from error
    if not target.is_relative_to(root):
        raise Unreadable("is a link that leads out of the folder. Copy the articles into it, or give their own folder.")
    within = target.relative_to(root)
    in_place = has_suffix(within, suffixes) and not any(part.startswith(".") for part in within.parts)
    return target.is_file() and not in_place


def _text(name: PurePath) -> str:
    """Return a name as an id: with slashes, the same for any spelling of its letters, and always printable."""
    text = os.fsencode(name.as_posix()).decode("utf-8", "backslashreplace")
    return printable(unicodedata.normalize("NFC", text))


def _listed(suffixes: Collection[str]) -> str:
    *most, last = suffixes
    return f"{', '.join(most)} or {last} files"


def _system_reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
