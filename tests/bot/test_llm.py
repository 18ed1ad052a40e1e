"""A language model that cannot be used is told at the start, in a sentence without its key."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pydantic import SecretStr, ValidationError

from bot.llm import LlmUnavailable, open_llm
from bot.settings import GenerateSection

KEY = "sk-0123456789-very-secret"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("nobody-knows-this", "provider:model"),
        ("nobody:model", "provider:model"),
        ("groq:llama", "langchain-groq"),
    ],
)
def test_a_model_that_cannot_be_used_is_told_without_its_key(model: str, said: str) -> None:
    with pytest.raises(LlmUnavailable) as raised:
        open_llm(GenerateSection(model=model, api_key=SecretStr(KEY)))

    assert said in str(raised.value)
    assert KEY not in str(raised.value)


def test_without_langchain_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain.chat_models", None)
    with pytest.raises(LlmUnavailable, match=r"pip install 'footnote\[llm\]'"):
        open_llm(GenerateSection(model="openai:any"))


@pytest.mark.parametrize("model", ["openai:any", "anthropic:any", "ollama:any"])
def test_each_provider_takes_what_is_configured(model: str) -> None:
    settings = GenerateSection(
        model=model, base_url="http://127.0.0.1:9", api_key=SecretStr(KEY), temperature=0.2, timeout=7, max_tokens=99
    )
    made = open_llm(settings)._model
    values = vars(made)

    assert 0.2 == values["temperature"]
    assert 99 in {values.get("max_tokens"), values.get("num_predict")}
    assert 7 in {
        values.get("request_timeout"),
        values.get("default_request_timeout"),
        7 if "client_kwargs" in values else 0,
    }
    assert KEY not in repr({name: value for name, value in values.items() if name != "client_kwargs"})


def test_a_local_server_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    open_llm(GenerateSection(model="openai:any", base_url="http://127.0.0.1:9"))
    with pytest.raises(LlmUnavailable, match="api_key"):
        open_llm(GenerateSection(model="openai:any"))


@pytest.mark.parametrize(
    "values",
    [
        {"base_url": "ftp://host"},
        {"base_url": "http://ada:password@host"},
        {"money_a_day": 1.0},
        {"temperature": 3},
        {"modle": "x"},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_and_not_repeated(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as raised:
        GenerateSection(**values)  # type: ignore[arg-type]

    assert "password@" not in str(raised.value)


def test_nothing_of_langchain_is_loaded_before_a_model_is_opened() -> None:
    code = (
        "import sys, bot.ask, bot.cli, bot.generate, bot.generating, bot.llm, bot.start\n"
        "print({m.split('.')[0] for m in sys.modules} & {'langchain', 'langchain_core', 'openai', 'numpy', 'torch'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "set()" == done.stdout.strip()
