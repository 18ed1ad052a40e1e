"""Git repositories: the files of a branch as they are now."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from index.errors import ArticleProblem, SourceFailure
from index.fetch.url import redacted
from index.formats.found import Unreadable, printable
from index.sources.git_program import Git, GitFailed, authorized, check_version, pinned, tree_entries
from index.sources.options import LocalOptions, SourcePath, WebAddress
from index.sources.protocol import Origin, Reading, Remembered, Unchanged, Visit
from index.sources.stored import LARGEST_STORED, Stored, read_stored

_LARGEST_REPOSITORY = 500_000_000  # bytes that are fetched
_LONGEST_LIST = 50_000_000  # bytes of the list of its files
_MOST_FILES = 100_000

# What the commit is remembered as that was read whole.
_COMMIT = " commit"


def _branch(name: str) -> str:
    # Anything else might be an option to git, or a revision rather than a name.
    if not re.fullmatch(r"\w[\w./+-]{0,200}", name) or ".." in name:
        raise ValueError("it is no name of a branch")
    return name


def _inside(folder: str) -> str:
    if folder.startswith("/") or ".." in folder.split("/"):
        raise ValueError("it is not inside the repository")
    return folder


class GitOptions(LocalOptions):
    """Options of a `git` source."""

    url: WebAddress | None = Field(None, description="The repository's address, http or https.")
    path: SourcePath | None = Field(None, description="Or where it lies on this machine; relative to this file.")
    branch: Annotated[str, AfterValidator(_branch)] | None = Field(
        None, description="The branch or tag; its main branch if not given."
    )
    folder: Annotated[str, AfterValidator(_inside)] = Field("", description="The folder in it that is read.")
    token: SecretStr | None = Field(None, description="An access token, for a repository that is not public.")
    timeout: float = Field(300.0, gt=0, le=3_600, description="Seconds that fetching it may take.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.url is None) == (self.path is None):
            raise ValueError("it takes either url or path")
        host = urlsplit(self.url or "").hostname or ""
        if host.endswith(".") or not host.isascii():
            # Git looks up what it makes of such a name, and not the one whose addresses were checked.
            raise ValueError("its host ends in a dot, or is not in ASCII: write it as example.org or xn--…")
        if self.token and not (self.url or "").startswith("https://"):
            raise ValueError("a token is shown to https:// addresses alone")
        return self


class GitRepository:
    """The files of a repository whose format is read. One that is as it was is not fetched again."""

    Options = GitOptions
    complete = True

    def __init__(self, options: GitOptions) -> None:
        self._options = options

    @property
    def where(self) -> str:
        """The repository's address or path."""
        return redacted(self._options.url) if self._options.url else printable(str(self._options.path))

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the files that have changed.

        Raises:
            SourceFailure: The repository cannot be fetched.
        """
        try:
            git, url = await self._prepared(visit)
            commit = await self._commit(git, url)
            if (before := visit.known.get(_COMMIT)) and before.etag == commit:
                for key, origin in visit.known.items():
                    yield Remembered(origin) if key == _COMMIT else Unchanged(key, origin)
                return
            with tempfile.TemporaryDirectory(prefix="footnote-git-") as parent:
                folder = Path(parent) / "repository"
                files = await self._fetched(git, url, folder)
                whole = True
                async for reading in read_stored(visit, files.values(), self._root(), self.where, _getter(git, folder)):
                    whole = whole and not isinstance(reading, ArticleProblem)
                    yield reading
            if whole:  # What went wrong is told at every visit.
                yield Remembered(Origin(_COMMIT, commit))
        except GitFailed as failed:
            raise SourceFailure(
                f"{self.where} cannot be fetched ({failed}).", "Check the address, the branch and the access to it."
            ) from None

    async def _prepared(self, visit: Visit) -> tuple[Git, str]:
        """Return git as it may be used, and the address for it."""
        options = self._options
        if options.url is None:
            path = options.path or Path()
            if not path.is_dir():
                raise SourceFailure(f"There is no repository {self.where}.", "Correct the path.")
            return Git("file", {"safe.directory": "*"}, options.timeout), path.resolve().as_uri()
        host, port, addresses = await visit.fetcher.addresses(options.url)
        proxy = visit.fetcher.proxy
        # A proxy looks the name up by itself.
        config = {"http.proxy": proxy, "http.proxyAuthMethod": "basic"} if proxy else pinned(host, port, addresses)
        if options.token:
            config |= authorized(options.url, options.token.get_secret_value())
        git = Git(urlsplit(options.url).scheme, config, options.timeout)
        await check_version(git)
        return git, options.url

    async def _commit(self, git: Git, url: str) -> str:
        """Return the hash of what the branch holds now."""
        branch = self._options.branch
        wanted = [f"refs/heads/{branch}", f"refs/tags/{branch}"] if branch else ["HEAD"]
        listed = (await git.run("ls-remote", "--", url, *wanted, most=1_000_000)).decode("ascii", "replace").split()
        if not listed:
            what = f"branch or tag {branch}" if branch else "commit"
            raise SourceFailure(f"{self.where} has no {what}.", "Correct the branch, or commit something.")
        return listed[0]

    async def _fetched(self, git: Git, url: str, folder: Path) -> dict[str, Stored]:
        """Fetch the newest commit without writing a file of it, and return the files that it has."""
        branch = ["--branch", self._options.branch] if self._options.branch else []
        await git.run(
            "clone", "--quiet", "--bare", "--depth", "1", "--single-branch", "--no-tags", "--template=", *branch, "--",
            url, str(folder), most=1_000_000, growing=(folder.parent, _LARGEST_REPOSITORY),
        )  # fmt: skip
        listed = await git.run(
            "--git-dir", str(folder), "ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD", most=_LONGEST_LIST
        )
        within = f"{self._options.folder.strip('/')}/" if self._options.folder.strip("/") else ""
        files = {path: Stored(path, name, size) for path, name, size in tree_entries(listed) if path.startswith(within)}
        if len(files) > _MOST_FILES:
            raise SourceFailure(f"{self.where} holds more than {_MOST_FILES:,} files.", "Name a folder in it.")
        if not files:
            raise SourceFailure(f"{self.where} has no files there.", "Correct the folder, or commit something.")
        return files

    def _root(self) -> str:
        """Return what the repository is called in ids."""
        place = urlsplit(self._options.url).path if self._options.url else str((self._options.path or Path()).resolve())
        return place.rstrip("/").rpartition("/")[2].removesuffix(".git") or "repository"


def _getter(git: Git, folder: Path) -> Callable[[Stored], bytes]:
    def get(file: Stored) -> bytes:
        try:
            return git.blob(folder, file.version, LARGEST_STORED + 1)
        except (OSError, subprocess.SubprocessError) as error:
            raise Unreadable("cannot be read from the repository. Check it with git fsck.") from error

    return get
