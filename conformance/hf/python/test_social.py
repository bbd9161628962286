"""Likes, people and collections, by the calls of the client."""

import pytest
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import get_session
from support import ALICE, BOB, URL, as_user, status_of


def send(method, path, token=None, **more):
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return get_session().request(method, URL + path, headers=headers, **more)


def like(repo, token, plural="models"):
    assert send("POST", f"/api/{plural}/{repo}/like", token).status_code == 200


def refused(status, call):
    with pytest.raises(HfHubHTTPError) as caught:
        call()
    assert status_of(caught.value) == status


def likers(api, repo, **more):
    return sorted(user.username for user in api.list_repo_likers(repo, **more))


def test_likes(api, bob, nobody, new_repo):
    model, hidden = new_repo("liked"), new_repo("liked", private=True)
    data = new_repo("liked", repo_type="dataset")
    for token in (ALICE, BOB):
        like(model, token)
        like(model, token)
    like(hidden, ALICE)
    like(data, ALICE, "datasets")
    assert likers(nobody, model) == ["alice", "bob"]
    assert likers(api, data, repo_type="dataset") == ["alice"]
    mine = api.list_liked_repos()
    assert {model, hidden} <= set(mine.models)
    assert data in mine.datasets
    theirs = bob.list_liked_repos("alice")
    assert model in theirs.models
    assert hidden not in theirs.models
    assert api.model_info(model).likes == 2
    bob.unlike(model)
    bob.unlike(model)
    api.unlike(data, repo_type="dataset")
    assert likers(api, model) == ["alice"]
    assert api.model_info(model).likes == 1
    assert data not in api.list_liked_repos().datasets
    with pytest.raises(HfHubHTTPError):
        bob.unlike(hidden)


def test_overviews(api, bob, new_repo):
    new_repo("counted", private=True)
    me, seen = api.get_user_overview("alice"), bob.get_user_overview("alice")
    assert (me.username, me.user_type) == ("alice", "user")
    assert me.num_models > (seen.num_models or 0)
    assert "acme" in [org.name for org in me.orgs]
    refused(404, lambda: api.get_user_overview("nobody-at-all"))
    if not hasattr(api, "get_organization_overview"):
        return
    org = api.get_organization_overview("acme")
    assert (org.name, org.num_users) == ("acme", 1)
    refused(404, lambda: api.get_organization_overview("nobody-at-all"))


def test_people_around(api, bob):
    assert [user.username for user in bob.list_organization_members("acme")] == ["alice"]
    assert list(api.list_user_followers("alice")) == []
    assert list(api.list_user_following("alice")) == []
    if hasattr(api, "list_organization_followers"):
        assert list(api.list_organization_followers("acme")) == []


def test_pictures(api):
    shown = api.get_user_overview("alice").avatar_url
    said = send("GET", "/api/users/alice/avatar").json()["avatarUrl"]
    assert said.endswith(shown)
    answer = get_session().get(said)
    assert answer.headers["content-type"].startswith("image/svg+xml")


@pytest.fixture
def collection(api, request):
    return api.create_collection(request.node.name[:60], description="of a test")


def test_a_collection_from_its_making_to_its_end(api, bob, collection):
    assert collection.slug.startswith("alice/")
    assert collection.description == "of a test"
    assert (collection.private, collection.items) == (False, [])
    assert collection.url == f"{URL}/collections/{collection.slug}"
    refused(409, lambda: api.create_collection(collection.title))
    again = api.create_collection(collection.title, exists_ok=True)
    assert again.slug == collection.slug
    changed = api.update_collection_metadata(
        collection.slug, title="Renamed", description="new", position=0, private=True, theme="green"
    )
    assert (changed.title, changed.description, changed.theme) == ("Renamed", "new", "green")
    assert changed.slug != collection.slug
    assert api.get_collection(collection.slug).title == "Renamed"
    refused(404, lambda: bob.get_collection(changed.slug))
    refused(404, lambda: bob.delete_collection(changed.slug))
    bob.delete_collection(changed.slug, missing_ok=True)
    api.delete_collection(changed.slug)
    refused(404, lambda: api.delete_collection(collection.slug))
    api.delete_collection(collection.slug, missing_ok=True)


def test_items(api, bob, nobody, collection, new_repo):
    slug = collection.slug
    model, hidden = new_repo("item"), new_repo("item", private=True)
    data = new_repo("item", repo_type="dataset")
    api.add_collection_item(slug, model, "model", note="first")
    api.add_collection_item(slug, hidden, "model")
    whole = api.add_collection_item(slug, data, "dataset")
    assert [(one.item_id, one.item_type) for one in whole.items] == [
        (model, "model"),
        (hidden, "model"),
        (data, "dataset"),
    ]
    assert [one.position for one in whole.items] == [0, 1, 2]
    assert whole.items[0].note == "first"
    refused(409, lambda: api.add_collection_item(slug, model, "model"))
    assert len(api.add_collection_item(slug, model, "model", exists_ok=True).items) == 3
    refused(403, lambda: bob.add_collection_item(slug, model, "model"))
    assert [one.item_id for one in nobody.get_collection(slug).items] == [model, data]
    last = whole.items[2].item_object_id
    api.update_collection_item(slug, last, note="now first", position=0)
    now = api.get_collection(slug)
    assert [one.item_id for one in now.items] == [data, model, hidden]
    assert now.items[0].note == "now first"
    api.delete_collection_item(slug, last)
    refused(404, lambda: api.delete_collection_item(slug, last))
    api.delete_collection_item(slug, last, missing_ok=True)
    assert [one.item_id for one in api.get_collection(slug).items] == [model, hidden]


def test_lists(api, bob, new_repo):
    model = new_repo("listed")
    made = [api.create_collection(f"listed {n}", namespace="acme") for n in range(3)]
    secret = api.create_collection("listed secretly", namespace="acme", private=True)
    api.add_collection_item(made[1].slug, model, "model")

    def slugs(client, **more):
        return [one.slug for one in client.list_collections(**more)]

    ours = slugs(api, owner="acme")
    assert ours[0] == made[1].slug
    assert sorted(ours) == sorted(one.slug for one in [*made, secret])
    assert secret.slug not in slugs(bob, owner="acme")
    assert slugs(bob, item=f"models/{model}") == [made[1].slug]
    assert len(slugs(api, owner=["acme", "alice"], limit=2)) == 2
    [listed] = [one for one in as_user(False).list_collections(owner="acme") if one.items]
    assert listed.items[0].item_id == model
    for sort in ("lastModified", "trending", "upvotes"):
        assert len(slugs(bob, owner="acme", sort=sort)) == 3
    refused(403, lambda: bob.create_collection("not mine", namespace="acme"))
