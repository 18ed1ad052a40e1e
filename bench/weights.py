"""Fit the weights that rank passages, choose quotes and tell how sure an answer is; print them with what they bring.

    python -m bench.weights HOME=QUESTIONS [HOME=QUESTIONS …]

Each HOME holds an index; each QUESTIONS is JSON Lines of {"id", "question", "answers", "answerable", "group",
"evidence": [{"article_id"}]}. Figures are five-fold cross-validated over questions; the weights printed last are
fitted on all of them. Question sets count equally, whatever their size.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.confidence import WEIGHTS, signals
from bot.extract import _scored
from bot.model import Question
from index import Filter, Hit, IndexSettings, open_index
from index.retrieve import RANK_WEIGHTS

FOLDS = 5


@dataclass(frozen=True)
class Sample:
    """One row to learn from: which set and question it is of, its features, and whether it is right."""

    dataset: str
    question: str
    group: str
    features: dict[str, float]
    right: bool
    before: float = 0.0  # what the weights in force make of it

    @property
    def fold(self) -> int:
        """The fold its question is in."""
        return zlib.crc32(self.question.encode()) % FOLDS


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="HOME=QUESTIONS")
    passages: list[Sample] = []
    sentences: list[Sample] = []
    answers: list[Sample] = []
    for pair in parser.parse_args().pairs:
        home, questions = pair.split("=", 1)
        for kind, sample in _samples(Path(home), Path(questions)):
            {"passage": passages, "sentence": sentences, "answer": answers}[kind].append(sample)
    print("PASSAGES (index/retrieve.py: RANK_WEIGHTS)")
    _ranking(passages, list(RANK_WEIGHTS))
    print("\nSENTENCES (bot/extract.py: BEHIND, KIND, as shares of the similarity's weight)")
    _ranking(sentences, ["similarity", "behind", "kind"])
    print("\nCONFIDENCE (bot/confidence.py: INTERCEPT, WEIGHTS)")
    _confidence(answers, list(WEIGHTS))


def _samples(home: Path, questions: Path) -> Iterable[tuple[str, Sample]]:
    with open_index(home, IndexSettings()) as index:
        for line in questions.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            evidence = {item["article_id"] for item in record["evidence"]}
            known = (home.name, record["id"], record["group"])
            question = Question(record["question"])
            encoded = index.embedder.encode_query(question.text)
            for candidate in index._candidates(question.text, encoded, Filter()):
                passage = index._passages[candidate.row]
                article = index.article(passage.article_id)
                assert article is not None
                right = article.id in evidence and _contains(
                    article.text[passage.start : passage.end], record["answers"]
                )
                yield "passage", Sample(*known, candidate.signals, right, candidate.score)
            hits = index.search(question.text)
            scored = sorted(_scored(question, hits), key=lambda item: -item.score)
            for item in scored:
                features = {
                    "similarity": item.sentence.features["similarity"],
                    "behind": item.hit.score - hits[0].score,
                    "kind": _kind(item, hits),
                }
                yield "sentence", Sample(*known, features, _contains(item.text, record["answers"]), item.score)
            if scored:
                yield "answer", Sample(*known, signals(hits, scored[0].sentence), bool(record["answerable"]))


def _kind(item: Any, hits: Sequence[Hit]) -> float:
    """What the kind of answer added to a sentence's score: 1 or 0."""
    from bot.extract import BEHIND, KIND

    return round((item.score - item.sentence.features["similarity"] - BEHIND * (item.hit.score - hits[0].score)) / KIND)


def _contains(text: str, answers: Sequence[str]) -> bool:
    padded = f" {_normal(text)} "
    return any(f" {_normal(answer)} " in padded for answer in answers if _normal(answer))


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.lower()).split())


def _ranking(samples: Sequence[Sample], names: list[str]) -> None:
    """Fit a ranking of each question's rows and print in how many questions a right row comes first, and among five."""
    by_question: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        by_question[sample.dataset, sample.question].append(sample)
    useful = {key: rows for key, rows in by_question.items() if any(row.right for row in rows)}
    scores: dict[tuple[str, str], list[float]] = {}
    for fold in range(FOLDS):
        model = _fit([row for rows in useful.values() for row in rows if row.fold != fold], names)
        for key, rows in useful.items():
            if rows[0].fold == fold:
                scores[key] = list(model.decision_function(_matrix(rows, names)))
    for dataset in sorted({dataset for dataset, _ in useful}):
        keys = [key for key in useful if key[0] == dataset]
        for label, score in (
            ("in force", lambda key: [row.before for row in useful[key]]),
            ("fitted", lambda key: scores[key]),
        ):
            places = [
                next(i for i, j in enumerate(np.argsort(-np.array(score(key)))) if useful[key][j].right) for key in keys
            ]
            shares = [np.mean([place < k for place in places]) for k in (1, 3, 5)]
            print(f"  {dataset:24} {label:10} first {shares[0]:.3f}  of 3 {shares[1]:.3f}  of 5 {shares[2]:.3f}"
                  f"  ({len(keys)} questions)")  # fmt: skip
    _print_weights(_fit([row for rows in useful.values() for row in rows], names), names)


def _confidence(samples: Sequence[Sample], names: list[str]) -> None:
    probability: dict[tuple[str, str], float] = {}
    for fold in range(FOLDS):
        model = _fit([sample for sample in samples if sample.fold != fold], names)
        for sample in samples:
            if sample.fold == fold:
                key = sample.dataset, sample.question
                probability[key] = float(model.predict_proba(_matrix([sample], names))[0, 1])
    for dataset in sorted({sample.dataset for sample in samples}):
        rows = [sample for sample in samples if sample.dataset == dataset]
        positive = [probability[dataset, row.question] for row in rows if row.right]
        for group in sorted({row.group for row in rows if not row.right}):
            negative = [probability[dataset, row.question] for row in rows if row.group == group]
            truth = [1] * len(positive) + [0] * len(negative)
            area = roc_auc_score(truth, positive + negative)
            at = "  ".join(
                f"{t:.2f}: {np.mean(np.array(positive) >= t):.2f}/{np.mean(np.array(negative) >= t):.2f}"
                for t in (0.15, 0.3, 0.4, 0.5, 0.6, 0.7)
            )
            print(f"  {dataset:20} {group:18} AUROC {area:.3f}  answered right/wrong at {at}")
    truth = np.array([sample.right for sample in samples])
    said = np.array([probability[sample.dataset, sample.question] for sample in samples])
    bins = np.clip((said * 10).astype(int), 0, 9)
    error = sum(abs(truth[bins == b].mean() - said[bins == b].mean()) * np.mean(bins == b) for b in set(bins.tolist()))
    print(f"  expected calibration error {error:.3f} over {len(samples)} questions")
    _print_weights(_fit(samples, names), names)


def _fit(samples: Sequence[Sample], names: list[str]) -> Any:
    sizes: dict[tuple[str, str, bool], int] = defaultdict(int)
    for sample in samples:
        sizes[sample.dataset, sample.group, sample.right] += 1
    groups: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for dataset, group, right in sizes:
        groups[dataset, right].add(group)
    # Every set counts equally, and in it the right, the wrong, and every group of the wrong.
    weights = [len(samples) / sizes[s.dataset, s.group, s.right] / len(groups[s.dataset, s.right]) / 4 for s in samples]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return model.fit(_matrix(samples, names), [s.right for s in samples], logisticregression__sample_weight=weights)


def _matrix(samples: Sequence[Sample], names: list[str]) -> list[list[float]]:
    return [[sample.features[name] for name in names] for sample in samples]


def _print_weights(model: Any, names: list[str]) -> None:
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = regression.intercept_[0] - float(weights @ scaler.mean_)
    print(f"  intercept {intercept:.2f}  " + "  ".join(f"{n} {w:.2f}" for n, w in zip(names, weights, strict=True)))


if __name__ == "__main__":
    main()
