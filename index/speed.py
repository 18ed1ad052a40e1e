"""How fast a backend computes the embedding model on this machine: `python -m index.speed BACKEND MODEL`.

Each is measured in a process of its own: two of them in one would fight for the processor's cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from index.backends import require
from index.errors import IndexFailure, ModelUnavailable
from index.settings import IndexSettings

_SAMPLE = Path(__file__).with_name("sample.txt")
_WORDS = 150  # of a passage, about 200 tokens
_ROUNDS = 3
_QUERIES = 20
_QUERY = "Where was the stolen astrolabe found?"


@dataclass(frozen=True, slots=True)
class Speed:
    """What one backend does here.

    Attributes:
        load_seconds: Until the model is ready, exported and compared with torch.
        passages_per_second: Of about 200 tokens each, as a rebuild embeds them; the best of three rounds.
        query_ms: For one question, the best of three rounds' means.
    """

    backend: str
    load_seconds: float
    passages_per_second: float
    query_ms: float


def measure(settings: IndexSettings) -> Speed:
    """Measure the backend of `settings` in this process.

    Raises:
        ModelUnavailable: It cannot be loaded, or it computes other vectors than torch.
    """
    from index.embed import Embedder

    started = time.perf_counter()
    embedder = Embedder(settings)
    loaded = time.perf_counter() - started
    words = _SAMPLE.read_text(encoding="utf-8").split()
    # Three turns of the sample, each cut elsewhere.
    texts = [
        " ".join(words[first : first + _WORDS])
        for turn in range(_ROUNDS)
        for first in range(turn * _WORDS // _ROUNDS, len(words) - _WORDS, _WORDS)
    ]
    rates, latencies = [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        count = sum(1 for _ in embedder.encode_passages([""] * len(texts), texts))
        rates.append(count / (time.perf_counter() - started))
        started = time.perf_counter()
        for _ in range(_QUERIES):
            embedder.encode_query(_QUERY)
        latencies.append((time.perf_counter() - started) / _QUERIES * 1000)
    return Speed(settings.backend, round(loaded, 2), round(max(rates), 1), round(min(latencies), 2))


def measure_apart(backend: str, model: str) -> Speed:
    """Measure a backend in a process of its own.

    Raises:
        ModelUnavailable: It cannot be loaded, computes other vectors than torch, or its process came to an end.
    """
    require(backend)
    command = [sys.executable, "-m", "index.speed", backend, model]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own module
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"its process ended with status {done.returncode}"]
        raise ModelUnavailable(said[-1])
    return Speed(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(measure(IndexSettings(backend=sys.argv[1], model=sys.argv[2])))))
    except IndexFailure as error:
        print(error, file=sys.stderr)
        sys.exit(1)
