"""The block of fields in front of a text: YAML between lines of ---, or TOML between lines of +++."""

from __future__ import annotations

import functools
import re
import tomllib
from typing import Any

from index.formats.found import Unreadable

# What else people call a field of `Article`; the first that is there counts.
_CALLED = {"published": ("published", "date"), "authors": ("authors", "author")}

# How a first field looks: it tells front matter that was never closed from a text that begins with a rule.
_FIELD = re.compile(r"\s*\w+\s*[:=]")


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    r"""Return the fields in front of a text, by the names of `Article`'s, and the text behind them.

    A text without front matter is returned whole, also where it merely begins with a rule of dashes.

    Args:
        text: Its lines end in `\n`.

    Raises:
        Unreadable: The front matter is broken; with the line, where known.
    """
    handler = next((handler for handler in _handlers() if handler.detect(text)), None)
    if handler is None:
        return {}, text
    try:
        block, body = handler.split(text)
    except ValueError as error:
        if _FIELD.match(text.partition("\n")[2]):
            line = handler.START_DELIMITER
            raise Unreadable(f"opens front matter that never ends. Put a line of {line} behind it.", line=1) from error
        return {}, text
    fields = handler.load(block)
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        return {}, text
    return _named(fields), body.lstrip("\n")


def _named(fields: dict[object, object]) -> dict[str, object]:
    by_name = {str(name).strip().lower(): value for name, value in fields.items() if isinstance(name, str)}
    for name, called in _CALLED.items():
        by_name[name] = next((by_name[key] for key in called if by_name.get(key) is not None), None)
    return by_name


@functools.cache
def _handlers() -> tuple[Any, ...]:
    """Return python-frontmatter's handlers, made here because the library takes long to load."""
    import yaml
    from frontmatter.default_handlers import BaseHandler, YAMLHandler

    class PlainLoader(yaml.SafeLoader):
        """YAML with nothing but text, null, lists and mappings: a title may be 1984, an id 007, a date is text."""

        yaml_implicit_resolvers = {  # noqa: RUF012 -- it is PyYAML's own table, read by letter
            first: [rule for rule in rules if rule[0] == "tag:yaml.org,2002:null"]
            for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    class YamlBlock(YAMLHandler):
        def load(self, fm: str, **kwargs: object) -> Any:
            try:
                return super().load(fm, Loader=PlainLoader)
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                raise _broken("YAML", error.problem or "", mark.line + 1 if mark else None) from error
            except (yaml.YAMLError, ValueError, OverflowError, RecursionError, TypeError) as error:
                raise _broken("YAML", "") from error

    class TomlBlock(BaseHandler):
        FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
        START_DELIMITER = END_DELIMITER = "+++"

        def load(self, fm: str, **kwargs: object) -> Any:
            try:
                return tomllib.loads(fm)
            except (tomllib.TOMLDecodeError, RecursionError) as error:
                raise _broken("TOML", "") from error

    return YamlBlock(), TomlBlock()


def _broken(language: str, problem: str, line: int | None = None) -> Unreadable:
    detail = f" ({problem})" if problem else ""
    return Unreadable(
        f"has front matter that is not valid {language}{detail}. Mend it there; text with a colon in it needs quotes.",
        line,
    )
