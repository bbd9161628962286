"""What the tests of every client version share."""

import hashlib
import inspect
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import huggingface_hub
from huggingface_hub import HfApi

URL = os.environ["CONFORMANCE_URL"]
ALICE = os.environ["CONFORMANCE_ALICE"]
ALICE_READ = os.environ["CONFORMANCE_ALICE_READ"]
BOB = os.environ["CONFORMANCE_BOB"]
VERSION = tuple(int(part) for part in huggingface_hub.__version__.split(".")[:2])

MIB = 1024 * 1024


def as_user(token) -> HfApi:
    """A client of that user; `False` is a client without any token."""
    return HfApi(endpoint=URL, token=token)


def noise(size: int, seed: int = 0) -> bytes:
    """The same random bytes each time: no compression or sample can mistake them for text."""
    return random.Random(seed).randbytes(size)


def sha256(data) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else Path(data).read_bytes()).hexdigest()


def git_sha1(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\x00" % len(data) + data).hexdigest()


def takes(function, parameter: str) -> bool:
    return parameter in inspect.signature(function).parameters


def download(api: HfApi, repo: str, path: str, **more) -> bytes:
    return Path(api.hf_hub_download(repo, path, **more)).read_bytes()


def status_of(error) -> int:
    return error.response.status_code


def cli() -> str:
    """The command-line client of this version."""
    folder = Path(sys.executable).parent
    for name in ("hf", "huggingface-cli"):
        found = shutil.which(name, path=str(folder))
        if found is not None:
            return found
    raise AssertionError("no command-line client is installed")


def run_cli(*args, token=ALICE, env=None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [cli(), *[str(arg) for arg in args]],
        env={**os.environ, "HF_TOKEN": token, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )
