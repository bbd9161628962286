"""The whole life of a person and a group, by the client library."""

import urllib.error

import pytest
from scim2_client import SCIMClientException
from scim2_models import (
    PatchOp,
    PatchOperation,
    ResponseParameters,
    SCIMException,
    SearchRequest,
)
from support import ALICE, BASE, BOB, api, client, directory_token


@pytest.fixture(scope="module")
def scim():
    found = client(directory_token())
    found.discover()
    return found


def user_model(scim):
    return scim.get_resource_model("User")


def group_model(scim):
    return scim.get_resource_model("Group")


def names(path, token=ALICE):
    return {item["name"] for item in api("GET", path, token=token)["items"]}


def patch(scim, one, *operations):
    model = type(one)
    body = PatchOp[model](operations=[PatchOperation(**each) for each in operations])
    return scim.modify(model, one.id, body)


def test_discovery_names_what_is_offered(scim):
    config = scim.provider.config
    assert config.patch.supported and config.etag.supported and config.filter.supported
    assert not config.bulk.supported and not config.sort.supported
    assert {model.__name__ for model in scim.provider.models} >= {"User", "Group"}


def test_life(scim):
    User, Group = user_model(scim), group_model(scim)
    made = scim.create(
        User(user_name="life.one@example.com", display_name="Life One", active=True)
    )
    assert made.meta.location == f"{BASE}/Users/{made.id}"
    assert "life.one" in names("/orgs/acme/members")

    with pytest.raises((SCIMException, SCIMClientException)) as refused:
        scim.create(User(user_name="LIFE.one@example.com", active=True))
    assert "already" in str(refused.value)

    search = SearchRequest(filter='userName eq "life.one@example.com"')
    found = scim.query(User, query_parameters=search)
    assert [one.id for one in found.resources] == [made.id]
    nobody = scim.query(User, query_parameters=SearchRequest(filter='userName eq "no"'))
    assert nobody.total_results == 0

    before = made.meta.version
    made.display_name = "Life Two"
    made.title = "Dr."
    replaced = scim.replace(made)
    assert (replaced.display_name, replaced.title) == ("Life Two", "Dr.")
    assert replaced.meta.version != before

    group = scim.create(Group(display_name="Lifers"))
    assert "Lifers" in names("/orgs/acme/teams")
    member = [{"value": made.id}]
    patch(scim, group, {"op": "add", "path": "members", "value": member})
    assert names("/orgs/acme/teams/Lifers/members") == {"life.one"}
    inside = scim.query(User, made.id)
    assert [one.value for one in inside.groups] == [group.id]

    off = patch(scim, made, {"op": "replace", "path": "active", "value": False})
    assert off.active is False
    assert "life.one" not in names("/orgs/acme/members")
    assert names("/orgs/acme/teams/Lifers/members") == set()
    on = patch(scim, made, {"op": "replace", "path": "active", "value": True})
    assert on.active is True
    assert names("/orgs/acme/teams/Lifers/members") == {"life.one"}

    patch(scim, group, {"op": "remove", "path": f'members[value eq "{made.id}"]'})
    assert names("/orgs/acme/teams/Lifers/members") == set()
    scim.delete(Group, group.id)
    assert "Lifers" not in names("/orgs/acme/teams")
    scim.delete(User, made.id)
    assert "life.one" not in names("/orgs/acme/members")
    with pytest.raises((SCIMException, SCIMClientException)):
        scim.query(User, made.id)


def test_only_the_newest_version_is_changed(scim):
    User = user_model(scim)
    made = scim.create(User(user_name="versions", active=True))
    stale = scim.query(User, made.id)
    made.title = "one"
    scim.replace(made)
    stale.title = "two"
    with pytest.raises((SCIMException, SCIMClientException)):
        scim.replace(stale)
    assert scim.query(User, made.id).title == "one"
    scim.delete(User, made.id)


def test_pages_and_attributes(scim):
    User = user_model(scim)
    made = [
        scim.create(User(user_name=f"page{number}", title="paged", active=True))
        for number in range(5)
    ]
    seen = []
    for start in (1, 3, 5):
        request = SearchRequest(
            filter='title eq "paged"',
            start_index=start,
            count=2,
        )
        answer = scim.query(User, query_parameters=request)
        assert answer.total_results == 5
        seen += [one.id for one in answer.resources]
    assert sorted(seen) == sorted(one.id for one in made)
    only = scim.query(
        User, made[0].id, query_parameters=ResponseParameters(attributes=["title"])
    )
    assert only.title == "paged" and only.user_name is None
    for one in made:
        scim.delete(User, one.id)


def test_an_account_of_the_hub_is_not_taken(scim):
    User = user_model(scim)
    made = scim.create(User(user_name="bob", active=True))
    assert api("GET", "/me", token=BOB)["id"] != made.id
    assert "bob-2" in names("/orgs/acme/members")
    scim.delete(User, made.id)
    assert api("GET", "/me", token=BOB)["name"] == "bob"


def test_the_token_does_nothing_else(scim):
    token = scim.client.headers["authorization"].removeprefix("Bearer ")
    for path in ("/orgs/acme/directory/resume", "/orgs"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            api("POST", path, {"name": "mine", "owner": "bob"}, token=token)
        assert refused.value.code == 403
    state = api("GET", "/orgs/acme/directory")
    assert state["brakedSince"] is None
