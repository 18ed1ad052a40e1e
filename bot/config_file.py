"""Changes to `footnote.toml` by the program: its comments and its order stay."""

from __future__ import annotations

import os
from pathlib import Path

from index.config import CONFIG_FILE, ConfigProblem


def set_value(table: str, key: str, value: str) -> Path:
    """Set one key of the file that is in force, which is written anew in one step.

    Returns:
        The file.

    Raises:
        ConfigProblem: It cannot be read or written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    file = Path(os.environ.get("FOOTNOTE_CONFIG") or CONFIG_FILE)
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8")) if file.exists() else tomlkit.document()
        if table not in document:
            document[table] = tomlkit.table()
        document[table][key] = value
        aside = file.with_name(f".{file.name}.{os.getpid()}")
        aside.write_text(tomlkit.dumps(document), encoding="utf-8")
        aside.replace(file)
    except (OSError, ValueError, TOMLKitError) as error:
        raise ConfigProblem(f"{file} cannot be changed: {error}.", f"Set {key} under [{table}] by hand.") from None
    return file
