import json
import struct

import pytest
from huggingface_hub.errors import NotASafetensorsRepoError
from support import noise


def tensors(**shapes):
    """A safetensors file of float32 noise with those names and shapes."""
    header, offset = {}, 0
    for name, shape in shapes.items():
        size = 4
        for extent in shape:
            size *= extent
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + noise(offset)


def test_one_file(api, repo):
    content = tensors(**{"embed.weight": [64, 32], "head.bias": [64]})
    api.upload_file(path_or_fileobj=content, path_in_repo="model.safetensors", repo_id=repo)
    parsed = api.parse_safetensors_file_metadata(repo, "model.safetensors")
    assert parsed.tensors["embed.weight"].shape == [64, 32]
    whole = api.get_safetensors_metadata(repo)
    assert whole.sharded is False
    assert whole.parameter_count == {"F32": 64 * 32 + 64}
    info = api.model_info(repo)
    if info.safetensors is not None:
        assert info.safetensors.total == 64 * 32 + 64


def test_shards(api, repo):
    index = {"metadata": {"total_size": 8192 + 256}, "weight_map": {}}
    for number, name in ((1, "a"), (2, "b")):
        file = f"model-0000{number}-of-00002.safetensors"
        index["weight_map"][name] = file
        api.upload_file(
            path_or_fileobj=tensors(**{name: [16, number]}), path_in_repo=file, repo_id=repo
        )
    api.upload_file(
        path_or_fileobj=json.dumps(index).encode(),
        path_in_repo="model.safetensors.index.json",
        repo_id=repo,
    )
    whole = api.get_safetensors_metadata(repo)
    assert whole.sharded is True
    assert whole.parameter_count == {"F32": 16 + 32}
    assert whole.weight_map == index["weight_map"]


def test_none(api, repo):
    with pytest.raises(NotASafetensorsRepoError):
        api.get_safetensors_metadata(repo)
