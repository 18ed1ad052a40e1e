"""How Discord says no."""

from __future__ import annotations

from typing import Any

SAID = {
    0: "401: Unauthorized",
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10008: "Unknown Message",
    10015: "Unknown Webhook",
    10062: "Unknown interaction",
    20028: "The write action you are performing on the channel has hit the write rate limit.",
    30046: "Maximum number of edits to messages older than 1 hour reached.",
    40060: "Interaction has already been acknowledged.",
    50001: "Missing Access",
    50006: "Cannot send an empty message",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50027: "Invalid Webhook Token",
    50035: "Invalid Form Body",
    50083: "Thread is archived",
    160002: "Cannot reply without permission to read message history",
}


class Refused(Exception):
    """A request that Discord turns down.

    Attributes:
        status: Of the response.
        code: Discord's own.
        errors: What is wrong with which field of the body.
    """

    def __init__(self, status: int, code: int, **errors: str) -> None:
        super().__init__(f"{status} {code} {errors}")
        self.status, self.code, self.errors = status, code, errors

    def json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"message": SAID.get(self.code, "Error"), "code": self.code}
        if self.errors:
            said["errors"] = {
                field: {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": message}]}
                for field, message in self.errors.items()
            }
        return said
