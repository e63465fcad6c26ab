"""Which model is chosen, and what the person is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.models.device import Device
from assistant.models.profiles import GIB, PROFILES, ROLES
from assistant.models.selection import select, stand_in
from assistant.settings.settings import Settings
from assistant.values.errors import SetupError

CPU = Device("cpu", "CPU", 16 * GIB, 12 * GIB, "bfloat16")


def gpu(gigabytes):
    return Device("cuda", "NVIDIA Something", gigabytes * GIB, gigabytes * GIB, "bfloat16")


def chosen(device, hub=True, **settings):
    return {role: choice.name for role, choice in select(Settings(**settings), device, hub).choices.items()}


@pytest.mark.parametrize(
    ("device", "hub", "chat"),
    [
        (gpu(80), True, "qwen3.6-27b"),
        (gpu(48), True, "qwen3.6-27b-4bit"),
        (gpu(24), True, "qwen3.5-9b-4bit"),
        (gpu(16), True, "qwen3.5-9b-4bit"),
        (CPU, True, "qwen3.5-0.8b"),
        (CPU, False, "qwen2.5-coder-1.5b"),
        (replace(CPU, free_bytes=6 * GIB, dtype="float32"), False, "qwen2.5-coder-1.5b"),
        (replace(CPU, free_bytes=5 * GIB), False, "qwen2.5-coder-0.5b"),
    ],
)
def test_auto_takes_the_best_that_fits_the_machine(device, hub, chat):
    assert chosen(device, hub)["chat"] == chat


def test_a_processor_without_bfloat16_needs_twice_the_memory_for_a_language_model():
    small = replace(CPU, free_bytes=4 * GIB)
    assert chosen(small)["chat"] == "qwen3.5-0.8b"
    assert chosen(replace(small, dtype="float32"))["chat"] == "qwen2.5-coder-0.5b"
    assert chosen(replace(small, dtype="float32"))["embedding"] == chosen(small)["embedding"]


@pytest.mark.parametrize("machine", ["gpu-40gb", "gpu-16gb", "zerogpu", "cpu", "cpu-offline"])
@pytest.mark.parametrize("role", ROLES)
def test_every_machine_has_a_model_for_every_role(machine, role):
    assert any(profile.role == role and machine in profile.machines for profile in PROFILES)


def test_what_only_openvino_runs_fast_enough_is_not_taken_without_it():
    without = select(Settings(), CPU, hub_answers=False, openvino=False)
    assert without.choices["chat"].name == "qwen2.5-coder-0.5b"
    asked = select(Settings(llm="qwen2.5-coder-1.5b"), CPU, hub_answers=False, openvino=False)
    assert asked.choices["chat"].name == "qwen2.5-coder-1.5b"


def test_the_smallest_model_stands_in_for_others():
    assert stand_in("chat").name == "qwen2.5-coder-0.5b"


def test_a_small_gpu_counts_as_a_cpu():
    assert chosen(gpu(6), hub=False)["chat"] == "qwen2.5-coder-0.5b"


def test_zerogpu_is_known_by_its_variable(monkeypatch):
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    selection = select(Settings(), gpu(70), hub_answers=True)
    assert selection.machine == "zerogpu"
    assert selection.choices["chat"].name == "qwen3.5-9b"


def test_models_already_here_are_kept_when_the_hub_is_out_of_reach():
    selection = select(Settings(), CPU, False, lambda checkpoint: checkpoint.name == "qwen3.5-0.8b")
    assert selection.choices["chat"].name == "qwen3.5-0.8b"
    assert selection.choices["speech"].name == "whisper-base"


def test_one_line_says_what_was_chosen_and_why():
    why = select(Settings(), CPU, hub_answers=False).why
    assert "CPU without a model hub" in why
    assert "12 GB free" in why
    assert "chat qwen2.5-coder-1.5b" in why
    assert "\n" not in why


def test_a_role_can_be_set_by_hand(tmp_path: Path):
    assert chosen(CPU, llm="smollm2-135m")["chat"] == "smollm2-135m"
    assert chosen(CPU, llm="openai:gpt-6")["chat"] == "openai:gpt-6"
    assert chosen(CPU, llm="http://127.0.0.1:8000/v1#mine")["chat"] == "http://127.0.0.1:8000/v1#mine"
    folder = select(Settings(llm=str(tmp_path)), CPU, True).choices["chat"].folder
    assert folder == tmp_path
    hub = select(Settings(llm="someone/model@v2"), CPU, True).choices["chat"].checkpoint
    assert hub is not None
    assert (hub.hub, hub.revision) == ("someone/model", "v2")


def test_what_was_set_by_hand_is_not_replaced():
    assert not select(Settings(llm="qwen3.5-9b"), CPU, True).choices["chat"].automatic


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"llm": "no-such-model"}, "I know no model “no-such-model”"),
        ({"llm": "whisper-base"}, "is a model for speech"),
        ({"picture_embedding": "http://127.0.0.1/v1#clip"}, "cannot be a remote one"),
        ({"profile": "toaster"}, "no machine profile “toaster”"),
    ],
)
def test_a_wrong_choice_is_explained(settings, sentence):
    with pytest.raises(SetupError, match=sentence):
        select(Settings(**settings), CPU, True)


def test_pictures_are_found_by_their_looks_where_a_hub_answers_or_the_model_is_here():
    assert chosen(CPU)["picture-embedding"] == "siglip2-base"
    assert "picture-embedding" not in chosen(CPU, hub=False)
    assert "picture-embedding" not in chosen(CPU, picture_embedding="none")
    kept = select(Settings(), CPU, False, lambda checkpoint: checkpoint.name == "siglip2-base")
    assert kept.choices["picture-embedding"].name == "siglip2-base"


def test_no_profile_is_a_scripted_one():
    assert all(profile.family != "scripted" for profile in PROFILES)


def test_profiles_have_names_of_their_own():
    assert len({profile.name for profile in PROFILES}) == len(PROFILES)
