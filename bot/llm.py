"""A language model behind LangChain: text in, pieces of text out, and what goes wrong in words that hold no secret."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.settings import GenerateSection

_INSTALL = "Install what generated answers need: pip install 'footnote[llm]'"

_TOO_MANY = 429
_TOO_SLOW = frozenset({408, 504})
_BROKEN_SERVER = 500


class LlmUnavailable(Exception):
    """The configured model cannot be used; the message says why and what to do, and holds no key."""


class Failure(StrEnum):
    """Why a reply is of no use."""

    RATE_LIMIT = "rate_limit"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    SERVER = "server_error"
    REJECTED = "rejected"
    UNREADABLE = "unreadable"
    REFUSED = "refused"
    TOOL_CALL = "tool_call"


_RETRYABLE = frozenset({Failure.RATE_LIMIT, Failure.UNREACHABLE, Failure.SERVER})


class LlmFailure(Exception):
    """One call failed.

    Attributes:
        reason: Why.
        retryable: Another try may succeed.
    """

    def __init__(self, reason: Failure, detail: str = "") -> None:
        super().__init__(f"{reason} ({detail})" if detail else str(reason))
        self.reason = reason
        self.retryable = reason in _RETRYABLE


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a reply.

    Attributes:
        text: May be empty.
        read: Tokens of the prompt that this piece reports as counted by the provider.
        written: Tokens of the reply, likewise.
    """

    text: str
    read: int = 0
    written: int = 0


class Llm:
    """One chat model."""

    def __init__(self, model: BaseChatModel) -> None:
        self._model = model

    async def stream(self, system: str, question: str) -> AsyncGenerator[Piece, None]:
        """Yield the reply piece by piece.

        Raises:
            LlmFailure: No reply, or one that is none.
        """
        pieces = self._model.astream([("system", system), ("human", question)])
        try:
            async for chunk in pieces:
                if getattr(chunk, "tool_call_chunks", None) or getattr(chunk, "tool_calls", None):
                    raise LlmFailure(Failure.TOOL_CALL)
                if _refused(chunk):
                    raise LlmFailure(Failure.REFUSED)
                usage = getattr(chunk, "usage_metadata", None) or {}
                yield Piece(str(chunk.text), usage.get("input_tokens", 0), usage.get("output_tokens", 0))
        except LlmFailure:
            raise
        except Exception as error:
            # Each provider's library has errors of its own, and their texts may repeat a key: only their kind is told.
            raise _translated(error) from None
        finally:
            with contextlib.suppress(Exception):
                await pieces.aclose()  # type: ignore[attr-defined]


def open_llm(settings: GenerateSection) -> Llm:
    """Return the configured model. Nothing is sent to it yet.

    Raises:
        LlmUnavailable: A package is missing, or the model's name or a setting is not understood.
    """
    try:
        from langchain.chat_models import init_chat_model
    except ImportError:
        raise LlmUnavailable(f"generate.model is set, but LangChain is not installed. {_INSTALL}") from None
    try:
        model = init_chat_model(settings.model, **_arguments(settings))
    except ImportError as error:
        missing = str(error.name or getattr(error.__cause__, "name", None) or "a package").replace("_", "-")
        raise LlmUnavailable(
            f"The model {settings.model!r} needs {missing}. Install it: pip install {missing}"
        ) from None
    except Exception as error:
        # Its text may hold what was configured, the key included.
        raise LlmUnavailable(
            f"generate.model {settings.model!r} cannot be used ({type(error).__name__}). Write it as provider:model, "
            "for example openai:gpt-4o-mini, anthropic:claude-sonnet-4-5 or ollama:llama3.2, and set generate.api_key "
            "(better FOOTNOTE_GENERATE__API_KEY) where the provider wants a key."
        ) from None
    return Llm(model)


def _arguments(settings: GenerateSection) -> dict[str, Any]:
    """Return what the model is made with: the same for every provider, but for Ollama's own names."""
    key = settings.api_key.get_secret_value()
    arguments: dict[str, Any] = {}
    if settings.base_url:
        arguments["base_url"] = settings.base_url
    if settings.temperature is not None:
        arguments["temperature"] = settings.temperature
    if settings.model.startswith("ollama:"):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        client = {"timeout": settings.timeout, "headers": headers}
        return {**arguments, "num_predict": settings.max_tokens, "client_kwargs": client}
    if settings.base_url and not key and settings.model.startswith("openai:") and not os.environ.get("OPENAI_API_KEY"):
        key = "none"  # a local server wants none, but its client does
    if key:
        arguments["api_key"] = key
    return {**arguments, "timeout": settings.timeout, "max_retries": 0, "max_tokens": settings.max_tokens}


def _refused(chunk: Any) -> bool:
    told = getattr(chunk, "response_metadata", None) or {}
    ended = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason")
    return bool((getattr(chunk, "additional_kwargs", None) or {}).get("refusal")) or ended in {
        "content_filter",
        "refusal",
        "safety",
        "SAFETY",
    }


def _translated(error: Exception) -> LlmFailure:
    kind = type(error).__name__
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        detail = f"HTTP {status}"
        if status == _TOO_MANY:
            return LlmFailure(Failure.RATE_LIMIT, detail)
        if status in _TOO_SLOW:
            return LlmFailure(Failure.TIMEOUT, detail)
        return LlmFailure(Failure.SERVER if status >= _BROKEN_SERVER else Failure.REJECTED, detail)
    names = {base.__name__ for base in type(error).__mro__}
    if isinstance(error, TimeoutError) or any("Timeout" in name for name in names):
        return LlmFailure(Failure.TIMEOUT, kind)
    if isinstance(error, OSError) or names & {"APIConnectionError", "ConnectError", "NetworkError"}:
        return LlmFailure(Failure.UNREACHABLE, kind)
    return LlmFailure(Failure.UNREADABLE, kind)
