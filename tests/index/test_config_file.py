"""The program's own changes to footnote.toml leave everything else in it as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.config_file import set_value
from index.errors import ConfigProblem


def test_a_value_is_set_and_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / "footnote.toml"
    file.write_text('# mine\n[index]\nlanguage = "en" # ours\n\n[bot]\n')

    set_value(file, "index", "backend", "openvino")

    assert '# mine\n[index]\nlanguage = "en" # ours\nbackend = "openvino"\n\n[bot]\n' == file.read_text()


def test_a_file_is_begun_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "footnote.toml"

    set_value(file, "index", "backend", "onnx")

    assert '[index]\nbackend = "onnx"\n' == file.read_text()


def test_a_broken_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "footnote.toml"
    file.write_text("[index\n")

    with pytest.raises(ConfigProblem, match="not valid TOML"):
        set_value(file, "index", "backend", "onnx")
    assert file.read_text() == "[index\n"
