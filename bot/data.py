"""Where the files that ship with Footnote lie: prompts and sample articles."""

from __future__ import annotations

from pathlib import Path


def data_folder(name: str) -> Path:
    """Return the folder of shipped files called `name` ("prompts" or "seeds").

    In a wheel they lie inside this package; in a clone of the repository, at its top level.

    Raises:
        FileNotFoundError: The installation lacks them.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "_data" / name, here.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"The folder {name!r} that ships with Footnote is missing from {here}. Install Footnote again."
    )
