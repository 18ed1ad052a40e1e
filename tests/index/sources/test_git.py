"""Git repositories: what a branch holds now, fetched by a git that can do nothing else."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from index import ArticleProblem, SourceFailure
from index.errors import ConfigProblem
from index.fetch import Fetcher, FetchSettings
from index.sources import Origin, Read, Reading, Remembered, Unchanged, Visit, build_source
from index.sources import git as git_module
from index.sources.declared import Declared
from index.sources.git_program import Git, authorized, pinned, tree_entries
from tests.index.fetch.web import Web

WORDS = "The harbour crane of Varr went back to work on Monday."
AUTHOR = ["-c", "user.name=Ada", "-c", "user.email=ada@varr.example", "-c", "commit.gpgsign=false"]


def git(folder: Path, *arguments: str) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *AUTHOR, *arguments], cwd=folder, env=clean, check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Words")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "varr news"
    (folder / "2026").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    (folder / "2026" / "crane.md").write_text(f"---\ntitle: Crane\n---\n{WORDS}\n")
    (folder / "ferry.txt").write_text("The ferry runs on batteries.\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    commit(folder)
    return folder


async def visit(
    known: dict[str, Origin] | None = None, settings: FetchSettings | None = None, **options: object
) -> list[Reading]:
    source = build_source(Declared("S", "git", options, Path("/"), "footnote.toml"))
    async with Fetcher(settings) as fetcher:
        return [each async for each in source.read(Visit(fetcher, known or {}))]


def articles(readings: list[Reading]) -> dict[str, str]:
    return {each.article.id: each.article.text for each in readings if isinstance(each, Read)}


def remembered(readings: list[Reading]) -> dict[str, Origin]:
    return {each.origin.key: each.origin for each in readings if isinstance(each, Read | Unchanged | Remembered)}


class GitServer(BaseHTTPRequestHandler):
    """Git's own server of the smart protocol, as a web server runs it."""

    folder: Path
    asked: list[str]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.asked.append(self.headers.get("Authorization", ""))
        if path.startswith("/away/"):
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/{self.path[6:]}")
            self.end_headers()
            return
        length = int(self.headers.get("Content-Length") or 0)
        done = subprocess.run(
            ["git", "http-backend"],
            input=self.rfile.read(length),
            capture_output=True,
            env={
                "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(self.folder), "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path.replace("%20", " "), "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""), "GIT_CONFIG_GLOBAL": os.devnull,
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""), "CONTENT_LENGTH": str(length),
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            },
        )  # fmt: skip
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
        self.send_response(int(lines.pop("Status", "200")[:3]))
        for name, value in lines.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Handler", (GitServer,), {"folder": folder, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_repository_on_this_machine_is_read_and_only_what_changed_is_read_again(repository: Path) -> None:
    first = await visit(path=str(repository))
    again = await visit(remembered(first), path=str(repository))
    (repository / "2026" / "crane.md").write_text("It broke again on Tuesday.\n")
    commit(repository)
    changed = await visit(remembered(again), path=str(repository))

    assert {"varr news/2026/crane.md": WORDS, "varr news/ferry.txt": "The ferry runs on batteries.\n"} == articles(
        first
    )
    assert [2, 0] == [sum(isinstance(each, kind) for each in again) for kind in (Unchanged, Read)]
    assert {"varr news/2026/crane.md": "It broke again on Tuesday."} == articles(changed)
    assert ["ferry.txt"] == [each.key for each in changed if isinstance(each, Unchanged)]


async def test_a_repository_on_the_web_is_read_from_the_address_that_was_checked(repository: Path) -> None:
    with served(repository.parent) as (root, _):
        allowed = FetchSettings(allow_hosts=("127.0.0.1",))
        found = articles(await visit(settings=allowed, url=f"{root}/varr%20news/.git"))

        with pytest.raises(SourceFailure, match="loopback"):
            await visit(url=f"{root}/varr%20news/.git")
        with pytest.raises(SourceFailure, match="cannot be fetched"):
            await visit(settings=allowed, url=f"{root}/away/varr%20news/.git")

    assert 2 == len(found)


async def test_git_connects_to_the_number_that_was_checked_and_not_to_what_a_name_says_later(repository: Path) -> None:
    with served(repository.parent) as (root, _):
        port = int(root.rpartition(":")[2])
        one = Git("http", pinned("varr.invalid", port, ["127.0.0.1"]))

        listed = await one.run("ls-remote", "--", f"http://varr.invalid:{port}/varr%20news/.git", "HEAD", most=1_000)

    assert b"\tHEAD" in listed


async def test_a_token_is_shown_to_its_own_server_and_stands_on_no_command_line(repository: Path) -> None:
    with served(repository.parent) as (root, asked):
        url = f"{root}/varr%20news/.git"
        one = Git("http", authorized(url, "s3cr3t"))
        await one.run("ls-remote", "--", url, "HEAD", most=1_000)

    assert "s3cr3t" not in repr(one)
    assert all(said.startswith("Basic ") for said in asked)


async def test_a_branch_and_a_folder_can_be_named(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create", "next/one")
    (repository / "2026" / "pier.txt").write_text("The pier is of oak.")
    commit(repository)
    git(repository, "switch", "--quiet", "main")

    found = articles(await visit(path=str(repository), branch="next/one", folder="2026/"))

    assert {"varr news/2026/crane.md", "varr news/2026/pier.txt"} == set(found)


async def test_links_submodules_hooks_and_filters_of_a_repository_do_nothing(repository: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (repository / "secret.txt").symlink_to("/etc/passwd")
    (repository / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch ran"\n')
    (repository / ".gitattributes").write_text("*.txt filter=evil\n")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},x")
    git(repository, "add", "secret.txt", ".gitmodules", ".gitattributes")
    git(repository, "commit", "--quiet", "--message", "Harm")
    for hook in ("post-checkout", "reference-transaction", "post-update"):
        (repository / ".git" / "hooks").mkdir(exist_ok=True)
        (repository / ".git" / "hooks" / hook).write_text(f"#!/bin/sh\ntouch '{mark}'\n")
        (repository / ".git" / "hooks" / hook).chmod(0o755)
    git(repository, "config", "core.fsmonitor", f"touch '{mark}'")
    git(repository, "config", "filter.evil.smudge", f"touch '{mark}'")
    git(repository, "config", "uploadpack.packObjectsHook", f"touch '{mark}'; exec")

    found = articles(await visit(path=str(repository)))

    assert {"varr news/2026/crane.md", "varr news/ferry.txt"} == set(found)
    assert not mark.exists()


async def test_what_cannot_be_read_is_told_at_every_visit(repository: Path) -> None:
    (repository / "broken.jsonl").write_text("[]\n")
    commit(repository)

    first = await visit(path=str(repository))
    again = await visit(remembered(first), path=str(repository))

    assert [["broken.jsonl"]] * 2 == [
        [each.key for each in readings if isinstance(each, ArticleProblem)] for readings in (first, again)
    ]


async def test_a_repository_that_is_too_large_or_too_slow_is_given_up(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(git_module, "_MOST_FILES", 1)
    with pytest.raises(SourceFailure, match="more than 1 files"):
        await visit(path=str(repository))
    monkeypatch.setattr(git_module, "_LONGEST_LIST", 10)
    with pytest.raises(SourceFailure, match="more files than are read"):
        await visit(path=str(repository))

    began = time.monotonic()
    with pytest.raises(SourceFailure, match=r"took more than 0 seconds"):
        await visit(path=str(repository), timeout=0.001)
    with pytest.raises(SourceFailure, match="larger than is fetched"):
        # A command that goes on until it is stopped.
        await Git("file", seconds=20).run("-c", "alias.wait=!sleep 30", "wait", most=10, growing=(repository, 10))
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("change", [{"branch": "nothing"}, {"folder": "nothing"}])
async def test_a_branch_or_folder_that_is_not_there_fails_the_source(repository: Path, change: dict[str, str]) -> None:
    with pytest.raises(SourceFailure, match=r"has no (branch or tag nothing|files there)"):
        await visit(path=str(repository), **change)


async def test_a_folder_that_is_no_repository_fails_the_source(tmp_path: Path) -> None:
    with pytest.raises(SourceFailure, match="cannot be fetched"):
        await visit(path=str(tmp_path))
    with pytest.raises(SourceFailure, match="There is no repository"):
        await visit(path=str(tmp_path / "none"))


@pytest.mark.parametrize(
    "options",
    [
        {}, {"url": "https://a.example/x", "path": "/a"}, {"url": "ext::sh -c id"}, {"url": "file:///etc"},
        {"url": "ssh://a.example/x"}, {"url": "git@a.example:x"}, {"url": "--upload-pack=id"},
        {"url": "https://ada:s3cr3t@a.example/x"}, {"url": "http://a.example/x", "token": "s3cr3t"},
        {"url": "https://a.example/x", "branch": "--upload-pack=id"}, {"url": "https://a.example/x", "branch": "a..b"},
        {"url": "https://a.example/x", "folder": "../x"}, {"url": "https://a.example/x", "folder": "/etc"},
        {"url": "https://a.example./x"}, {"url": "https://straße.example/x"},
    ],
)  # fmt: skip
def test_what_would_be_more_than_a_repository_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(ConfigProblem) as told:
        build_source(Declared("S", "git", options, Path("/"), "footnote.toml"))

    assert "s3cr3t" not in str(told.value)


def test_a_list_of_files_is_read_whatever_they_are_called() -> None:
    listed = (
        b"100644 blob aa       5\ta\xff\n.txt\x00120000 blob bb 9\tlink\x00160000 commit cc -\tmodule\x00"
        b"nonsense\x00100755 blob dd 7\tb\tc.md\x00"
    )

    assert [("a\\xff\n.txt", "aa", 5), ("b\tc.md", "dd", 7)] == list(tree_entries(listed))


async def test_a_proxy_that_is_configured_is_asked_for_a_repository_but_not_for_one_inside(web: Web) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1"] if host == "inner.example" else []

    source = build_source(Declared("S", "git", {"url": "http://code.example/varr.git"}, Path("/"), "footnote.toml"))
    inside = build_source(Declared("S", "git", {"url": "http://inner.example/varr.git"}, Path("/"), "footnote.toml"))
    settings = web.settings(allow_hosts=(), proxy=web.url().replace("//", "//me:hush@"))
    async with Fetcher(settings, resolve=resolve) as fetcher:
        with pytest.raises(SourceFailure, match="cannot be fetched") as caught:
            _ = [each async for each in source.read(Visit(fetcher))]
        with pytest.raises(SourceFailure, match="private address"):
            _ = [each async for each in inside.read(Visit(fetcher))]

    assert {"http://code.example/varr.git/info/refs?service=git-upload-pack"} == {each.path for each in web.seen}
    assert "Basic bWU6aHVzaA==" == web.seen[-1].headers["proxy-authorization"]
    assert "hush" not in str(caught.value)
