"""How members are named in the ledger: by their Discord user id, or by a keyed hash of it."""

from __future__ import annotations

import hashlib

# What a hash begins with, so that it is never taken for a user id.
HASHED = "h"
_DIGEST_BYTES = 16


class Names:
    """Turns user ids into what is stored."""

    def __init__(self, key: bytes | None) -> None:
        """Make it.

        Args:
            key: Secret of up to 64 bytes; ids are stored as they are if None. Without the key nobody can tell whose
                a hash is, not even by trying all ids.
        """
        self._key = key

    @property
    def hashing(self) -> bool:
        """Whether ids are hashed."""
        return self._key is not None

    def of(self, member: int | str) -> str:
        """Return the name that a member is stored by; what is one already stays as it is."""
        text = str(member)
        return text if text.startswith(HASHED) else self.hashed(text)

    @property
    def fingerprint(self) -> str | None:
        """What tells whether a key is this one, and nothing else of it; None if there is none."""
        return None if self._key is None else self.hashed("fingerprint of the key")

    def hashed(self, text: str) -> str:
        """Return a text hashed, if ids are to be hashed."""
        if self._key is None:
            return text
        return HASHED + hashlib.blake2b(text.encode(), key=self._key, digest_size=_DIGEST_BYTES).hexdigest()
