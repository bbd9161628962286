"""What a person does with the stock client, one command; prints as JSON what the client made of it."""

import json
import sys

from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError

api = HfApi()


def names(requests):
    return [one.username for one in requests]


def requests(repo):
    return {
        "pending": names(api.list_pending_access_requests(repo)),
        "accepted": names(api.list_accepted_access_requests(repo)),
        "rejected": names(api.list_rejected_access_requests(repo)),
    }


def accept(repo, user):
    api.accept_access_request(repo, user)


def download(repo, path):
    with open(hf_hub_download(repo, path), "rb") as file:
        return file.read().decode()


commands = {"requests": requests, "accept": accept, "download": download}

name, *args = sys.argv[1:]
try:
    print(json.dumps({"answer": commands[name](*args)}))
except HfHubHTTPError as error:
    status = error.response.status_code if error.response is not None else None
    print(json.dumps({"error": type(error).__name__, "status": status, "message": str(error)}))
