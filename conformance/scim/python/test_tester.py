"""scim2-tester against the hub: each of its checks is a test here."""

import pytest
from scim2_tester import Status, check_server
from support import client, directory_token

FINE = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}

RESULTS = [
    result
    for result in check_server(client(directory_token()))
    # What is declared as not offered is not tried.
    if result.status != Status.SKIPPED
]


def name_of(result):
    return f"{result.resource_type or 'server'}-{result.title}"


@pytest.mark.parametrize("result", RESULTS, ids=name_of)
def test_check(result):
    assert result.status in FINE, f"{result.status.name}: {result.reason}\n{result.data}"


def test_everything_was_checked():
    titles = {result.title for result in RESULTS}
    assert len(RESULTS) > 50, titles
    assert {result.resource_type for result in RESULTS} >= {"User", "Group"}
