"""Markdown and text files: front matter, titles, and the words that stay when the markup goes."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleProblem
from index.formats import read_files
from index.formats.markdown import LONGEST, plain_text
from index.model import Article


def read(folder: Path, text: str, name: str = "storm-in_town.md") -> Article:
    file = folder / name
    file.write_bytes(text.encode("utf-8"))
    [found] = read_files([file])
    assert isinstance(found, Article), found
    return found


FRONT_MATTER = """\
---
title: "Bridge: open"
url: https://example.org/bridge
{date}: 2024-11-02
source: The Courier
{authors}
id: 007
draft: yes
---

Words.
"""


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("day", ["published", "date", "Date"])
@pytest.mark.parametrize(
    "authors", ["authors: [Ada Bell, Jo Marsh]", "authors:\n  - Ada Bell\n  - Jo Marsh", "author: Ada Bell; Jo Marsh"]
)
def test_front_matter_gives_the_fields(tmp_path: Path, name: str, day: str, authors: str) -> None:
    article = read(tmp_path, FRONT_MATTER.format(date=day, authors=authors), name)

    assert (
        Article(
            id="007",
            title="Bridge: open",
            text=article.text,
            url="https://example.org/bridge",
            published=date(2024, 11, 2),
            source="The Courier",
            authors=("Ada Bell", "Jo Marsh"),
        )
        == article
    )
    assert "Words." == article.text.strip()


def test_toml_front_matter_is_read_too(tmp_path: Path) -> None:
    article = read(tmp_path, '+++\ntitle = "Bridge"\ndate = 2024-11-02T08:00:00Z\nauthors = ["Ada"]\n+++\nWords.')

    assert ("Bridge", date(2024, 11, 2), ("Ada",), "Words.") == (
        article.title, article.published, article.authors, article.text,
    )  # fmt: skip


@pytest.mark.parametrize("value", ["1984", "No", "null and void", "12:30", "0x10", "2024-11-02", "~/home", "1e5"])
def test_a_value_of_front_matter_is_the_text_that_is_written_there(tmp_path: Path, value: str) -> None:
    article = read(tmp_path, f"---\ntitle: {value}\nsource: {value}\nurl: null\ndate: ~\nauthor:\n---\nWords.")

    assert (value, value, None, None, ()) == (
        article.title, article.source, article.url, article.published, article.authors,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["---\nJust a rule above.\n\n---\n\nAnd below.\n", "---\n\nA rule, and nothing more.", "----- a line of dashes"],
)
def test_a_text_that_begins_with_a_rule_is_not_taken_for_front_matter(tmp_path: Path, text: str) -> None:
    assert text == read(tmp_path, text, "a.txt").text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Given\n---\n# Heading\n\nWords.", "Given"),
        ("Words first.\n\n## The *first* [heading](x)\n\nMore.\n\n# Another", "The first heading"),
        ("Setext `heading`\n===\n\nWords.", "Setext heading"),
        ("Words alone.", "storm in town"),
        ("---\ntitle: ''\n---\nWords.", "storm in town"),
        ("```\n# no heading\n```", "storm in town"),
    ],
)
def test_the_title_is_the_front_matters_else_the_first_heading_else_the_files_name(
    tmp_path: Path, text: str, title: str
) -> None:
    assert title == read(tmp_path, text).title


def test_a_heading_that_says_the_title_is_no_part_of_the_text(tmp_path: Path) -> None:
    texts = [
        read(tmp_path, text).text
        for text in (
            "# Storm\n\nWords.",
            "---\ntitle: storm\n---\n# Storm\n\nWords.",
            "---\ntitle: Other\n---\n# Storm\n\nWords.",
            "Words.\n\n# Storm",
        )
    ]

    assert ["Words.", "Words.", "Storm\n\nWords.", "Words.\n\nStorm"] == texts


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("a **b** *c* _d_ __e__ ~~f~~ `g*h`", "a b c d e f g*h"),
        ("[label](https://x.y 'title'), [ref][r], [r]\n\n[r]: https://x.y", "label, ref, r"),
        ("<https://x.y> ![alt *text*](a.png) &amp; \\*not\\*", "https://x.y alt text & *not*"),
        ("wrapped\nline  \nbroken\\\nagain<br>and", "wrapped line\nbroken\nagain\nand"),
        ("# One #\npara\n\n## Two", "One\n\npara\n\nTwo"),
        ("- a\n- **b**\n  more\n* c", "- a\n- b more\n\n- c"),
        ("3. a\n4. b\n   - c\n\n     d\n", "3. a\n4. b\n   - c\n     d"),
        ("> quoted\n> words\n>\n> > deeper", "quoted words\n\ndeeper"),
        ("|A|B|\n|-|-:|\n|1|**2**|\n||x|", "A | B\n1 | 2\n| x"),
        ("```py\nif x:\n    y = '*'\n```\n\n    z  z", "if x:\n    y = '*'\n\nz  z"),
        ("a\n\n***\n\nb", "a\n\nb"),
        (
            "<div>a <b>b</b>&nbsp;c<p>d</div>\n\n<!-- e -->\n\n<script>\nf()\n</script>\n\n<img alt='g'>",
            "a b\xa0c\n\nd\n\ng",
        ),
        ("x <span class='y'>z</span> <a href='javascript:w'>v</a> 1 < 2", "x z v 1 < 2"),
        ("snake_case_name 5 * 3 * 2 C:\\path", "snake_case_name 5 * 3 * 2 C:\\path"),
        ("1986. A year at the start", "1986. A year at the start"),
        ("“Quotes” – stay… as they’re ﬁne", "“Quotes” – stay… as they’re ﬁne"),
    ],
)
def test_markdown_becomes_the_words_a_reader_sees(markdown: str, plain: str) -> None:
    assert plain == plain_text(markdown)


prose = st.lists(st.text("abcdefg äß.,", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6)


@given(prose)
def test_paragraphs_of_plain_prose_come_through_unchanged(paragraphs: list[str]) -> None:
    text = "\n\n".join(re.sub(" +", " ", paragraph) for paragraph in paragraphs)

    assert text == plain_text(text)


@given(st.text(st.sampled_from("ab \n*_`[]()<>#-+=|!\\~&;:/\"'0.")))
def test_no_markdown_breaks_the_reader_or_leaves_ragged_text(source: str) -> None:
    plain = plain_text(source)

    assert plain.strip("\n") == plain
    assert set(plain) <= set(source) | set("- \n1234567890.|&<>\"'/:")


def test_a_plain_text_file_is_kept_as_it_is_but_for_its_line_endings(tmp_path: Path) -> None:
    article = read(tmp_path, "  A **line**\r\n\r\n\r\n# another \ra\tb  \n\n", "a.txt")

    assert "  A **line**\n\n\n# another \na\tb  \n\n" == article.text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Storm hits town\n\nWords.", "Storm hits town"),
        ("\nStorm hits town?\n \nWords.", "Storm hits town?"),
        ("The storm hit the town.\n\nWords.", "storm in town"),
        ("Two lines\nof words\n\nWords.", "storm in town"),
        ("x" * 200 + "\n\nWords.", "storm in town"),
        ("Storm hits town", "storm in town"),
    ],
)
def test_a_plain_texts_headline_is_its_title(tmp_path: Path, text: str, title: str) -> None:
    assert title == read(tmp_path, text, "storm-in_town.txt").title


def test_blocks_nested_beyond_any_writing_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "deep.md").write_text(">" * 5000 + " words\n\n" + "- " * 5000 + "more\n")
    (tmp_path / "shallow.md").write_text("> " * 19 + "words\n\n" + "- " * 9 + "more\n")

    deep, shallow = read_files([tmp_path])

    assert isinstance(deep, ArticleProblem)
    assert "too deep" in deep.reason
    assert isinstance(shallow, Article)
    assert shallow.text.startswith("words\n\n- - -")


def test_an_article_longer_than_any_is_a_problem_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("[" * (LONGEST + 1))

    [problem] = read_files([tmp_path])

    assert isinstance(problem, ArticleProblem)
    assert f"{LONGEST:,}" in problem.reason


def test_a_paragraph_longer_than_any_is_kept_as_it_is_written(tmp_path: Path) -> None:
    long = "A *word* and [another](https://x.y)\nof it. " * 400

    article = read(tmp_path, f"*One*\n\n{long}\n\n*Two*")

    assert f"One\n\n{long.strip()}\n\nTwo" == article.text


def test_tags_that_never_close_are_words_and_comments_that_never_close_are_none() -> None:
    assert ["a < b <div", "a", "a\nb"] == [
        "\n".join(line.strip() for line in plain_text(source).split("\n") if line.strip())
        for source in ("<div>a < b <div", "<div>a<!-- b <p>c", "<div>a<script>if (x<y) <!-- </script >b</div>")
    ]


# Each is repeated; as many as fit into a paragraph, or into the whole article.
HOSTILE = {
    "brackets": ("", "["), "links": ("", "[a]("), "pictures": ("", "![[]("), "emphasis": ("", "*a_ "),
    "quoted letters": (">" * 50, "\na"), "quoted letters, less deep": (">" * 18, "\na"), "quotes": ("", "> "),
    "tags": ("", "<div "), "tags in a block": ("<div>", "<a b='"), "comments": ("", "<!--"), "code": ("<pre>", "<a "),
    "a wide table of empty rows": ("|a" * 300 + "\n" + "|-" * 300 + "\n", "|\n"),
}  # fmt: skip


@pytest.mark.parametrize("paragraph", [10_000, LONGEST])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_markdown_holds_up_the_reading_of_the_rest(tmp_path: Path, name: str, paragraph: int) -> None:
    start, repeated = HOSTILE[name]
    block = (start + repeated * paragraph)[: paragraph - 2] + "\n\n"
    size = 50_000 if paragraph < LONGEST else LONGEST  # work that is bounded by the paragraph is a multiple of it
    (tmp_path / "a.md").write_text(block * (size // paragraph))
    program = f"from index.formats import read_files; print(len(list(read_files([{str(tmp_path)!r}]))))"

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    assert ("1\n", "") == (result.stdout, result.stderr)
