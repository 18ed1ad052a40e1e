"""`footnote bench`: which backend computes the embedding model fastest on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.start import console, fail, read_settings
from index.rebuild import AsJson, Home

if TYPE_CHECKING:
    from index.speed import Speed


def bench(
    home: Home = None,
    as_json: AsJson = False,
    save: Annotated[bool, typer.Option("--save", help="Set the fastest in footnote.toml.")] = False,
) -> None:
    """Measure what computes the embedding model here: torch, and ONNX Runtime and OpenVINO where they are installed.

    Each has to give the same vectors as torch, or it is out; the fastest of the others is named, and with --save set as
    `backend` under [index]. An index can be built with one and searched with another: no rebuild is needed.

    \b
    To try more of them:
      pip install 'footnote[openvino]'
      footnote bench --save
    """  # noqa: D301 - click's mark for "do not rewrap"
    from index import IndexFailure
    from index.settings import BACKENDS
    from index.speed import measure_apart

    settings = read_settings({"home": home})
    found: list[Speed] = []
    failed: dict[str, str] = {}
    for backend in BACKENDS:
        try:
            with console(standard_error=True).status(f"Measuring {backend}"):
                found.append(measure_apart(backend, settings.index.model))
        except IndexFailure as error:
            failed[backend] = str(error)
    if not found:
        fail(failed["torch"])
    fastest = max(found, key=lambda speed: speed.passages_per_second)
    if save and fastest.backend != settings.index.backend:
        from index.config import config_file
        from index.config_file import set_value

        try:
            set_value(config_file(), "index", "backend", fastest.backend)
        except IndexFailure as error:
            fail(str(error))
    if as_json:
        print(json.dumps(_as_values(found, failed, fastest, settings.index.backend)))
    else:
        _show(found, failed, fastest, settings.index.backend, saved=save)


def _as_values(found: list[Speed], failed: dict[str, str], fastest: Speed, in_force: str) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "backends": [asdict(speed) for speed in found],
        "failed": failed,
        "fastest": fastest.backend,
        "in_force": in_force,
    }


def _show(found: list[Speed], failed: dict[str, str], fastest: Speed, in_force: str, *, saved: bool) -> None:
    torch = next((speed for speed in found if speed.backend == "torch"), None)
    print(f"{'backend':10}{'passages/s':>12}{'of torch':>10}{'question':>12}{'ready in':>10}")
    for speed in found:
        ratio = f"{speed.passages_per_second / torch.passages_per_second:.2f}" if torch else ""
        print(
            f"{speed.backend:10}{speed.passages_per_second:>12.1f}{ratio:>10}{speed.query_ms:>9.1f} ms"
            f"{speed.load_seconds:>8.1f} s"
        )
    for backend, reason in failed.items():
        print(f"{backend:10}{reason}")
    if fastest.backend == in_force:
        print(f"\nThe fastest here is {fastest.backend}, which is in force.")
    elif saved:
        print(f"\nThe fastest here is {fastest.backend}: set in footnote.toml.")
    else:
        print(
            f'\nThe fastest here is {fastest.backend}: set backend = "{fastest.backend}" under [index], or add --save.'
        )
