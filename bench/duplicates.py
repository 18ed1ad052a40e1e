"""How many syndicated copies are found, and how many of those found are copies: pairs made from the sample articles.

    python -m bench.duplicates

Copies are made of each sample article in eight ways. What is none: every two sample articles, some of which follow the
same events; reports that follow one pattern; articles whose figures were corrected; articles that quote a paragraph.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from bot.data import data_folder
from index.duplicates import Likeness, compare
from index.formats import read_files
from index.model import Article

_Edit = Callable[[Article, random.Random, list[Article]], str]

AGENCY = "This report was supplied by an agency and may have been shortened. "
RIGHTS = "All rights reserved. Read more of our reports."
PLACES = ["Varr", "Elsk", "Tollen", "Skerra", "Carrow", "Hamre", "Oskland", "Lindvik"]


def framed(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Between the words that an agency puts around it."""
    return (
        f"{article.source or 'Agency'} | {AGENCY}\n\n{article.text}\n\nAll rights reserved. Read more of our reports."
    )


def shortened(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Its first three fifths."""
    return article.text[: len(article.text) * 3 // 5]


def edited(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Every twentieth small word is another."""
    return _with_other_words(article.text, 0.05, chance)


def rewritten(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Every sixth small word is another."""
    return _with_other_words(article.text, 1 / 6, chance)


def passed_on(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Framed, shortened and edited."""
    short = replace(article, text=edited(replace(article, text=shortened(article, chance, others)), chance, others))
    return framed(short, chance, others)


def _with_other_words(text: str, share: float, chance: random.Random) -> str:
    words = text.split(" ")
    small = sorted({word for word in words if word.isalpha() and word.islower()})
    return " ".join(
        chance.choice(small) if word.isalpha() and word.islower() and chance.random() < share else word
        for word in words
    )


def rearranged(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Its paragraphs in another order."""
    paragraphs = article.text.split("\n\n")
    chance.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def extended(article: Article, chance: random.Random, others: list[Article]) -> str:
    """With a paragraph of another article behind it."""
    return f"{article.text}\n\n{chance.choice(others).text.split(chr(10) * 2)[0]}"


def reset(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Other quotation marks, dashes and line ends."""
    return re.sub(r"\s+", " ", article.text.replace('"', "”").replace("'", "’").replace(" - ", " – "))


def corrected(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Other figures."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + chance.randint(1, 9)), article.text)


def quoting(article: Article, chance: random.Random, others: list[Article]) -> str:
    """Another article, with one paragraph of it."""
    paragraphs = sorted(article.text.split("\n\n"), key=len)
    return f"{chance.choice(others).text}\n\n{paragraphs[len(paragraphs) // 2]}"


COPIES: list[_Edit] = [framed, shortened, edited, rewritten, rearranged, extended, reset, passed_on]
OTHERS: list[_Edit] = [corrected, quoting]


def patterned(chance: random.Random) -> Iterator[str]:
    """Yield reports of the weather that differ in figures and places only."""
    while True:
        one, two = chance.sample(PLACES, 2)
        low, high, wind = chance.randint(-9, 9), chance.randint(10, 29), chance.randint(2, 40)
        yield (
            f"Tomorrow begins with clouds over {one} that give way to sunshine in the course of the morning. In the "
            f"afternoon up to {high} degrees are expected along the coast, and {low} degrees in the hills at night. "
            f"The wind comes from the west at {wind} kilometres an hour and is stronger near {two}, where the ferries "
            f"may run late. Those who drive to {two} should allow {wind + 7} minutes more. The outlook for the days "
            "that follow is for dry weather with a chance of fog in the valleys before noon."
        )


def pairs() -> Iterator[tuple[str, bool, Article, Article]]:
    """Yield the kind of each pair, whether it is one of copies, and its articles."""
    chance = random.Random(20261124)
    samples = [article for article in read_files([data_folder("seeds")]) if isinstance(article, Article)]
    known = {frozenset({"coastwire", "radio-varr"})}  # the samples hold one syndicated report
    for one, other in combinations(samples, 2):
        if not any(all(name in one.id + other.id for name in names) for names in known):
            yield "other samples", False, one, other
    for article in samples:
        others = [other for other in samples if other is not article]
        day = article.published + timedelta(days=1) if article.published else None
        for edit in (*COPIES, *OTHERS):
            changed = edit(article, chance, others)
            if edit is corrected and changed == article.text:
                continue  # it has no figures
            yield edit.__name__, edit in COPIES, article, replace(article, id="other", text=changed, published=day)
    reports = patterned(chance)
    for _ in range(100):
        one, other = (Article(name, "The weather", next(reports)) for name in ("one", "other"))
        if one.text != other.text:
            yield "patterned", False, one, other


def main() -> None:
    """Print a line for each kind of pair, then precision and recall of all."""
    counts: dict[str, list[int]] = {}
    of_copies = found_copies = found_others = 0
    for kind, copies, one, other in pairs():
        found = bool(compare({one.id: one, other.id: other}, {one.id, other.id}, Likeness()).pairs)
        count = counts.setdefault(kind, [0, 0])
        count[0] += 1
        count[1] += found
        of_copies += copies
        found_copies += found and copies
        found_others += found and not copies
    names = {edit.__name__ for edit in COPIES}
    for kind, (number, found) in counts.items():
        are = "copies" if kind in names else "not copies"
        print(f"{kind:15}{are:12}{number:5} pairs, {found:4} said to be copies")
    print(f"recall {found_copies / of_copies:.3f} ({found_copies} of {of_copies})")
    print(
        f"precision {found_copies / (found_copies + found_others):.3f} ({found_others} said to be copies and are not)"
    )


if __name__ == "__main__":
    main()
