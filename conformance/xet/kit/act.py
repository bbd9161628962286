"""What a user's own program does with the library: `python act.py NAME JSON`, one call in one process."""

import json
import sys
from pathlib import Path

from huggingface_hub import HfApi, HfFileSystem, constants
from huggingface_hub.file_download import xet_get
from huggingface_hub.utils import build_hf_headers
from huggingface_hub.utils._xet import XetFileData, refresh_xet_connection_info

api = HfApi()


def upload_file(repo, source, path, repo_type="model"):
    done = api.upload_file(
        repo_id=repo, path_or_fileobj=source, path_in_repo=path, repo_type=repo_type
    )
    return done.oid


def upload_folder(repo, folder, repo_type="model"):
    return api.upload_folder(repo_id=repo, folder_path=folder, repo_type=repo_type).oid


def download_file(repo, path):
    return api.hf_hub_download(repo, path)


def snapshot(repo, folder=None, repo_type="model"):
    return api.snapshot_download(repo, repo_type=repo_type, local_dir=folder)


def read(path, ranges, into):
    """Seeks to each range in turn and writes what it reads there one after the other."""
    with HfFileSystem().open(path) as file, Path(into).open("wb") as out:
        for start, end in ranges:
            file.seek(start)
            out.write(file.read(end - start))
    return file.size


def token(url):
    """A Xet token, by the way the library takes before a download."""
    data = XetFileData(file_hash="0" * 64, refresh_route=url)
    found = refresh_xet_connection_info(file_data=data, headers=build_hf_headers())
    return {
        "token": found.access_token,
        "expires": found.expiration_unix_epoch,
        "cas": found.endpoint,
    }


def fetch_by_hash(hash, size, route, into):
    """Asks for a file by its Xet hash with the token of the given route."""
    data = XetFileData(file_hash=hash, refresh_route=route)
    xet_get(
        incomplete_path=Path(into),
        xet_file_data=data,
        headers=build_hf_headers(),
        expected_size=size,
        displayed_filename="fetched",
    )


def where():
    return {"endpoint": constants.ENDPOINT, "disabled": constants.HF_HUB_DISABLE_XET}


def main(name, values):
    try:
        return {"value": globals()[name](**values)}
    except Exception as error:
        response = getattr(error, "response", None)
        return {
            "error": {
                "kinds": [kind.__name__ for kind in type(error).__mro__],
                "message": str(error),
                "status": getattr(response, "status_code", None),
                "server_message": getattr(error, "server_message", None),
            }
        }


if __name__ == "__main__":
    print("ANSWER " + json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
