"""The kinds of sources there are, and the configured ones made of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

from pydantic import BaseModel, SecretStr, ValidationError

from index.errors import ConfigProblem, reason_of
from index.formats.found import printable, shown
from index.sources.configured import ConfiguredSource, Reader
from index.sources.declared import Declared
from index.sources.options import SourceOptions
from index.sources.protocol import Source

ENTRY_POINTS = "footnote.sources"
"""The group of entry points under which other packages offer kinds: the name is the kind's, the object a `Kind`."""

_OWN = {
    "files": "index.sources.files:ConfiguredFiles",
    "feed": "index.sources.feed:Feed",
    "sitemap": "index.sources.sitemap:Sitemap",
    "page": "index.sources.page:Pages",
    "wordpress": "index.sources.wordpress:WordPress",
    "mediawiki": "index.sources.mediawiki:MediaWiki",
    "git": "index.sources.git:GitRepository",
    "sql": "index.sources.sql:SqlQuery",
    "bucket": "index.sources.bucket:Bucket",
}

_ENV = "_env"

# What pydantic says of these is said in the terms of whoever writes the file.
_SAID = {
    "missing": "it is missing",
    "path_type": "a path is a text in quotes",
    "string_type": "it takes one text in quotes",
    "string_too_short": "it may not be empty",
    "too_short": "it may not be empty",
}


class Kind(Protocol):
    """What an entry point names: a class whose instances read one configured source.

    Its `__doc__` begins with a line that says what it reads.
    """

    Options: type[SourceOptions]

    def __call__(self, options: Any) -> Reader:
        """Return what reads a source with these options."""


class _Sources(Protocol):
    """The part of the configuration that this is about."""

    @property
    def sources(self) -> tuple[Declared, ...]:
        """The `[[sources]]`."""


def kind_names() -> list[str]:
    """Return the names of all kinds, those of other packages last."""
    return [*_OWN, *sorted(set(entry_points(group=ENTRY_POINTS).names) - set(_OWN))]


def find_kind(name: str, source: str) -> Kind:
    """Return a kind of source.

    Args:
        name: The kind's.
        source: The source that is of it, for the message.

    Raises:
        ConfigProblem: There is none of that name, or its package cannot be used.
    """
    if name in _OWN:
        module, _, attribute = _OWN[name].partition(":")
        kind: Kind = getattr(import_module(module), attribute)
        return kind
    for entry in entry_points(group=ENTRY_POINTS, name=name):
        return _loaded(entry, source)
    raise ConfigProblem(
        f"The source {shown(source)} is of the kind {shown(name)}, which there is not.",
        f"There are: {', '.join(kind_names())}.",
    )


def build_sources(config: _Sources) -> list[Source]:
    """Return the sources that are configured, in their order.

    Raises:
        ConfigProblem: One is of a kind that there is not, or has an option that is unknown or not allowed.
    """
    return [build_source(declared) for declared in config.sources]


def build_source(declared: Declared) -> Source:
    """Return one configured source.

    Raises:
        ConfigProblem: See `build_sources`.
    """
    kind = find_kind(declared.kind, declared.name)
    options = read_options(declared, kind.Options)
    try:
        reader = kind(options)
    except ConfigProblem:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {printable(reason_of(error))}"
        raise ConfigProblem(
            f"The source {shown(declared.name)} cannot be set up ({reason}).",
            f"Check its options, or the package that brings the kind {shown(declared.kind)}.",
        ) from error
    return ConfiguredSource(declared.name, declared.kind, reader, options)


def read_options(declared: Declared, options: type[SourceOptions]) -> SourceOptions:
    """Return a source's options, paths in them made absolute, secrets taken from the variables that are named.

    Raises:
        ConfigProblem: One is unknown, missing or not allowed.
    """
    values = dict(declared.values)
    for key, field in _secret_keys(options):
        variable = values.pop(key, None)
        if variable is None:
            continue
        if not isinstance(variable, str) or not os.environ.get(variable):
            raise ConfigProblem(
                f"The source {shown(declared.name)}: {key} names the environment variable {shown(str(variable))}, "
                "which is not set.",
                "Set it, or correct its name.",
            )
        values[field] = os.environ[variable]
    try:
        return options.model_validate(values, context={"folder": declared.folder})
    except ValidationError as error:
        raise ConfigProblem(_explain(error, declared, options)) from None


def shown_sources(sources: Iterable[Declared]) -> Iterator[tuple[str, Any, str]]:
    """Yield each source's keys as `sources.NAME.KEY` with their values and origins, secrets masked.

    Raises:
        ConfigProblem: See `build_sources`.
    """
    for declared in sources:
        yield f"sources.{declared.name}.kind", declared.kind, declared.origin
        options = read_options(declared, find_kind(declared.kind, declared.name).Options)
        for key in type(options).model_fields:
            origin = declared.origin if {key, key + _ENV} & set(declared.values) else "default"
            yield f"sources.{declared.name}.{key}", _plain(getattr(options, key)), origin


def secrets_of_sources(sources: Iterable[Declared]) -> set[str]:
    """Return what must never be shown of the sources' options."""
    found = set()
    for declared in sources:
        try:
            options = read_options(declared, find_kind(declared.kind, declared.name).Options)
        except ConfigProblem:
            continue
        found |= {
            value.get_secret_value()
            for key in type(options).model_fields
            if isinstance(value := getattr(options, key), SecretStr)
        }
    return found


def _loaded(entry: EntryPoint, source: str) -> Kind:
    package = entry.dist.name if entry.dist else entry.value
    try:
        kind: Kind = entry.load()
    except Exception as error:
        raise ConfigProblem(
            f"The source {shown(source)} is of the kind {shown(entry.name)} of the package {package}, which cannot be "
            f"loaded ({type(error).__name__}: {printable(reason_of(error))}).",
            "Repair or update that package.",
        ) from error
    options = getattr(kind, "Options", None)
    if not (isinstance(options, type) and issubclass(options, SourceOptions) and hasattr(kind, "read")):
        raise ConfigProblem(
            f"The source {shown(source)} is of the kind {shown(entry.name)} of the package {package}, which is no kind "
            "of source: it needs Options, made from index.sources.SourceOptions, and read.",
            "Update that package.",
        )
    return kind


def _secret_keys(options: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield for each secret the key that names its variable, and its own."""
    for name, field in options.model_fields.items():
        if "SecretStr" in str(field.annotation):
            yield name + _ENV, name


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return "********" if value.get_secret_value() else ""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _explain(error: ValidationError, declared: Declared, options: type[SourceOptions]) -> str:
    secret = [key for key, _ in _secret_keys(options)]
    sentences = []
    for problem in error.errors(include_url=False, include_input=False):
        # A number of a list, or the name of a model's validator, is no key.
        key = next((str(part) for part in problem["loc"] if not isinstance(part, int)), "")
        if problem["type"] == "extra_forbidden":
            what = f"there is no such key; known here: {', '.join(sorted([*options.model_fields, *secret]))}"
        else:
            what = _SAID.get(problem["type"], problem["msg"].removeprefix("Value error, "))
            what = what[0].lower() + what[1:]
            field = options.model_fields.get(key)
            if field is not None and field.description:
                what += f". It means: {field.description.removesuffix('.')}"
        sentences.append(f"{printable(key)}: {what}." if key else f"{what}.")
    return f"The source {shown(declared.name)} of kind {declared.kind} ({declared.origin}) cannot be used. " + " ".join(
        sentences
    )
