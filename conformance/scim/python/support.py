"""The directory of acme: a service account, and the client library speaking for it."""

import functools
import json
import os
import urllib.request

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient

URL = os.environ["CONFORMANCE_URL"]
ALICE = os.environ["CONFORMANCE_ALICE"]
BOB = os.environ["CONFORMANCE_BOB"]
BASE = f"{URL}/scim/v2/acme"


def api(method, path, body=None, token=ALICE):
    """A call of the hub's own API, as alice."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {token}"}
    if data is not None:
        headers["content-type"] = "application/json"
    url = f"{URL}/weighhouse/v1{path}"
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


@functools.cache
def directory_token():
    """A service account's token: it administers acme, and may do nothing else."""
    name = "acme-directory"
    api("POST", "/orgs/acme/service-accounts", {"name": name})
    api("PUT", f"/orgs/acme/members/{name}", {"role": "admin"})
    entry = {
        "target": {"kind": "account", "name": "acme"},
        "permissions": ["org.write"],
    }
    wish = {
        "label": "scim",
        "role": "fineGrained",
        "scope": {"readsGated": False, "entries": [entry]},
    }
    return api("POST", f"/orgs/acme/service-accounts/{name}/tokens", wish)["secret"]


def client(token):
    headers = {"authorization": f"Bearer {token}"}
    return SyncSCIMClient(httpx2.Client(base_url=BASE, headers=headers, trust_env=False))
