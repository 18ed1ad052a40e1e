"""What the operator configures: `footnote.toml`, then the environment, then flags; each value knows its origin."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from index.errors import ConfigProblem
from index.sections import ExpandedPath, FetchSection, IndexSection, RerankSection, expanded
from index.sources.declared import Declared, declared_sources

__all__ = ["CONFIG_FILE", "Config", "ConfigProblem", "Loaded", "config_file", "load", "values_in_force"]

CONFIG_FILE = "footnote.toml"

# Environment variables that have a name of their own, and the key they set.
NAMED_VARIABLES = {"DISCORD_TOKEN": ("discord", "token")}

# Set no key: where the file is.
_FILE_VARIABLE = "FOOTNOTE_CONFIG"
_PREFIX = "FOOTNOTE_"

_Config = TypeVar("_Config", bound="Config")


# What pydantic says of these is said in its own terms, not in those of whoever writes the file.
_SAID = {
    "model_type": "it is a table, not a single value",
    "path_type": "a path is a text in quotes",
    "string_pattern_mismatch": "it is not of that form",
    "string_too_short": "it may not be empty",
}


class Config(BaseSettings):
    """The part of the configuration that concerns the index; the bot's has more tables."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home: ExpandedPath = Field(
        Path(".footnote"), description="The folder that holds the index and what the bot remembers."
    )
    index: IndexSection = IndexSection()
    rerank: RerankSection = RerankSection()
    fetch: FetchSection = FetchSection()
    sources: tuple[Declared, ...] = Field((), description="Where articles come from; see docs/sources.md.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what `load` gathered, which also knows where each value is from."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[_Config]):
    """A configuration in force.

    Attributes:
        config: The values.
        origins: Dotted key to where its value is from: "default", a file, a variable or "flag".
    """

    config: _Config
    origins: dict[str, str]


def config_file() -> Path:
    """Return where the configuration is read from, whether or not it is there."""
    return expanded(Path(os.environ.get(_FILE_VARIABLE) or CONFIG_FILE))


def load(kind: type[_Config], flags: Mapping[str, Any] | None = None) -> Loaded[_Config]:
    """Read the configuration.

    Paths in the file are relative to the file.

    Args:
        kind: Which tables there are.
        flags: Values given on the command line, by nested key; None stands for "not given".

    Raises:
        ConfigProblem: The file cannot be read, or a value is unknown or not allowed.
    """
    file = config_file()
    layers = [
        (str(file), _read_file(file)),
        ("environment", _read_environment(kind)),
        ("flag", _without_none(dict(flags or {}))),
    ]
    merged: dict[str, Any] = {}
    for _, values in layers:
        _merge(merged, values)
    try:
        config = kind(**merged)
    except ValidationError as error:
        raise ConfigProblem(_explain(error, kind, layers)) from None
    origins = {}
    for key in _leaves(config):
        origin = next((name for name, values in reversed(layers) if _has(values, key)), "default")
        origins[".".join(key)] = _variable(key) if origin == "environment" else origin
    return Loaded(config, origins)


def values_in_force(loaded: Loaded[_Config]) -> dict[str, tuple[Any, str]]:
    """Return each dotted key's value, secrets masked, and where it is from.

    Raises:
        ConfigProblem: A source has options that its kind does not have.
    """
    from index.sources.registry import shown_sources

    rows: dict[str, tuple[Any, str]] = {}
    for key in _leaves(loaded.config):
        if key == ("sources",):
            rows |= {name: (value, origin) for name, value, origin in shown_sources(loaded.config.sources)}
            continue
        value: Any = loaded.config
        for name in key:
            value = getattr(value, name)
        if isinstance(value, SecretStr):
            value = "********" if value.get_secret_value() else ""
        elif isinstance(value, list):
            value = [str(item) for item in value]
        elif isinstance(value, Path):
            value = str(value)
        rows[".".join(key)] = (value, loaded.origins[".".join(key)])
    return rows


def _read_file(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            values = tomllib.load(opened)
    except FileNotFoundError:
        if os.environ.get(_FILE_VARIABLE):
            raise ConfigProblem(f"{_FILE_VARIABLE} names {file}, which is not there.", "Correct or unset it.") from None
        return {}
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"{file} is not valid TOML: {error}.", "Correct that line.") from None
    except UnicodeDecodeError:
        raise ConfigProblem(f"{file} cannot be read: it is not UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigProblem(f"{file} cannot be read: {error.strerror}.") from None
    folder = file.parent
    if isinstance(values.get("home"), str):
        values["home"] = folder / expanded(Path(values["home"]))
    index = values.get("index")
    if isinstance(index, dict) and isinstance(index.get("sources"), list):
        index["sources"] = [
            folder / expanded(Path(item)) if isinstance(item, str) else item for item in index["sources"]
        ]
    if "sources" in values:
        values["sources"] = declared_sources(values["sources"], folder, str(file))
    return values


def _read_environment(kind: type[Config]) -> dict[str, Any]:
    try:
        values = EnvSettingsSource(kind, env_ignore_empty=True)()
    except SettingsError as error:
        # A whole table as JSON, which pydantic-settings allows.
        raise ConfigProblem(
            f"The environment cannot be read: {error}.", f"Set each key by its own variable: {_PREFIX}INDEX__MODEL."
        ) from None
    index = values.get("index")
    if isinstance(index, dict) and isinstance(index.get("sources"), str):
        index["sources"] = _several(index["sources"])
    if "sources" in values:
        values["sources"] = declared_sources(values["sources"], Path(), "environment variable FOOTNOTE_SOURCES")
    for name in os.environ:
        # A slip of the pen would otherwise go unseen. Only the whole configuration knows every key.
        table = name.removeprefix(_PREFIX).lower().split("__")[0]
        if name.startswith(_PREFIX) and name != _FILE_VARIABLE and table not in kind.model_fields:
            values[table] = ""
    for variable, key in NAMED_VARIABLES.items():
        if os.environ.get(variable) and key[0] in kind.model_fields:
            _merge(values, {key[0]: {key[1]: os.environ[variable]}})
    return values


def _several(text: str) -> list[str]:
    """Return the paths in a variable: a JSON list, or separated as in PATH."""
    if text.lstrip().startswith("["):
        try:
            paths = json.loads(text)
        except ValueError as error:
            raise ConfigProblem(
                f"index.sources (environment variable {_variable(('index', 'sources'))}) is not a list: {error}.",
                'Write it as ["a", "b"] or as a' + os.pathsep + "b.",
            ) from None
        return list(paths)
    return [path for path in text.split(os.pathsep) if path]


def _explain(error: ValidationError, kind: type[Config], layers: list[tuple[str, dict[str, Any]]]) -> str:
    """Say of each problem which key, from where, and what is allowed."""
    sentences = []
    for problem in error.errors(include_url=False, include_input=False):
        key = tuple(str(part) for part in problem["loc"] if not isinstance(part, int))
        origin = next((name for name, values in reversed(layers) if _has(values, key)), "the configuration")
        if origin == "environment":
            origin = f"environment variable {_variable(key)}"
        if problem["type"] == "extra_forbidden":
            what = f"there is no such key; known here: {', '.join(sorted(_fields(kind, key[:-1])))}"
        else:
            what = _SAID.get(problem["type"], problem["msg"])
            what = what[0].lower() + what[1:]
            field = _fields(kind, key[:-1]).get(key[-1])
            if field is not None and field.description:
                what += f". It means: {field.description.removesuffix('.')}"
        sentences.append(f"{'.'.join(key)} ({origin}): {what}.")
    return "The configuration cannot be used. " + " ".join(sentences)


def _fields(kind: type[BaseModel], key: tuple[str, ...]) -> dict[str, FieldInfo]:
    """Return the keys there are in the table that `key` names, if there is one."""
    for part in key:
        field = kind.model_fields.get(part)
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return {}
        kind = field.annotation
    return kind.model_fields


def _variable(key: tuple[str, ...]) -> str:
    named = next((name for name, path in NAMED_VARIABLES.items() if path == key and os.environ.get(name)), None)
    return named or _PREFIX + "__".join(key).upper()


def _leaves(model: BaseModel, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name)


def _has(values: Any, key: tuple[str, ...]) -> bool:
    for part in key:
        if not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True


def _merge(target: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = dict(value) if isinstance(value, dict) else value


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: _without_none(value) if isinstance(value, dict) else value for name, value in values.items()}
    return {name: value for name, value in kept.items() if value is not None and value != {}}
