"""The same bytes through two libraries: each pulls what the other has pushed."""

import hashlib
import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from huggingface_hub import HfApi

URL = os.environ["CONFORMANCE_URL"]
ALICE = os.environ["CONFORMANCE_ALICE"]
SIZES = {"empty.bin": 0, "small.bin": 1_000, "large.bin": 11_000_000, "parts.bin": 35_000_000}

PUSH = """
import { createRepo, uploadFiles } from '@huggingface/hub'
import { openAsBlob } from 'node:fs'
const { folder, names, repo } = JSON.parse(process.argv[2])
const as = { hubUrl: process.env.CONFORMANCE_URL, accessToken: process.env.CONFORMANCE_ALICE }
await createRepo({ repo, ...as })
const files = []
for (const path of names) files.push({ path, content: await openAsBlob(`${folder}/${path}`) })
await uploadFiles({ repo, files, useXet: false, ...as })
"""

PULL = """
import { downloadFile, listFiles } from '@huggingface/hub'
import { createHash } from 'node:crypto'
const { repo } = JSON.parse(process.argv[2])
const as = { hubUrl: process.env.CONFORMANCE_URL, accessToken: process.env.CONFORMANCE_ALICE }
const found = {}
for await (const { path, type } of listFiles({ repo, recursive: true, ...as })) {
  if (type !== 'file') continue
  const hash = createHash('sha256')
  for await (const chunk of (await downloadFile({ repo, path, ...as })).stream()) hash.update(chunk)
  found[path] = hash.digest('hex')
}
console.log(JSON.stringify(found))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("files")
    for seed, (name, size) in enumerate(SIZES.items()):
        (made / name).write_bytes(random.Random(seed).randbytes(size))
    return made


def digests(folder):
    return {name: hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest() for name in SIZES}


def js(script, **values):
    # Inside the client's folder, so that its packages are found.
    path = Path(os.environ["CROSS_JS_HUB"]) / "cross.mjs"
    path.write_text(script)
    command = [os.environ["CROSS_NODE"], str(path), json.dumps(values)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_python_pulls_what_javascript_pushed(folder, tmp_path):
    repo = {"type": "model", "name": "alice/from-js"}
    js(PUSH, folder=str(folder), names=list(SIZES), repo=repo)
    pulled = HfApi(endpoint=URL, token=ALICE).snapshot_download(
        repo["name"], cache_dir=tmp_path, local_dir=tmp_path / "out"
    )
    assert digests(pulled) == digests(folder)


def test_javascript_pulls_what_python_pushed(folder):
    api = HfApi(endpoint=URL, token=ALICE)
    api.create_repo("alice/from-py", repo_type="dataset")
    api.upload_folder(repo_id="alice/from-py", repo_type="dataset", folder_path=folder)
    found = json.loads(js(PULL, repo={"type": "dataset", "name": "alice/from-py"}))
    found.pop(".gitattributes")
    assert found == digests(folder)
