"""What goes wrong on the way: a kill, a fault, a refusal."""

import pytest
from machines import Refused, until
from plain import digest, get
from recorder import FOREVER, broken, recorded
from support import ALICE_READ, BOB, MIB, sha256

QUICK = {"HF_XET_CLIENT_RETRY_BASE_DELAY": "100ms"}


def test_an_upload_that_was_killed_goes_on(machine, repo, new_file, api):
    source = new_file(200_000_000)
    with recorded() as first, broken("xorb", "POST", "hold", skip=1, times=FOREVER):
        child = machine.start_hf("upload", repo, source, "w.bin")
        until(lambda: first.taken("xorb", "POST") or child.poll() is not None, 60, "a xorb taken")
        child.kill()
        child.communicate()
    assert first.taken("xorb", "POST") == 1
    assert not api.file_exists(repo, "w.bin")

    with recorded() as second:
        machine.hf("upload", repo, source, "w.bin")
    assert second.taken("commit", "POST") == 1
    # What was acknowledged is not sent again.
    assert first.sent("xorb") + second.sent("xorb") < source.stat().st_size + MIB
    assert sha256(get(repo, "w.bin")) == digest(source)


def test_a_hub_that_is_out_of_order_once(machine, new_machine, repo, new_file):
    source = new_file(3_000_000)
    with recorded() as seen, broken("xorb", "POST", 503):
        machine.hf("upload", repo, source, "w.bin", env=QUICK)
    assert seen.faked() == 1
    assert seen.taken("xorb", "POST") == 1
    assert digest(new_machine().act("download_file", repo=repo, path="w.bin")) == digest(source)


def test_a_transfer_address_that_has_expired(machine, new_machine, repo, new_file):
    source = new_file(3_000_000)
    machine.hf("upload", repo, source, "w.bin")
    with recorded() as seen, broken("data", "GET", 403):
        found = new_machine().act("download_file", repo=repo, path="w.bin", env=QUICK)
    assert seen.faked() == 1
    assert seen.count("data") >= 1
    assert digest(found) == digest(source)


def test_a_token_that_is_none(machine, repo, new_file):
    source = new_file(100_000)
    wrong = "hf_" + "x" * 37
    with pytest.raises(Refused) as caught:
        machine.act("upload_file", repo=repo, source=str(source), path="w.bin", token=wrong)
    assert "HfHubHTTPError" in caught.value.kinds
    assert caught.value.status == 401
    assert "401" in machine.hf_refuses("upload", repo, source, "w.bin", token=wrong)


def test_a_token_that_may_only_read(machine, repo, new_file):
    source = new_file(100_000)
    for token in (ALICE_READ, BOB):
        with pytest.raises(Refused) as caught:
            machine.act("upload_file", repo=repo, source=str(source), path="w.bin", token=token)
        assert "HfHubHTTPError" in caught.value.kinds
        assert caught.value.status == 403
        assert caught.value.server_message
        assert caught.value.server_message in caught.value.message
        assert "403" in machine.hf_refuses("upload", repo, source, "w.bin", token=token)


def test_a_repo_that_is_missing(machine, new_file, tmp_path):
    source = new_file(100_000)
    with pytest.raises(Refused) as caught:
        machine.act("upload_file", repo="alice/no-such-repo", source=str(source), path="w.bin")
    assert "RepositoryNotFoundError" in caught.value.kinds
    assert caught.value.status == 404
    said = machine.hf_refuses("download", "alice/no-such-repo", "--local-dir", tmp_path / "out")
    assert "not found" in said.lower()
