"""Files and folders of articles -> `Article`s, each checked, each with a stable id.

| suffix | an article is | its id, where it gives none |
|---|---|---|
| `.md` `.markdown` | the file, front matter in front | the folder's name and the path in it |
| `.txt` | the file, front matter in front | the same |
| `.html` `.htm` | the article on the page | the same |
| `.pdf` | the file, with its pages | the same |
| `.docx` `.epub` | the file | the same |
| `.jsonl` `.jsonl.gz` | a line | from its URL, else from its title and text |

Nothing is dropped in silence: what cannot be read is an `ArticleProblem` with its place and a remedy, and the rest is
read. Only a link that is neither http nor https is left off, and a web page that does not state its date has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePath

from index.errors import ArticleProblem, DuplicateArticle
from index.formats.docx import read_docx
from index.formats.epub import read_epub
from index.formats.files import SourceFile, check_location, find_files, has_suffix, name_locations
from index.formats.found import Found, Unreadable, shown, unforeseen
from index.formats.html import read_html
from index.formats.jsonl import read_jsonl
from index.formats.markdown import read_markdown
from index.formats.pdf import read_pdf
from index.formats.text import read_text
from index.model import Article

_Reader = Callable[[SourceFile], Iterator[Found | ArticleProblem]]


def read_files(locations: Sequence[str | Path]) -> Iterator[Article | ArticleProblem]:
    """Return every article under the given files and folders, in a stable order; a problem for each that is skipped.

    Reads as it is asked, one article at a time. A file that several locations hold is read once.

    Args:
        locations: Files and folders, which are searched with all the folders in them.

    Raises:
        SourceFailure: A location does not exist or may not be read; at once, before anything is read.
        DuplicateArticle: An article gives an id that another has; when it is reached. An article whose derived id is
            taken (the same address, or the same words) is a problem instead.
    """
    return (found.article if isinstance(found, Found) else found for found in find_articles(locations))


def find_articles(locations: Sequence[str | Path]) -> Iterator[Found | ArticleProblem]:
    """Do what `read_files` does, and say of each article where it is from."""
    paths = [Path(location) for location in locations]
    for path in paths:
        check_location(path)
    return _distinct(_read(paths))


def _distinct(readings: Iterator[Found | ArticleProblem]) -> Iterator[Found | ArticleProblem]:
    places: dict[str, str] = {}
    for found in readings:
        if isinstance(found, ArticleProblem):
            yield found
            continue
        article_id = found.article.id
        first = places.get(article_id)
        if first is None:
            places[article_id] = found.where
            yield found
        elif found.id_given:
            raise DuplicateArticle(
                f"Two articles have the id {shown(article_id)}: {first} and {found.where}.",
                "Give one of them another id, or remove it.",
            )
        else:
            same = "address" if article_id.startswith("url-") else "name or words"
            yield ArticleProblem(
                found.where, f"has the same {same} as {first}. Remove one of them, or give this one an id of its own."
            )


def _read(locations: list[Path]) -> Iterator[Found | ArticleProblem]:
    names = name_locations(locations)
    read: set[Path] = set()
    for location in locations:
        for file in find_files(location, names[location], tuple(_READERS)):
            if isinstance(file, ArticleProblem):
                yield file
                continue
            place = file.path.resolve()
            if place not in read:
                read.add(place)
                yield from read_file(file)


def is_readable(name: str) -> bool:
    """Tell whether a file of this name is of a format that is read."""
    return has_suffix(PurePath(name), tuple(_READERS))


def read_file(file: SourceFile) -> Iterator[Found | ArticleProblem]:
    """Yield the articles of one file that `is_readable`, and a problem for each that is skipped."""
    return next(reader for suffix, reader in _READERS.items() if has_suffix(PurePath(file.name), (suffix,)))(file)


def _whole_file(read: Callable[[SourceFile], Article]) -> _Reader:
    """Return the reader of a format with one article a file."""

    def reader(file: SourceFile) -> Iterator[Found | ArticleProblem]:
        try:
            article = read(file)
        except Unreadable as unreadable:
            where = f"{file.where}:{unreadable.line}" if unreadable.line else file.where
            yield ArticleProblem(where, unreadable.reason, file.key)
        except Exception as error:
            yield ArticleProblem(file.where, unforeseen(error, file.where), file.key)
        else:
            yield Found(article, file.where, id_given=article.id != file.name, key=file.key)

    return reader


_READERS: dict[str, _Reader] = {
    ".md": _whole_file(read_markdown),
    ".markdown": _whole_file(read_markdown),
    ".txt": _whole_file(read_text),
    ".html": _whole_file(read_html),
    ".htm": _whole_file(read_html),
    ".pdf": _whole_file(read_pdf),
    ".docx": _whole_file(read_docx),
    ".epub": _whole_file(read_epub),
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
}
