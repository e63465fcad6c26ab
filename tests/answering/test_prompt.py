"""Prompts that fit: what is shown of the evidence, the turns before and the pictures, and in which order."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering import prompt as prompts
from assistant.answering.prompt import PromptInput
from assistant.models.profiles import ModelProfile
from assistant.ports.engine import Sent
from assistant.values.conversation import Conversation, Exchange
from assistant.values.errors import BadInput
from assistant.values.events import ReceivedPicture
from assistant.values.evidence import Evidence, Page, Region, Seconds, TextSpan
from assistant.values.parts import Image, Text

INSTRUCTIONS = "Answer what the person asks, in one or two short sentences, and copy names and numbers as they stand."


def piece(source, medium, score, content="Some words of evidence."):
    location = {"text": Page(1), "image": Region(), "audio": Seconds(0, 4)}[medium]
    return Evidence(source, source, medium, content, location, score=score)


FOUND = [piece("lease.pdf", "text", 0.9), piece("photo.png", "image", 0.6), piece("call.wav", "audio", 0.5)]


def profile(context_tokens=1000, small=True):
    return ModelProfile(
        "tiny", "chat", "scripted", "none", "English", 0, context_tokens=context_tokens,
        evidence_tokens=200, small=small,
    )  # fmt: skip


def words(messages):
    told = sum(len(message.text.split()) for message in messages)
    return told + sum(picture.tokens for picture in looked(messages))


def looked(messages):
    """Pictures take what they may."""
    return tuple(Sent(32, 32, image.tokens) for message in messages for image in message.images)


def costs(tokens):
    """A family whose pictures all cost the same."""
    return lambda messages: tuple(Sent(32, 32, tokens) for message in messages for _ in message.images)


def pictures(count, start=0):
    return [Image(Path(f"{n}.png"), f"{n}.png", 10, 10, f"id{n}") for n in range(start, start + count)]


def in_words(message):
    """Words and pictures as they stand, a picture by its name in brackets."""
    return [part.text if isinstance(part, Text) else f"[{part.name}]" for part in message.parts]


def build(
    question="Who?",
    evidence=(),
    images=(),
    conversation=None,
    context_tokens=1000,
    new=(),
    look=looked,
    history=2,
    **more,
):
    asked = PromptInput(
        question, lambda _: INSTRUCTIONS, evidence, history=history, images=images,
        new=frozenset(image.source_id for image in new),
    )  # fmt: skip
    profile_of = replace(profile(context_tokens), **more)
    return prompts.build(asked, conversation or Conversation(), profile_of, words, 100, look)


def test_of_a_call_it_is_said_with_each_change_who_speaks():
    said = "Hello.\nThe posters are ready.\nBring them on Friday."
    places = [(0, 6, "left"), (7, 29, "left"), (30, 51, "right")]
    spans = tuple(TextSpan(start, end, Seconds(start, end, track=track)) for start, end, track in places)
    of_both = Evidence("call.wav", "call.wav", "audio", said, Seconds(0, 51), spans)
    told = build("When?", [of_both]).messages[-1].text
    assert "left: Hello.\nThe posters are ready.\nright: Bring them on Friday." in told
    of_one = replace(of_both, places=spans[:2], content=said[:29], location=Seconds(0, 29, track="left"))
    told = build("When?", [of_one]).messages[-1].text
    assert "(call.wav, 0:00–0:29, left)" in told
    assert "left: " not in told


def test_the_prompt_holds_evidence_with_its_place_and_the_question():
    prompt = build("Who serviced it?", FOUND)
    assert "(lease.pdf, page 1)" in prompt.messages[-1].text
    assert "(call.wav, 0:00–0:04)" in prompt.messages[-1].text
    assert prompt.messages[-1].text.endswith("Question: Who serviced it?")


def test_what_is_to_be_done_is_a_request_and_the_answer_that_it_is_about_stands_before_it():
    asked = PromptInput("Make it shorter.", lambda _: INSTRUCTIONS, answer="Dana Ortiz serviced it.", is_request=True)
    built = prompts.build(asked, Conversation(), profile(), words, 100, looked)
    assert in_words(built.messages[-1]) == ["The answer:\nDana Ortiz serviced it.\n\nRequest: Make it shorter."]


def test_only_as_many_turns_are_shown_again_as_were_asked_for():
    conversation = Conversation(exchanges=[Exchange(f"question {n}", f"reply {n}") for n in range(5)])
    built = build("Who?", conversation=conversation, history=2)
    assert [message.text for message in built.messages[1:-1]] == ["question 3", "reply 3", "question 4", "reply 4"]
    assert build("Who?", conversation=conversation, history=0).history_turns == 0


def test_the_oldest_turns_go_first_then_the_weakest_evidence_and_the_person_is_told():
    conversation = Conversation()
    conversation.exchanges = [Exchange("old " * 120, "reply"), Exchange("newer question", "reply")]
    prompt = build("Who?", FOUND, conversation=conversation, context_tokens=200)
    assert prompt.history_turns == 1
    assert prompt.notes == ("1 earlier turn did not fit and was left out.",)
    prompt = build("Who?", [*FOUND[:1], piece("long.pdf", "text", 0.1, "word " * 200)], context_tokens=200)
    assert [p.source for p in prompt.evidence] == ["lease.pdf"]
    assert "1 weaker piece of evidence" in prompt.notes[0]


def test_a_question_that_cannot_fit_is_refused_in_words():
    with pytest.raises(BadInput, match="too long for this model"):
        build("word " * 500, context_tokens=300)


def test_each_picture_stands_right_behind_its_name_in_the_order_given():
    prompt = build("What differs between picture 1 and picture 2?", images=pictures(2), new=pictures(2))
    assert in_words(prompt.messages[-1]) == [
        "Picture 1: 0.png", "[0.png]", "Picture 2: 1.png", "[1.png]", "What differs between picture 1 and picture 2?",
    ]  # fmt: skip
    prompt = build("图片 1 和图片 2 有什么不同？", images=pictures(2), new=pictures(2))
    assert in_words(prompt.messages[-1])[::2] == ["图片 1：0.png", "图片 2：1.png", "图片 1 和图片 2 有什么不同？"]


def test_pictures_of_this_turn_are_counted_by_themselves_and_earlier_ones_are_called_so():
    prompt = build("What differs?", images=pictures(3), new=pictures(2, 1))
    assert in_words(prompt.messages[-1])[::2] == [
        "Earlier picture 1: 0.png", "Picture 1: 1.png", "Picture 2: 2.png", "What differs?",
    ]  # fmt: skip
    again = build("And picture 2?", images=pictures(3))
    assert in_words(again.messages[-1])[:-1:2] == ["Picture 1: 0.png", "Picture 2: 1.png", "Picture 3: 2.png"]


def test_several_pictures_are_shown_smaller_before_one_is_left_out():
    few = build("What?", images=pictures(4), new=pictures(4), image_tokens=100)
    assert [image.tokens for image in few.images] == [100] * 4
    more = build("What?", images=pictures(6), new=pictures(6), image_tokens=100)
    assert [image.tokens for image in more.images] == [66] * 6
    assert not more.notes


def test_pictures_travel_in_order_and_the_oldest_are_left_out():
    prompt = build("What?", images=pictures(8), new=pictures(8), image_tokens=100)
    assert [image.name for image in prompt.images] == ["2.png", "3.png", "4.png", "5.png", "6.png", "7.png"]
    assert "2 earlier pictures did not fit" in prompt.notes[0]


def test_earlier_pictures_make_those_of_this_turn_no_smaller_than_half():
    prompt = build("What?", images=pictures(12), new=pictures(1, 11), image_tokens=200, context_tokens=4000)
    assert [image.name for image in prompt.images] == [f"{n}.png" for n in range(4, 12)]
    assert [image.tokens for image in prompt.images] == [100] * 8


def test_a_pinned_picture_stays_when_newer_ones_go():
    conversation = Conversation(pinned=("id0",))
    prompt = build("What?", images=pictures(8), new=pictures(8), image_tokens=100, conversation=conversation)
    assert [image.name for image in prompt.images][:2] == ["0.png", "3.png"]


def test_a_family_that_cannot_look_more_briefly_is_shown_fewer():
    prompt = build("What?", images=pictures(6), new=pictures(6), image_tokens=100, look=costs(150))
    assert [image.name for image in prompt.images] == ["4.png", "5.png"]
    assert "4 earlier pictures did not fit" in prompt.notes[0]


def test_pictures_become_smaller_where_the_context_is_short():
    prompt = build("What? " * 20, images=pictures(2), new=pictures(2), image_tokens=100, context_tokens=320)
    assert len(prompt.images) == 2
    assert prompt.images[0].tokens < 100
    assert prompt.prompt_tokens + 64 <= 320


def test_frames_of_a_video_are_pictures_with_their_time_where_the_model_takes_no_video():
    frames = [replace(image, name="clip.mp4", source_id="v", seconds=42.0 * n) for n, image in enumerate(pictures(3))]
    prompt = build("What happens?", images=[*frames, *pictures(1, 9)], new=[*frames, *pictures(1, 9)])
    assert in_words(prompt.messages[-1])[:-1:2] == [
        "clip.mp4 at 0:00:", "clip.mp4 at 0:42:", "clip.mp4 at 1:24:", "Picture 1: 9.png",
    ]  # fmt: skip
    assert prompt.notes == (
        "clip.mp4 was shown as 3 pictures with their times: this model does not take video itself.",
    )


def test_frames_of_a_video_follow_one_name_where_the_model_takes_video():
    frames = [replace(image, name="clip.mp4", source_id="v", seconds=42.0 * n) for n, image in enumerate(pictures(3))]
    prompt = build("What happens?", images=frames, new=frames, sees_video=True)
    assert in_words(prompt.messages[-1])[:-1] == ["Video 1: clip.mp4, frames at 0:00, 0:42, 1:24", *["[clip.mp4]"] * 3]
    assert not prompt.notes


def test_of_a_film_the_frames_pointed_out_last_are_shown_in_order_of_time():
    frames = [replace(image, name="clip.mp4", source_id="v", seconds=float(n)) for n, image in enumerate(pictures(30))]
    pointed_out = [*frames[:10], *frames[12:], frames[10], frames[11]]
    prompt = build("What happens?", images=[*pictures(1, 90), *pointed_out], new=frames, context_tokens=9000)
    assert [image.seconds for image in prompt.images] == [None, 10.0, 11.0, 28.0, 29.0]


def test_what_each_picture_became_is_told():
    (told,) = build("What?", images=pictures(1), new=pictures(1), look=costs(77)).showing.received()
    assert told == ReceivedPicture(1, "0.png", 10, 10, 32, 32, tokens=77)


def test_a_chinese_question_is_asked_in_chinese():
    assert "问题：谁？水泵" in build("谁？水泵", FOUND).messages[-1].text
