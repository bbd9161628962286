from support import takes


def card(**fields):
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\n{lines}---\n# A card\n".encode()


def test_list_models(api, bob, nobody, new_repo):
    mine = new_repo("weighing-scale")
    theirs = new_repo("weighing-scale", owner="acme")
    hidden = new_repo("weighing-scale", private=True)

    def ids(client, **query):
        return {model.id for model in client.list_models(**query)}

    assert {mine, theirs, hidden} <= ids(api, search="weighing")
    assert {mine, theirs, hidden} <= ids(api, search="WEIGHING-scale")
    assert ids(api, search="no-repo-has-this-name") == set()
    for stranger in (bob, nobody):
        assert {mine, theirs} <= ids(stranger, search="weighing")
        assert hidden not in ids(stranger, search="weighing")
    assert theirs in ids(api, author="acme")
    assert all(name.startswith("acme/") for name in ids(api, author="acme"))
    assert ids(api, author="acme", search="weighing") == {theirs}
    assert len(list(api.list_models(author="alice", limit=1))) == 1


def test_list_models_by_tag(api, new_repo):
    name = new_repo("tagged")
    content = card(license="mit", library_name="transformers", pipeline_tag="fill-mask", tags="[kg]")
    api.upload_file(path_or_fileobj=content, path_in_repo="README.md", repo_id=name)

    def ids(**query):
        return [model.id for model in api.list_models(search="tagged", **query)]

    assert ids(filter="kg") == [name]
    assert ids(filter=["kg", "license:mit"]) == [name]
    assert ids(filter="transformers") == [name]
    assert ids(pipeline_tag="fill-mask") == [name]
    assert ids(filter="pounds") == []
    (found,) = api.list_models(search="tagged", full=True, cardData=True)
    assert found.library_name == "transformers"
    assert found.pipeline_tag == "fill-mask"
    assert {"kg", "license:mit"} <= set(found.tags)
    assert found.card_data.license == "mit"
    assert "README.md" in [sibling.rfilename for sibling in found.siblings]


def test_list_models_expand_and_sort(api, new_repo):
    older, newer = new_repo("sorted"), new_repo("sorted")
    key = "created_at" if takes(api.list_models, "created_at") else "createdAt"
    listed = [model.id for model in api.list_models(search="sorted", sort=key)]
    assert listed.index(newer) < listed.index(older)
    (first, *_) = api.list_models(search="sorted", expand=["sha", "private", "lastModified"])
    assert len(first.sha) == 40
    assert first.private is False
    assert first.last_modified is not None


def test_long_listings_come_in_pages(api, new_id):
    names = {api.create_repo(new_id("page")).repo_id for _ in range(12)}
    listed = [model.id for model in api.list_models(search="page", limit=1000)]
    assert names <= set(listed)
    assert len(listed) == len(set(listed))


def test_list_datasets(api, bob, new_repo):
    name = new_repo("grain", repo_type="dataset")
    hidden = new_repo("grain", repo_type="dataset", private=True)
    content = card(license="cc0-1.0", task_categories="[text-classification]", language="[en]")
    api.upload_file(
        path_or_fileobj=content, path_in_repo="README.md", repo_id=name, repo_type="dataset"
    )
    assert name in [found.id for found in api.list_datasets(author="alice")]
    assert {name, hidden} == {found.id for found in api.list_datasets(search="grain")}
    assert {name} == {found.id for found in bob.list_datasets(search="grain")}
    (found,) = api.list_datasets(search="grain", filter="license:cc0-1.0", full=True)
    assert found.id == name
    tags = set(found.tags)
    assert {"language:en", "task_categories:text-classification"} <= tags
    assert name not in [model.id for model in api.list_models(search="grain")]


def test_spaces_answer_too(api):
    assert list(api.list_spaces(search="no-such-space")) == []
