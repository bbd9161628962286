"""Settings of hf_xet that change what it asks of a server. Once, as every environment has the same hf_xet."""

import array
import random

import pytest
from plain import digest, oracle
from recorder import recorded
from support import MIB

OLD_PROTOCOL = {
    "HF_XET_CLIENT_RECONSTRUCTION_API_VERSION": "1",
    "HF_XET_CLIENT_SHARD_API_VERSION": "1",
}
NEW_PROTOCOL = {
    "HF_XET_CLIENT_RECONSTRUCTION_API_VERSION": "2",
    "HF_XET_CLIENT_SHARD_API_VERSION": "2",
}
MULTI_RANGE = {"HF_XET_CLIENT_ENABLE_MULTIRANGE_FETCHING": "true"}
SMALL_FETCHES = {
    "HF_XET_RECONSTRUCTION_MIN_RECONSTRUCTION_FETCH_SIZE": "1mb",
    "HF_XET_RECONSTRUCTION_MAX_RECONSTRUCTION_FETCH_SIZE": "2mb",
}


@pytest.fixture
def fragmented(machine, repo, new_file):
    """A file of every other mebibyte of another one: many ranges of one xorb, with gaps between them."""
    whole = new_file(24 * MIB)
    content = whole.read_bytes()
    pieces = [content[at : at + MIB] for at in range(0, len(content), 2 * MIB)]
    source = new_file(b"".join(pieces))
    machine.hf("upload", repo, whole, "whole.bin")
    with recorded() as seen:
        machine.hf("upload", repo, source, "pieces.bin")
    assert seen.sent("xorb") < 4 * MIB, "most of it is in the other file's xorb"
    return source


def test_many_ranges(new_machine, repo, fragmented):
    for env in ({}, MULTI_RANGE):
        with recorded() as seen:
            found = new_machine().act("download_file", repo=repo, path="pieces.bin", env=env)
        assert digest(found) == digest(fragmented)
        several = [one for one in seen.of("data") if "," in (one["range"] or "")]
        assert bool(several) == bool(env)
        assert all("multipart/byteranges" in one["answerType"] for one in several)
        assert sum(one["answerBytes"] for one in seen.of("data")) < 20 * MIB


@pytest.mark.parametrize("env", [OLD_PROTOCOL, NEW_PROTOCOL], ids=["v1", "v2"])
def test_a_protocol_that_is_asked_for(machine, new_machine, repo, new_file, env):
    version = f"/v{env['HF_XET_CLIENT_SHARD_API_VERSION']}/"
    source = new_file(5 * MIB)
    with recorded() as seen:
        machine.hf("upload", repo, source, "w.bin", env=env)
        found = new_machine().act("download_file", repo=repo, path="w.bin", env=env)
    assert digest(found) == digest(source)
    for route in ("shard", "reconstruction"):
        assert seen.count(route) >= 1
        assert all(version in path for path in seen.paths(route))


def test_small_fetches(machine, new_machine, repo, new_file):
    source = new_file(12 * MIB)
    machine.hf("upload", repo, source, "w.bin")
    with recorded() as seen:
        found = new_machine().act("download_file", repo=repo, path="w.bin", env=SMALL_FETCHES)
    assert digest(found) == digest(source)
    assert seen.count("reconstruction") >= 5


@pytest.mark.parametrize("policy", ["none", "lz4", "bg4-lz4", "auto"])
def test_every_way_to_compress(machine, new_machine, repo, new_file, policy):
    chance = random.Random(policy)
    floats = array.array("f", (chance.gauss(0, 0.02) for _ in range(300_000))).tobytes()
    source = new_file(floats + b"words that come again " * 30_000 + chance.randbytes(400_000))
    with recorded() as seen:
        machine.hf("upload", repo, source, "w.bin", env={"HF_XET_XORB_COMPRESSION_POLICY": policy})
    size = source.stat().st_size
    assert (seen.sent("xorb") >= size) == (policy == "none")
    found = new_machine().act("download_file", repo=repo, path="w.bin")
    assert digest(found) == digest(source)
    assert seen.count("shard") >= 1
    assert oracle(found) == oracle(source)
