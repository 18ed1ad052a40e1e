"""Models of a hub: fetched where the hub answers, taken from this machine's cache where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

# Seconds that the hub has to answer. Its own library goes on trying for a minute and more, file by file.
PATIENCE = 10.0

_Model = TypeVar("_Model")


def load_from_hub(load: Callable[[bool], _Model], name: str) -> _Model:
    """Return a model that a hub has.

    Args:
        load: Loads it; only from this machine's cache if given True.
        name: Its name on the hub.

    Raises:
        Exception: Whatever `load` raises.
    """
    return load(not _answers(name))


def _answers(name: str) -> bool:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        HfApi().model_info(name, timeout=PATIENCE)
    except HfHubHTTPError:
        return True  # that there is no such model, for example: loading it will say so
    except Exception:  # of whichever HTTP library the hub's own one uses
        return False
    return True
