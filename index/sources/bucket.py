"""Stores of files like S3, through fsspec."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from index.errors import SourceFailure
from index.formats.found import Unreadable, printable, shown
from index.sources.options import SourceOptions
from index.sources.protocol import Reading, Visit
from index.sources.stored import LARGEST_STORED, Stored, read_stored

# Stores by the scheme of their addresses, with the extra that brings each. Others (local files, http, archives, chains
# of several) have their own kinds of sources, which check what these would not.
_EXTRAS = {"s3": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure", "memory": ""}

_MOST_FILES = 100_000

# Seconds that listing a bucket, or fetching a file of it, may take.
_LONGEST_WAIT = 300.0

# What stores call the version of a file, surest first.
_VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "generation")
_CHANGED = ("LastModified", "last_modified", "updated", "mtime", "created")


def _store(url: str) -> str:
    scheme, separator, path = url.partition("://")
    if not separator or scheme not in _EXTRAS or "::" in url:
        raise ValueError(f"it must begin with one of {', '.join(f'{name}://' for name in _EXTRAS)}")
    if "@" in path.partition("/")[0] or "?" in path:
        raise ValueError("a user, password or parameter does not belong into it")
    if not path.strip("/"):
        raise ValueError("it names no bucket")
    return url.rstrip("/")


class BucketOptions(SourceOptions):
    """Options of a `bucket` source."""

    url: Annotated[str, AfterValidator(_store)] = Field(
        description="The bucket, and the folder in it: s3://bucket/folder, gs://…, az://…."
    )
    endpoint: str | None = Field(None, description="The address of a store that speaks S3's protocol.")
    anonymous: bool = Field(False, description="Whether the bucket is read without credentials.")
    key: SecretStr | None = Field(None, description="The access key, where it is not in the environment.")
    secret: SecretStr | None = Field(None, description="The secret to it.")
    token: SecretStr | None = Field(None, description="The session's token, or Google's credentials.")


class Bucket:
    """The files of a bucket whose format is read. One whose version is known is not fetched again."""

    Options = BucketOptions
    complete = True

    def __init__(self, options: BucketOptions) -> None:
        self._options = options
        self._scheme, _, self._path = options.url.partition("://")

    @property
    def where(self) -> str:
        """The bucket and the folder."""
        return self._options.url

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the files that have changed.

        Raises:
            SourceFailure: The bucket cannot be listed.
        """
        store, files = await asyncio.wait_for(asyncio.to_thread(self._list), _LONGEST_WAIT * 2)
        root = self._path.rpartition("/")[2]

        def get(file: Stored) -> bytes:
            return _fetch(store, f"{self._path}/{file.path}")

        async for reading in read_stored(visit, files, root, self.where, get):
            yield reading

    def _list(self) -> tuple[Any, list[Stored]]:
        import fsspec

        extra = _EXTRAS[self._scheme]
        try:
            store = fsspec.filesystem(self._scheme, skip_instance_cache=True, **self._given())
        except (ImportError, ValueError) as error:
            remedy = f"Install it: pip install 'footnote[{extra}]'." if extra else "Correct its options."
            raise SourceFailure(f"{self.where} needs a package that is not installed, or an option.", remedy) from error
        try:
            found: Mapping[str, Mapping[str, Any]] = store.find(self._path, detail=True)
        except FileNotFoundError as error:
            raise SourceFailure(f"There is no {self.where}.", "Correct its address.") from error
        except Exception as error:
            raise SourceFailure(
                f"{self.where} cannot be listed ({_reason(error)}).", "Check its address, credentials and permissions."
            ) from error
        if len(found) > _MOST_FILES:
            raise SourceFailure(
                f"{self.where} holds more than {_MOST_FILES:,} files.", "Name a folder in it, or several as sources."
            )
        if not found:
            raise SourceFailure(f"{self.where} holds no files.", "Correct its address, or put articles into it.")
        prefix = self._path.strip("/") + "/"
        files = ((name.lstrip("/"), info) for name, info in found.items() if info.get("type") != "directory")
        return store, [
            Stored(name.removeprefix(prefix), _version(info), int(info.get("size") or 0))
            for name, info in files
            if name.startswith(prefix)
        ]

    def _given(self) -> dict[str, Any]:
        """Return what the store's package calls the options."""
        options = self._options
        key, secret, token = (
            value.get_secret_value() if value else None for value in (options.key, options.secret, options.token)
        )
        names: dict[str, Any] = {}
        if self._scheme == "s3":
            endpoint = {"endpoint_url": options.endpoint} if options.endpoint else None
            names = {"key": key, "secret": secret, "token": token, "client_kwargs": endpoint, "anon": options.anonymous}
        elif _EXTRAS[self._scheme] == "gcs":
            names = {"token": "anon" if options.anonymous else token, "endpoint_url": options.endpoint}
        elif _EXTRAS[self._scheme] == "azure":
            names = {"account_name": key, "account_key": secret, "sas_token": token}
        return {name: value for name, value in names.items() if value}


def _version(info: Mapping[str, Any]) -> str:
    stated = next((info[name] for name in _VERSIONS if info.get(name)), None)
    if stated is None:
        changed = next((info[name] for name in _CHANGED if info.get(name)), None)
        if changed is None:
            return ""
        stated = f"{changed.isoformat() if isinstance(changed, datetime) else changed} {info.get('size')}"
    return str(stated).strip('"')


def _fetch(store: Any, path: str) -> bytes:
    try:
        with store.open(path, "rb") as file:
            data: bytes = file.read(LARGEST_STORED + 1)
    except Exception as error:  # Each store has errors of its own.
        raise Unreadable(f"cannot be fetched ({_reason(error)}). Check its permissions.") from error
    return data


def _reason(error: Exception) -> str:
    """Return what kind of error it is, and not its words: a store's may hold a signed address."""
    code = getattr(error, "response", None)
    stated = code.get("Error", {}).get("Code") if isinstance(code, dict) else None
    return printable(f"{type(error).__name__}{f' {shown(str(stated))}' if stated else ''}")
