"""Why a question is not answered where, by whom or when it is asked."""

from __future__ import annotations


class Refused(Exception):
    """It may not be asked here, or not now.

    Attributes:
        text: The bot's text that says so in the asker's language.
        values: Of that text's variables.
        seconds: After which it may be asked; None if never.
    """

    def __init__(self, text: str, seconds: int | None = None, **values: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.values = values
        self.seconds = seconds
