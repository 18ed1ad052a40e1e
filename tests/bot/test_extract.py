"""Which sentences become quotes: at most three runs of whole sentences, a hundred words, nothing said twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.extract import CLOSE, QUOTED, QUOTES, WORDS, choose
from bot.reader import Scored
from index import Article, Hit, Passage, Sentence


def hit(name: str, texts: list[str]) -> Hit:
    text = " ".join(texts)
    sentences, start = [], 0
    for one in texts:
        sentences.append(Sentence("p", start, start + len(one)))
        start += len(one) + 1
    article = Article(name, name, text)
    return Hit(Passage("p", name, 0, len(text)), article, 1.0, 0, len(text), tuple(sentences))


def quotes(*scores: tuple[Hit, list[float]]) -> list[str]:
    ranked = [Scored(score, one, place) for one, row in scores for place, score in enumerate(row)]
    return [" ".join(quote.texts()) for quote in choose(sorted(ranked, key=lambda scored: -scored.score))]


sentences = st.lists(
    st.lists(st.sampled_from("He she flood water bridge rose fell town 12 March".split()), min_size=1, max_size=60).map(
        " ".join
    ),
    min_size=1,
    max_size=6,
)


@given(st.lists(st.tuples(sentences, st.randoms(use_true_random=False)), min_size=1, max_size=4))
def test_quotes_are_few_short_whole_and_apart(articles: list[tuple[list[str], object]]) -> None:
    ranked = []
    for number, (texts, chance) in enumerate(articles):
        one = hit(str(number), texts)
        ranked += [Scored(chance.uniform(-9, 0), one, place) for place in range(len(texts))]  # type: ignore[attr-defined]
    ranked.sort(key=lambda scored: -scored.score)
    chosen = choose(ranked)

    assert 1 <= len(chosen) <= QUOTES
    words = [len(text.split()) for quote in chosen for text in quote.texts()]
    # A first sentence that is longer than all may be stands alone.
    assert sum(words) <= WORDS or (len(words) <= 2 and chosen[0].holds(ranked[0]))
    assert chosen[0].holds(ranked[0])
    for i, quote in enumerate(chosen):
        assert not any(quote.touches(other.best.hit, other.first, other.last) for other in chosen[i + 1 :])


def test_an_answer_told_in_two_sentences_is_quoted_in_one_piece() -> None:
    told = hit("a", ["The vote was held in May.", "Teale won it.", "Rain fell."])
    other = hit("b", ["Nobody was hurt."])

    assert ["The vote was held in May. Teale won it.", "Nobody was hurt."] == quotes(
        (told, [0.0, CLOSE / -2, -99.0]), (other, [CLOSE / -4])
    )


def test_what_is_far_less_likely_is_left_out() -> None:
    assert ["Teale won."] == quotes((hit("a", ["Teale won."]), [0.0]), (hit("b", ["Rain fell."]), [-QUOTED - 0.1]))


def test_a_sentence_that_leans_on_the_one_before_takes_it_along() -> None:
    assert ["Ada Teale was elected. She is 41."] == quotes(
        (hit("a", ["Ada Teale was elected.", "She is 41."]), [-99, 0])
    )


def test_nothing_is_said_twice() -> None:
    one, other = hit("a", ["The bridge opened in May."]), hit("b", ["The bridge opened in May."])

    assert ["The bridge opened in May."] == quotes((one, [0.0]), (other, [-1.0]))
