"""What model code does with a hub: push and load configurations and tokenizers, read weights, use the cache offline."""

import json
import os
import subprocess
import sys

import numpy
import pytest
from huggingface_hub import HfApi, hf_hub_download
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import AutoConfig, AutoTokenizer, BertConfig, PreTrainedTokenizerFast

URL = os.environ["CONFORMANCE_URL"]
ALICE = os.environ["CONFORMANCE_ALICE"]
BOB = os.environ["CONFORMANCE_BOB"]
WORDS = ["[UNK]", "[PAD]", "weigh", "the", "model", "house"]


@pytest.fixture(scope="module")
def api():
    return HfApi(endpoint=URL, token=ALICE)


def tokenizer():
    made = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=made, unk_token="[UNK]", pad_token="[PAD]")


@pytest.fixture(scope="module")
def model(api, tmp_path_factory):
    """A private repo of a small BERT: configuration, tokenizer, weights, card."""
    repo = api.create_repo("alice/tiny-bert", private=True).repo_id
    folder = tmp_path_factory.mktemp("model")
    BertConfig(vocab_size=len(WORDS), hidden_size=8, num_attention_heads=2).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    weights = {"embeddings.weight": numpy.arange(48, dtype=numpy.float32).reshape(6, 8)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "np"})
    (folder / "README.md").write_text("---\nlicense: mit\nlibrary_name: transformers\n---\n# tiny\n")
    api.upload_folder(repo_id=repo, folder_path=folder)
    return repo


def test_config_from_pretrained(model):
    config = AutoConfig.from_pretrained(model, token=ALICE)
    assert type(config).__name__ == "BertConfig"
    assert config.hidden_size == 8


def test_tokenizer_from_pretrained(model):
    loaded = AutoTokenizer.from_pretrained(model, token=ALICE)
    assert loaded("weigh the model")["input_ids"] == [2, 3, 4]


def test_config_of_a_revision(api, model):
    before = api.model_info(model).sha
    api.upload_file(
        repo_id=model,
        path_in_repo="config.json",
        path_or_fileobj=json.dumps({"model_type": "bert", "hidden_size": 16}).encode(),
    )
    assert AutoConfig.from_pretrained(model, token=ALICE).hidden_size == 16
    assert AutoConfig.from_pretrained(model, token=ALICE, revision=before).hidden_size == 8


def test_push_to_hub(api):
    config = BertConfig(hidden_size=32, num_attention_heads=2)
    config.push_to_hub("alice/pushed", token=ALICE)
    tokenizer().push_to_hub("alice/pushed", token=ALICE)
    assert AutoConfig.from_pretrained("alice/pushed", token=ALICE).hidden_size == 32
    assert AutoTokenizer.from_pretrained("alice/pushed", token=ALICE)("house")["input_ids"] == [5]


def test_weights(model):
    path = hf_hub_download(model, "model.safetensors", token=ALICE, endpoint=URL)
    assert load_file(path)["embeddings.weight"].shape == (6, 8)


def test_the_hub_counted_parameters(api, model):
    info = api.model_info(model)
    assert info.safetensors.total == 48
    assert info.library_name == "transformers"
    assert info.config["model_type"] == "bert"


def test_a_missing_file_is_told_as_such(model):
    with pytest.raises(OSError, match="absent.json"):
        from transformers.utils import cached_file

        cached_file(model, "absent.json", token=ALICE)


def test_others_cannot_load(model, tmp_path):
    with pytest.raises(OSError, match="tiny-bert"):
        AutoConfig.from_pretrained(model, token=BOB, cache_dir=tmp_path)


def test_offline_from_the_cache(model):
    AutoTokenizer.from_pretrained(model, token=ALICE)
    script = f"from transformers import AutoTokenizer as T; print(T.from_pretrained('{model}')('the').input_ids)"
    env = {**os.environ, "HF_HUB_OFFLINE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=120
    )
    assert said.stdout.strip() == "[3]", said.stderr
