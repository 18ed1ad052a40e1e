"""Fit the weights that rank passages, choose quotes and tell how sure an answer is; print what each part is worth.

    python -m bench.weights HOME=QUESTIONS [HOME=QUESTIONS …]

Each HOME holds an index; each QUESTIONS is JSON Lines of {"id", "question", "asked_at", "answers", "answerable",
"group", "evidence": [{"article_id"}]}. Figures are five-fold cross-validated over questions; "without" lines are fitted
and measured with one part left out; the weights printed last are fitted on all questions. Question sets count equally,
whatever their size.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.confidence import WEIGHTS, signals
from bot.evaluation.observe import contains
from bot.extract import choose
from bot.model import Question
from bot.reader import WEIGHTS as SENTENCE_WEIGHTS
from bot.reader import Scored, sentence_features
from index import Filter, Hit, Index, IndexSettings, open_index
from index.rank import FRESH_WEIGHT, RANK_WEIGHTS

FOLDS = 5
PENALTY = 0.01  # of squared standardised weights, against a mean log loss a set

Rows = tuple[list[dict[str, float]], list[bool]]  # features of each candidate, and whether it is right


@dataclass
class Asked:
    """A question with everything that was found for it."""

    dataset: str
    record: dict[str, Any]
    question: Question
    hits: list[Hit]
    passages: Rows
    sentences: Rows
    places: list[tuple[Hit, int]]
    signals: dict[str, float] = field(default_factory=dict)

    @property
    def fold(self) -> int:
        """The fold it is in."""
        return zlib.crc32(str(self.record["id"]).encode()) % FOLDS


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="HOME=QUESTIONS")
    pairs = [pair.split("=", 1) for pair in parser.parse_args().pairs]
    report([asked for home, questions in pairs for asked in ask_all(Path(home), Path(questions))])


def report(everything: list[Asked]) -> None:
    """Fit and print."""
    answerable = [asked for asked in everything if asked.record["answerable"]]
    in_force = {**RANK_WEIGHTS, "fresh": FRESH_WEIGHT}
    print("PASSAGES (index/rank.py: RANK_WEIGHTS, FRESH_WEIGHT): right one first, and among five")
    _compare(answerable, "passages", in_force, _passage_figures)
    print("\nSENTENCES (bot/reader.py: WEIGHTS): answer in the first quote, and in the quotes")
    _compare(answerable, "sentences", SENTENCE_WEIGHTS, _quote_figures)
    print("\nCONFIDENCE (bot/confidence.py: INTERCEPT, WEIGHTS): AUROC, and shares taken for answered at thresholds")
    _confidence(everything)


def ask_all(home: Path, questions: Path) -> Iterator[Asked]:
    """Ask every question of an index and keep what was found."""
    with open_index(home, IndexSettings()) as index:
        for line in questions.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            yield _ask(index, home.name, record)
            if record.get("asked_at"):
                # Most people do not say what day it is.
                yield _ask(index, f"{home.name} undated", {**record, "asked_at": None})


def _ask(index: Index, dataset: str, record: dict[str, Any]) -> Asked:
    asked_at = date.fromisoformat(record["asked_at"][:10]) if record.get("asked_at") else None
    question = Question(record["question"], asked_at=asked_at)
    prefer = (asked_at, asked_at) if asked_at else None
    evidence = {item["article_id"] for item in record["evidence"]}
    encoded = index.embedder.encode_query(question.text)
    passages: Rows = ([], [])
    for candidate in index._candidates(question.text, encoded, Filter(), prefer):
        passage = index._passages[candidate.row]
        article = index.article(passage.article_id)
        assert article is not None
        said = article.text[passage.start : passage.end]
        passages[0].append({"fresh": 0.0, **candidate.signals})
        passages[1].append(article.id in evidence and contains(said, record["answers"]))
    hits = index.search(question.text, prefer=prefer)
    found = list(sentence_features(question, hits))
    texts = [Scored(0, hit, place).text for hit, place, _ in found]
    sentences = ([features for *_, features in found], [contains(text, record["answers"]) for text in texts])
    asked = Asked(dataset, record, question, hits, passages, sentences, [(hit, place) for hit, place, _ in found])
    ranked = _ranked(asked, SENTENCE_WEIGHTS)
    if ranked:
        asked.signals = signals(question, hits, ranked[0], [" ".join(quote.texts()) for quote in choose(ranked)])
    return asked


def _ranked(asked: Asked, weights: dict[str, float]) -> list[Scored]:
    scores = [sum(weights[n] * features[n] for n in weights) for features in asked.sentences[0]]
    scored = [Scored(score, hit, place) for score, (hit, place) in zip(scores, asked.places, strict=True)]
    return sorted(scored, key=lambda one: -one.score)


def _passage_figures(asked: Asked, weights: dict[str, float]) -> tuple[bool, bool]:
    order = np.argsort([-sum(weights[n] * row[n] for n in weights) for row in asked.passages[0]], kind="stable")
    right = [asked.passages[1][i] for i in order]
    return any(right[:1]), any(right[:5])


def _quote_figures(asked: Asked, weights: dict[str, float]) -> tuple[bool, bool]:
    quotes = [" ".join(quote.texts()) for quote in choose(ranked)] if (ranked := _ranked(asked, weights)) else [""]
    return contains(quotes[0], asked.record["answers"]), contains(" … ".join(quotes), asked.record["answers"])


def _compare(everything: list[Asked], rows: str, in_force: dict[str, float], figures: Any) -> None:
    names = list(in_force)
    _print_shares("in force", everything, [figures(asked, in_force) for asked in everything])
    for label, kept in [("fitted", names), *((f"without {name}", [n for n in names if n != name]) for name in names)]:
        fits = [fit_choice([a for a in everything if a.fold != fold], rows, kept) for fold in range(FOLDS)]
        _print_shares(label, everything, [figures(asked, fits[asked.fold]) for asked in everything])
    weights = fit_choice(everything, rows, names)
    print("  " + "  ".join(f"{name} {weight:.2f}" for name, weight in weights.items()))


def _print_shares(label: str, everything: list[Asked], figures: list[tuple[bool, bool]]) -> None:
    told = []
    for dataset in sorted({asked.dataset for asked in everything}):
        of_set = [pair for asked, pair in zip(everything, figures, strict=True) if asked.dataset == dataset]
        first, among = np.mean(of_set, axis=0)
        told.append(f"{dataset} {first:.3f} {among:.3f}")
    print(f"  {label:24}" + "   ".join(told))


def fit_choice(everything: list[Asked], rows: str, names: list[str]) -> dict[str, float]:
    """Fit weights that give the right ones of each question's candidates the most probability together."""
    sizes = Counter(asked.dataset for asked in everything)
    useful = [asked for asked in everything if 0 < sum(getattr(asked, rows)[1]) < len(getattr(asked, rows)[1])]
    tables = [np.array([[row[n] for n in names] for row in getattr(asked, rows)[0]]) for asked in useful]
    rights = [np.array(getattr(asked, rows)[1]) for asked in useful]
    shares = [1 / sizes[asked.dataset] for asked in useful]
    scale = np.concatenate(tables).std(axis=0) + 1e-9

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = PENALTY * float(weights @ weights) / 2, PENALTY * weights
        for table, right, share in zip(tables, rights, shares, strict=True):
            odds = np.exp((scores := table / scale @ weights) - scores.max())
            every, those = odds / odds.sum(), np.where(right, odds, 0)
            total -= share * np.log(those.sum() / odds.sum() + 1e-12)
            slope = slope - share * ((table / scale).T @ (those / max(those.sum(), 1e-12) - every))
        return total, slope

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return dict(zip(names, (best.x / scale).tolist(), strict=True))


def _confidence(everything: list[Asked]) -> None:
    asked = [one for one in everything if one.signals]
    names = list(WEIGHTS)
    probability = _held_out(asked, names)
    for key, area in _areas(asked, probability).items():
        positive, negative = (probability[mask] for mask in _masks(asked, *key))
        at = "  ".join(f"{t:.2f}: {np.mean(positive >= t):.2f}/{np.mean(negative >= t):.2f}"
                       for t in (0.02, 0.05, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75))  # fmt: skip
        print(f"  {key[0]:20} {key[1]:18} AUROC {area:.3f}  right/wrong at {at}")
    truth = np.array([bool(one.record["answerable"]) for one in asked])
    bins = np.clip((probability * 10).astype(int), 0, 9)
    found = sorted(set(bins.tolist()))
    error = sum(abs(truth[bins == b].mean() - probability[bins == b].mean()) * np.mean(bins == b) for b in found)
    print(f"  expected calibration error {error:.3f} over {len(asked)} questions")
    for b in found:
        print(f"    said {probability[bins == b].mean():.2f}  true {truth[bins == b].mean():.2f}  ({sum(bins == b)})")
    for name in names:
        areas = _areas(asked, _held_out(asked, [n for n in names if n != name]))
        print(f"  without {name:16}" + "   ".join(f"{key[0]} {key[1]} {area:.3f}" for key, area in areas.items()))
    scaler, regression = _fit(asked, names)
    weights = regression.coef_[0] / scaler.scale_
    print(f"  intercept {regression.intercept_[0] - float(weights @ scaler.mean_):.2f}  "
          + "  ".join(f"{n} {w:.2f}" for n, w in zip(names, weights, strict=True)))  # fmt: skip


def _held_out(asked: list[Asked], names: list[str]) -> np.ndarray:
    probability = np.zeros(len(asked))
    for fold in range(FOLDS):
        model = _fit([one for one in asked if one.fold != fold], names)
        at = [i for i, one in enumerate(asked) if one.fold == fold]
        probability[at] = model.predict_proba(_matrix([asked[i] for i in at], names))[:, 1]
    return probability


def _areas(asked: list[Asked], probability: np.ndarray) -> dict[tuple[str, str], float]:
    keys = sorted({(one.dataset, one.record["group"]) for one in asked if not one.record["answerable"]})
    areas = {}
    for key in keys:
        positive, negative = _masks(asked, *key)
        either = positive | negative
        areas[key] = float(roc_auc_score(positive[either], probability[either]))
    return areas


def _masks(asked: list[Asked], dataset: str, group: str) -> tuple[np.ndarray, np.ndarray]:
    positive = np.array([one.dataset == dataset and bool(one.record["answerable"]) for one in asked])
    negative = np.array([one.dataset == dataset and one.record["group"] == group for one in asked])
    return positive, negative


def _fit(asked: list[Asked], names: list[str]) -> Any:
    """Fit a logistic regression in which every set counts equally, and in it the answerable and each other group."""
    keys = [(one.dataset, bool(one.record["answerable"]) or one.record["group"]) for one in asked]
    sizes = Counter(keys)
    groups = Counter(dataset for dataset, group in sizes if group is not True)
    weights = [len(asked) / sizes[key] / (1 if key[1] is True else groups[key[0]]) / 2 / len(groups) for key in keys]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    truth = [bool(one.record["answerable"]) for one in asked]
    return model.fit(_matrix(asked, names), truth, logisticregression__sample_weight=weights)


def _matrix(asked: list[Asked], names: list[str]) -> list[list[float]]:
    return [[one.signals[name] for name in names] for one in asked]


if __name__ == "__main__":
    main()
