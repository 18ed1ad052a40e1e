"""What every surface says of an answer in the same words: how sure it is, what was searched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.markup import clean
from bot.model import Answer, Citation, Status
from bot.prompts import Prompts
from index import LATIN, Article, Filter, Summary, language_by_script

# Languages as they call themselves, by ISO 639-1 code: those that `index.language` tells apart.
_NAMES = {
    "am": "አማርኛ", "ar": "العربية", "bn": "বাংলা", "da": "dansk", "de": "Deutsch", "el": "ελληνικά", "en": "English",
    "es": "español", "fi": "suomi", "fr": "français", "gu": "ગુજરાતી", "he": "עברית", "hi": "हिन्दी", "hu": "magyar",
    "hy": "հայերեն", "it": "italiano", "ja": "日本語", "ka": "ქართული", "km": "ខ្មែរ", "kn": "ಕನ್ನಡ", "ko": "한국어",
    "lo": "ລາວ", "ml": "മലയാളം", "my": "မြန်မာ", "nl": "Nederlands", "no": "norsk", "or": "ଓଡ଼ିଆ", "pa": "ਪੰਜਾਬੀ",
    "pt": "português", "ro": "română", "ru": "русский", "si": "සිංහල", "sv": "svenska", "ta": "தமிழ்", "te": "తెలుగు",
    "th": "ไทย", "tr": "Türkçe", "zh": "中文",
}  # fmt: skip
# A short question in Japanese may have no kana, and a Chinese one is found by the same ideographs.
_SHARED = {"zh": ("ja",), "ja": ("zh",)}

_MONTHS = 12
# From how many days on an age is told in weeks, and from how many months on in years.
_WEEKS = 14
_YEARS = 24


def days(since: date | None, until: date | None, prompts: Prompts) -> str:
    """Return a span of days as short as it can be told: 3 Mar 2026, 1–7 Mar 2026, 2024, 2 Mar 2026 and later."""
    if since is None or until is None:
        open_ended = prompts.text("time.since", day=prompts.day(since)) if since else ""
        return prompts.text("time.until", day=prompts.day(until)) if until else open_ended
    if since == until:
        return prompts.day(until)
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31):
        return str(since.year) if since.year == until.year else f"{since.year}–{until.year}"
    if (since.year, since.month) == (until.year, until.month):
        return prompts.day(until, first=since.day)
    return prompts.text("time.range", since=prompts.day(since), until=prompts.day(until))


def whole_months(since: date, until: date) -> int:
    """Return how many whole months there are from one day to another."""
    return (until.year - since.year) * _MONTHS + until.month - since.month - (until.day < since.day)


def ago(day: date, today: date, prompts: Prompts) -> str:
    """Return how long ago a day was, as people say it: yesterday, 3 weeks ago; empty for a day to come."""
    count = (today - day).days
    months = whole_months(day, today)
    if count < 0:
        return ""
    if count <= 1:
        return prompts.text("ago.yesterday" if count else "ago.today")
    if count < _WEEKS:
        return prompts.text("ago.days", count=count)
    if months <= 1:
        return prompts.text("ago.weeks", count=count // 7)
    if months < _YEARS and months != _MONTHS:
        return prompts.text("ago.months", count=months)
    years = round(months / _MONTHS)
    return prompts.text("ago.year") if years == 1 else prompts.text("ago.years", count=years)


def origin(cited: Sequence[Citation], prompts: Prompts, today: date | None = None) -> list[str]:
    """Return where the quotes of one article are from: publisher, day, pages, and who else has the same words.

    Args:
        cited: The quotes.
        prompts: The bot's texts.
        today: The day on which the article's age is told; it is not told if None.
    """
    parts = [*published_by(cited[0], today, prompts), *on_pages([citation.page for citation in cited], prompts)]
    also = list(dict.fromkeys(clean(name) for citation in cited for name in citation.also))
    if also:
        parts.append(prompts.text("answer.also", names=", ".join(also)))
    return parts


def published_by(what: Article | Citation, today: date | None, prompts: Prompts) -> list[str]:
    """Return who published an article and when, and if it is told on a day, how long ago that was."""
    published = prompts.day(what.published) if what.published else prompts.text("answer.undated")
    age = ago(what.published, today, prompts) if what.published and today else ""
    return [part for part in (clean(what.source or ""), published, age) if part]


def on_pages(pages: Iterable[int | None], prompts: Prompts) -> list[str]:
    """Return which pages something stands on, in the order given; nothing for what has none."""
    numbers = ", ".join(str(page) for page in dict.fromkeys(pages) if page)
    return [prompts.text("answer.page", pages=numbers)] if numbers else []


def sureness(answer: Answer, prompts: Prompts) -> str:
    """Return how sure an answer is, in words."""
    if answer.status is Status.NOTHING:
        return prompts.text("confidence.none")
    if answer.status is Status.RELATED:
        return prompts.text("confidence.low")
    words = ((0.85, "confidence.high"), (0.65, "confidence.good"), (0.0, "confidence.fair"))
    return prompts.text(next(name for least, name in words if answer.confidence >= least))


def advice(answer: Answer, prompts: Prompts) -> str:
    """Return what may help where nothing was found."""
    asked_in, found_in = language_by_script(answer.question.text), answer.searched.languages
    of_script = {code for code in found_in if (code in LATIN) is (asked_in is None)}
    if found_in and (not of_script or (asked_in and not of_script & {asked_in, *_SHARED.get(asked_in, ())})):
        return prompts.text("answer.other_language", languages=", ".join(map(language_name, found_in)))
    return prompts.text("answer.try_again")


def as_of(summary: Summary, prompts: Prompts) -> str:
    """Return as of which day the articles are known; empty if it is not on record."""
    try:
        built = datetime.fromisoformat(summary.built_at).date()
    except ValueError:
        return ""
    return prompts.text("answer.as_of", day=prompts.day(built))


def duration(seconds: int, prompts: Prompts) -> str:
    """Return how long something takes, in the largest unit that is not rounded much: 40 s, 5 min, 3 h."""
    for name, length in (("desk.hours", 3_600), ("desk.minutes", 60)):
        if seconds >= 2 * length:
            return prompts.text(name, count=-(-seconds // length))
    return prompts.text("desk.seconds", count=seconds)


def language_name(code: str) -> str:
    """Return what a language is called by those who speak it; its code if that is not known."""
    return _NAMES.get(code, code)


def searched(summary: Summary, where: Filter, prompts: Prompts) -> str:
    """Return how many articles were searched, from when to when, and what the asker narrowed them down to."""
    if not summary.articles:
        return prompts.text("searched.empty")
    one = summary.articles == 1
    said = prompts.text("searched.one") if one else prompts.text("searched.many", articles=summary.articles)
    if summary.oldest and summary.newest:
        if summary.oldest == summary.newest:
            said += " " + prompts.text("searched.day", day=prompts.day(summary.oldest))
        else:
            said += " " + prompts.text(
                "searched.dates", oldest=prompts.day(summary.oldest), newest=prompts.day(summary.newest)
            )
    narrowed = []
    if where.since:
        narrowed.append(prompts.text("searched.since", since=prompts.day(where.since)))
    if where.until:
        narrowed.append(prompts.text("searched.until", until=prompts.day(where.until)))
    if where.sources:
        narrowed.append(prompts.text("searched.sources", sources=", ".join(clean(name) for name in where.sources)))
    return ", ".join([said, *narrowed])
