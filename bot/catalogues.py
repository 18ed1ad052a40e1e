"""The bot's texts in every language there are texts in, and which of them whom is spoken to in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.data import data_folder
from bot.prompts import FILE, LANGUAGE, PromptProblem, Prompts, load_prompts, translation

AUTO = "auto"

_LANGUAGE_OF = re.compile(re.escape(translation("?")).replace(r"\?", "([a-z]{2,3})"))


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The texts, by language.

    Attributes:
        default: What is spoken where no language is known, or one without texts.
        others: By ISO 639-1 code, every language that somebody may be spoken to in.
    """

    default: Prompts
    others: Mapping[str, Prompts]

    def for_locale(self, locale: str | None) -> Prompts:
        """Return the texts for whoever reads in `locale`, such as "de", "pt-BR" or "fr_CA.UTF-8"."""
        return self.for_any([locale] if locale else [])

    def for_any(self, locales: Iterable[str]) -> Prompts:
        """Return the texts for whoever reads in `locales`, in the first of which there are texts."""
        languages = (re.split("[^a-z]", locale.lower())[0] for locale in locales)
        return next((self.others[language] for language in languages if language in self.others), self.default)

    def only(self, locale: str | None) -> Catalogues:
        """Return the texts for whoever reads in `locale` alone, for everybody."""
        return Catalogues(self.for_locale(locale), {})


def load_catalogues(language: str = AUTO, folder: Path | None = None) -> Catalogues:
    """Read and check the texts of all languages.

    Args:
        language: ISO 639-1 code of the only one to speak; "auto" speaks to everybody in their own.
        folder: Where the files lie; those that ship with Footnote by default.

    Raises:
        PromptProblem: A file cannot be used, or there is none for `language`.
    """
    folder = folder or data_folder("prompts")
    found = {match[1] for path in folder.iterdir() if (match := _LANGUAGE_OF.fullmatch(path.name))} | {LANGUAGE}
    if language == AUTO:
        catalogues = {name: load_prompts(folder, name) for name in sorted(found)}
        return Catalogues(catalogues[LANGUAGE], catalogues)
    if language not in found:
        raise PromptProblem(
            f"There are no texts in the language {language!r}; there are: {', '.join(sorted(found))}. "
            f"To add it, translate {FILE} as {translation(language)} in {folder}."
        )
    return Catalogues(load_prompts(folder, language), {})


def locale_of_environment() -> str | None:
    """Return the locale that programs are asked to speak in; None if none is set."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)
