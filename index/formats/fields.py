"""What a source says about an article -> the fields of `Article`, each checked and made safe to show."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from index.formats.found import Unreadable, shown
from index.model import Article

LONGEST_TITLE = 500
"""Characters. A longer one is no headline but a text in the wrong field, and would crowd out what it heads."""

LONGEST_NAME = 200
"""Characters of a publisher's or an author's name."""

LONGEST_ID = 1_000
"""Characters: room for an address that serves as an id."""

LONGEST_URL = 2_048
"""Characters, the most that Discord links to."""

# Controls, and the marks that turn the direction of what follows them: a title may not reorder the page it stands on.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNSAFE_IN_URL = re.compile('[\\s<>"\\\\\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')

_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T\s]\s*\d{1,2}:\d\d.*)?", re.DOTALL)
_IN_WORDS = re.compile(r"(?:[A-Za-z]+day,?\s+)?(.*\d{4})", re.DOTALL)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


def make_article(fields: Mapping[str, object], text: str, *, default_id: str = "", default_title: str = "") -> Article:
    """Return the article that `fields` describe.

    Args:
        fields: `id`, `title`, `url`, `published`, `source`, `authors`; any may be missing or None, others are ignored.
        text: The article's text as it is to be kept.
        default_id: For an article that has none; empty to derive it from its URL or, without one, its title and text.
        default_title: For an article that has none.

    Raises:
        Unreadable: A field cannot be what it claims to be, or there is no text.
    """
    if not text.strip():
        raise Unreadable("has no text. Add it, or remove the article.")
    _check_characters("text", text)
    title = read_title(fields.get("title")) or read_title(default_title)
    url = read_url(fields.get("url"))
    return Article(
        id=read_id(fields.get("id")) or default_id or _derived_id(url, title, text),
        title=title,
        text=text,
        url=url,
        published=read_date(fields.get("published")),
        source=read_line("source", fields.get("source"), LONGEST_NAME) or None,
        authors=read_names(fields.get("authors")),
    )


def stated_id(fields: Mapping[str, object]) -> str:
    """Return the id that an article with these fields has whatever else it says; empty where they do not tell.

    Raises:
        Unreadable: See `read_id`; or its URL is no string.
    """
    url = read_url(fields.get("url"))
    return read_id(fields.get("id")) or (_derived_id(url, "", "") if url else "")


def is_withdrawn(fields: Mapping[str, object]) -> bool:
    """Tell whether fields give an article's id and an empty text: how a store says that it was withdrawn.

    Raises:
        Unreadable: See `read_id`.
    """
    text = fields.get("text", ...)
    return (text is None or (isinstance(text, str) and not text.strip())) and bool(read_id(fields.get("id")))


def read_id(value: object) -> str:
    """Return a given id unchanged (a whole number as its digits); empty if there is none.

    Raises:
        Unreadable: It is something else, or cannot be handled as a name.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = read_string("id", value)
    if not text.strip():
        return ""
    if not text.isprintable() or len(text) > LONGEST_ID:
        raise Unreadable(
            f'"id" is {shown(text)}: longer than {LONGEST_ID} characters, or with characters that do not print. '
            "Give a shorter, plain one, or leave it out."
        )
    return text


def read_title(value: object) -> str:
    """Return a title as one line, without controls, at most `LONGEST_TITLE` characters."""
    return read_line("title", value, LONGEST_TITLE)


def read_string(field: str, value: object) -> str:
    """Return a string unchanged; empty for None.

    Raises:
        Unreadable: It is something else, or holds half a character.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong_type(field, value, "text")
    _check_characters(field, value)
    return value


def read_line(field: str, value: object, limit: int) -> str:
    """Return a string as one line, without controls, at most `limit` characters; empty for None.

    Raises:
        Unreadable: It is no string.
    """
    text = " ".join(_CONTROLS.sub("", " ".join(read_string(field, value).split())).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def read_url(value: object) -> str | None:
    """Return an http or https address; None for any other: the article is worth keeping without its link.

    Raises:
        Unreadable: It is no string.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong_type("url", value, "text")
    url = value.strip()
    if len(url) > LONGEST_URL or _UNSAFE_IN_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        # What stands before an @ is a password, or another site's name that lures the reader.
        trusted = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return url if trusted else None


def read_date(value: object) -> date | None:
    """Return the day of publication, as its own time zone has it; None if there is none.

    Understood are dates and times of ISO 8601 and RFC 2822, years first with slashes, and English dates with the month
    as a word. All-numeric dates with the day or the month first mean two things and are refused.

    Raises:
        Unreadable: It is no such date. An article that is silently undated would be missing from every search by date.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = read_string("published", value).strip()
    if not text:
        return None
    found = _iso_date(text) or _mail_date(text) or _date_in_words(text)
    if found is None:
        raise Unreadable(
            f'"published" is {shown(text)}, which is no date that is understood. Write it like 2026-11-02.'
        )
    return found


def read_names(value: object) -> tuple[str, ...]:
    """Return authors' names from a list of strings, or from one string, where semicolons part several.

    Raises:
        Unreadable: It is neither.
    """
    if isinstance(value, str):
        value = value.split(";")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong_type("authors", value, "a list of names")
    names = (read_line("authors", name, LONGEST_NAME) for name in value)
    return tuple(dict.fromkeys(name for name in names if name))


def _check_characters(field: str, text: str) -> None:
    """Refuse half of a surrogate pair, which JSON can spell and no file, index or message can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable(
            f'"{field}" has half a character (\\u{ord(text[error.start]):04x}) at position {error.start}: '
            "its other half was cut off. Restore or remove it."
        ) from error


def _wrong_type(field: str, value: object, wanted: str) -> Unreadable:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object", str: "text"}
    kind = (
        "a list with other things than text"
        if field == "authors" and isinstance(value, list)
        else names.get(type(value))
    )
    return Unreadable(
        f'"{field}" is {kind or type(value).__name__}, not {wanted}. Write it as {wanted}, or leave it out.'
    )


def _iso_date(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(*map(int, match.groups()))
    return None


def _mail_date(text: str) -> date | None:
    from email.utils import parsedate

    try:
        parts = parsedate(text)
    except (ValueError, OverflowError):  # A number of thousands of digits.
        return None
    # Its two-digit years and missing parts are guesses: only a year that is spelt out counts.
    return _day(*parts[:3]) if parts and str(parts[0]) in text else None


def _date_in_words(text: str) -> date | None:
    match = _IN_WORDS.fullmatch(text)
    if not match:
        return None
    words = " ".join(_ORDINAL.sub("", match[1]).replace(",", " ").replace(".", " ").split())
    for order in ("%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y"):
        try:
            return datetime.strptime(words, order).date()
        except ValueError:
            continue
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _derived_id(url: str | None, title: str, text: str) -> str:
    """Return an id that stays when other articles come and go: the address outlives a correction of the text."""
    kind, parts = ("url", (url,)) if url else ("text", (title, text))
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=12)
    return f"{kind}-{digest.hexdigest()}"
