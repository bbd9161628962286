"""A folder of all sorts goes up and comes down again, by every command that a user has."""

import json
import os

import pytest
from machines import Machine
from plain import call, digest, digests, head, oracle
from recorder import recorded
from support import MIB

MIXED = "deep/er/mixed.bin"
BLOCK = 64


@pytest.fixture
def folder(tmp_path, fresh):
    made = tmp_path / "in"
    (made / "deep" / "er").mkdir(parents=True)
    (made / "ünïcödé").mkdir()
    (made / "notes.txt").write_text("a line\n" * 20)
    (made / "empty.bin").write_bytes(b"")
    (made / "one.bin").write_bytes(b"\x07")
    (made / "ünïcödé" / "重さ データ.bin").write_bytes(fresh(300_000))
    (made / "noise.safetensors").write_bytes(fresh(12_000_000))
    with (made / MIXED).open("wb") as file:
        # Longer than a xorb may be, in stretches that compress and stretches that do not.
        for _ in range(6):
            file.write(fresh(4 * MIB))
            seeds = fresh(MIB)
            file.write(b"".join(seeds[at : at + BLOCK] * 8 for at in range(0, len(seeds), BLOCK)))
    return made


def large(folder):
    return [name for name in digests(folder) if name not in ("notes.txt", "empty.bin")]


def test_there_and_back_by_the_command_line(new_machine, repo, folder, api, tmp_path):
    with recorded() as up:
        new_machine().hf("upload", repo, folder, ".")
    assert up.taken("xorb", "POST") >= 2
    assert up.taken("shard", "POST") >= 1
    assert up.count("other", "PUT") == 0, "nothing went by LFS"
    # The mixed file has 48 MiB that compress eightfold.
    assert up.sent("xorb") < 60 * MIB

    with recorded() as down:
        new_machine().hf("download", repo, "--local-dir", tmp_path / "out")
    assert digests(tmp_path / "out") == digests(folder)
    assert down.count("reconstruction") >= len(large(folder))
    assert down.count("data") >= 2
    assert all(
        one["status"] in (200, 206, 416) for one in down.of("reconstruction") + down.of("data")
    )

    for name in large(folder):
        headers = head(repo, name)
        assert headers["X-Xet-Hash"] == oracle(folder / name), name
        assert headers["ETag"] == f'"{digest(folder / name)}"'
        assert int(headers["Content-Length"]) == (folder / name).stat().st_size
    assert "X-Xet-Hash" not in head(repo, "notes.txt")

    entries = listing(repo, large(folder))
    for name in large(folder):
        for entry in entries[name]:
            assert entry["xetHash"] == oracle(folder / name), name
            assert entry["lfs"]["oid"] == digest(folder / name)
    assert all("xetHash" not in entry for entry in entries["notes.txt"])
    known = [entry for entry in api.list_repo_tree(repo, recursive=True) if entry.path == MIXED]
    # Libraries before 1.0 do not read it.
    assert getattr(known[0], "xet_hash", oracle(folder / MIXED)) == oracle(folder / MIXED)


def listing(repo, paths):
    """What each of the two routes for listings says, by path."""
    status, _, body = call("GET", f"/api/models/{repo}/tree/main?recursive=true")
    assert status == 200
    entries = json.loads(body)
    kind = {"content-type": "application/json"}
    where = f"/api/models/{repo}/paths-info/main"
    status, _, body = call("POST", where, body={"paths": paths}, headers=kind)
    assert status == 200
    entries += json.loads(body)
    return {
        path: [entry for entry in entries if entry["path"] == path]
        for path in {entry["path"] for entry in entries}
    }


def test_there_and_back_by_the_library(new_machine, api, folder, new_repo, tmp_path):
    repo = new_repo(repo_type="dataset", private=True)
    os.remove(folder / MIXED)
    with recorded() as up:
        new_machine().act("upload_folder", repo=repo, folder=str(folder), repo_type="dataset")
    assert up.taken("xorb", "POST") >= 1
    with recorded() as down:
        found = new_machine().act("snapshot", repo=repo, repo_type="dataset")
    assert digests(found) == digests(folder)
    assert down.count("reconstruction") >= len(large(folder))


def test_nothing_but_the_address_and_the_token_is_set(machine: Machine):
    assert machine.act("where") == {"endpoint": os.environ["HF_ENDPOINT"], "disabled": False}
    assert {name for name in os.environ if name.startswith("HF_")} <= {"HF_ENDPOINT", "HF_HOME"}


def test_many_files(machine, repo, tmp_path, fresh):
    """`upload_large_folder`; since 2.0 the plain upload does its work."""
    (tmp_path / "in").mkdir()
    for number in range(12):
        (tmp_path / "in" / f"part-{number:02}.safetensors").write_bytes(fresh(2_500_000))
    with recorded() as up:
        if "upload-large-folder" in machine.hf("--help"):
            machine.hf("upload-large-folder", repo, tmp_path / "in", "--repo-type", "model")
        else:
            machine.hf("upload", repo, tmp_path / "in", ".")
    assert up.taken("xorb", "POST") >= 1
    assert up.taken("commit", "POST") >= 1
    machine.hf("download", repo, "--local-dir", tmp_path / "out")
    assert digests(tmp_path / "out") == digests(tmp_path / "in")
    assert len(digests(tmp_path / "out")) == 12


def test_a_new_version_of_a_file(machine, new_machine, repo, new_file, tmp_path):
    for number in (1, 2):
        source = new_file(3 * MIB)
        machine.hf("upload", repo, source, "w.bin", "--commit-message", f"version {number}")
        new_machine().hf("download", repo, "w.bin", "--local-dir", tmp_path / str(number))
        assert digest(tmp_path / str(number) / "w.bin") == digest(source)
        # The first machine too, which has the older version in its cache.
        assert digest(machine.act("download_file", repo=repo, path="w.bin")) == digest(source)


def test_a_branch(machine, new_machine, repo, new_file, api, tmp_path):
    api.create_branch(repo, branch="feat/two")
    sources = {"main": new_file(MIB), "feat/two": new_file(2 * MIB)}
    for branch, source in sources.items():
        machine.hf("upload", repo, source, "w.bin", "--revision", branch)
    api.create_tag(repo, tag="v1", revision="feat/two")
    sha = api.model_info(repo, revision="feat/two").sha
    for number, revision in enumerate(("main", "feat/two", "v1", sha)):
        out = tmp_path / str(number)
        with recorded() as seen:
            new_machine().hf("download", repo, "--revision", revision, "--local-dir", out)
        assert seen.count("reconstruction") >= 1
        assert digest(out / "w.bin") == digest(sources.get(revision, sources["feat/two"]))
