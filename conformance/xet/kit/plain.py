"""The hub without any client library: headers, ranges, LFS, and the offline oracle of hf_xet."""

import hashlib
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import hf_xet
from support import ALICE, URL


def call(method, url, token=ALICE, body=None, headers=None):
    """Status, headers and body, whatever the status is."""
    request = urllib.request.Request(
        url if url.startswith("http") else URL + url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={**({"authorization": f"Bearer {token}"} if token else {}), **(headers or {})},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def resolve(repo, path):
    return f"/{repo}/resolve/main/{urllib.request.quote(path)}"


def head(repo, path, token=ALICE):
    status, headers, _ = call("HEAD", resolve(repo, path), token)
    assert status == 200
    return headers


def get(repo, path, span=None, token=ALICE):
    """By plain GET, of a range (`bytes=` left out) or of the whole file."""
    headers = {} if span is None else {"range": f"bytes={span}"}
    status, _, body = call("GET", resolve(repo, path), token, headers=headers)
    assert status == (200 if span is None else 206)
    return body


def lfs_get(repo, oid, size):
    """By the address that the LFS batch gives, which needs no token but what the batch says."""
    body = {
        "operation": "download",
        "transfers": ["basic"],
        "objects": [{"oid": oid, "size": size}],
    }
    kind = {
        "content-type": "application/vnd.git-lfs+json",
        "accept": "application/vnd.git-lfs+json",
    }
    status, _, answer = call("POST", f"/{repo}.git/info/lfs/objects/batch", body=body, headers=kind)
    assert status == 200, answer
    action = json.loads(answer)["objects"][0]["actions"]["download"]
    status, _, found = call("GET", action["href"], token=None, headers=action.get("header"))
    assert status == 200, found
    return found


def token_route(repo, kind="read"):
    return f"{URL}/api/models/{repo}/xet-{kind}-token/main"


def read_route(repo, path):
    """Where the hub itself says that a token for this file is to be had."""
    return re.search(r'<([^>]+)>; rel="xet-auth"', head(repo, path)["Link"])[1]


def oracle(path) -> str:
    """The Xet hash, computed offline by the client's own library."""
    (found,) = hf_xet.hash_files([str(path)])
    return found.hash


def digest(path) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(folder):
    """SHA-256 by path of everything in a folder that a user put there."""
    folder = Path(folder)
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in (".cache", ".gitattributes")
    }
