"""Where articles come from: files, feeds, sitemaps, pages, whatever `[[sources]]` names; each kind a small module.

    for source in build_sources(config):
        async with Fetcher(settings) as fetcher:
            async for reading in source.read(Visit(fetcher)):
                ...

A kind of another package is an entry point of the group `footnote.sources`; docs/sources.md has an example.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.errors import ArticleProblem, SourceFailure
    from index.formats.fields import make_article
    from index.formats.found import Unreadable
    from index.sources.files import Files
    from index.sources.fragment import fragment_text
    from index.sources.options import Several, SourceOptions, SourcePath, WebAddress
    from index.sources.protocol import Gone, Origin, Read, Reading, Remark, Remembered, Source, Unchanged, Visit
    from index.sources.registry import build_source, build_sources

__all__ = [
    "ArticleProblem",
    "Files",
    "Gone",
    "Origin",
    "Read",
    "Reading",
    "Remark",
    "Remembered",
    "Several",
    "Source",
    "SourceFailure",
    "SourceOptions",
    "SourcePath",
    "Unchanged",
    "Unreadable",
    "Visit",
    "WebAddress",
    "build_source",
    "build_sources",
    "fragment_text",
    "make_article",
]

# Reading a configuration asks for one module of this package, and should not wait for the rest. What else a kind of
# another package needs has a name here too.
_MODULES = {
    "errors": ("ArticleProblem", "SourceFailure"),
    "formats.fields": ("make_article",),
    "formats.found": ("Unreadable",),
    "sources.files": ("Files",),
    "sources.fragment": ("fragment_text",),
    "sources.options": ("Several", "SourceOptions", "SourcePath", "WebAddress"),
    "sources.protocol": ("Gone", "Origin", "Read", "Reading", "Remark", "Remembered", "Source", "Unchanged", "Visit"),
    "sources.registry": ("build_source", "build_sources"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Fetch a name from its module."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'index.sources' has no attribute {name!r}")
    return getattr(import_module(f"index.{_MODULE_OF[name]}"), name)
