"""What Whisper writes where nobody speaks is dropped; what somebody says is not, even if it is the same words."""

import pytest

from assistant.ports.embedding import Vectors
from assistant.speech.recognition.decoding import DecodedSegment, DecodedStretch, DecodingOptions, transcribe
from assistant.speech.recognition.hallucinations import is_credit, is_farewell
from tests.support import media_made as made

CREDITS = (
    "Subtitles by the Amara.org community",
    "Transcription by CastingWords",
    "Subtitles by SteamTeamExtra",
    "Sous-titres réalisés para la communauté d'Amara.org",
    "Sous-titrage Société Radio-Canada",
    "Sous-titrage ST' 501",
    "Untertitel der Amara.org-Community",
    "Untertitelung des ZDF, 2020",
    "Untertitel von Stephanie Geiges",
    "Untertitel im Auftrag des ZDF für funk, 2017",
    "SWR 2021",
    "Subtítulos realizados por la comunidad de Amara.org",
    "Sottotitoli creati dalla comunità Amara.org",
    "Legendas pela comunidade Amara.org",
    "Napisy stworzone przez społeczność Amara.org",
    "Ondertitels ingediend door de Amara.org gemeenschap",
    "Altyazı M.K.",
    "Редактор субтитров А.Семкин Корректор А.Егорова",
    "Субтитры сделал DimaTorzok",
    "MBC 뉴스 이덕영입니다.",
    "字幕由Amara.org社区提供",
    "字幕由 Amara.org 社群提供",
    "小編字幕由Amara.org社區提供",
    "中文字幕志願者 楊茜茜",
    "字幕志愿者 李宗盛",
    "字幕by索兰娅",
    "字幕製作：貝爾",
    "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
    "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    "明鏡需要您的支持 歡迎訂閱明鏡",
    "優優獨播劇場——YoYo Television Series Exclusive",
    "詞曲 李宗盛",
)
FAREWELLS = (
    "Thank you.",
    "Thank you for watching!",
    "Thanks for watching!",
    "Thank you. Thank you. Bye.",
    "Thank you so much for watching.",
    "Please subscribe to my channel.",
    "Bye-bye.",
    "you",
    "♪ Music ♪",
    "[Applause]",
    "谢谢观看",
    "謝謝大家",
    "感謝您的觀看，我們下期再見。",
    "ご視聴ありがとうございました",
    "시청해주셔서 감사합니다.",
    "Vielen Dank.",
    "Merci d'avoir regardé cette vidéo !",
    "¡Gracias por ver el video!",
    "Продолжение следует...",
)
SPEECH = (
    "Thank you for your help with the pump.",
    "Thanks for watching the children yesterday.",
    "Please subscribe me to the newsletter.",
    "Does this film have Chinese subtitles?",
    "The book was translated by John.",
    "He said goodbye to everyone.",
    "这部电影有中文字幕吗？",
    "字幕是什么时候做好的？",
    "谢谢你的帮助。",
    "再见的时候他哭了。",
    "我想订阅这份报纸。",
    "Who serviced the pump?",
    "MBC reported it yesterday.",
    "Untertitel wären gut.",
)


@pytest.fixture(scope="module")
def jfk() -> Vectors:
    from assistant.media import read_samples

    return read_samples(made.JFK)


def kept(jfk: Vectors, heard: DecodedSegment, certainty: float = 0.95) -> bool:
    return bool(
        transcribe(jfk, DecodingOptions(), lambda samples, asked: DecodedStretch((heard,), "en", certainty)).segments
    )


@pytest.mark.parametrize("text", CREDITS)
def test_credits_are_never_heard(jfk: Vectors, text: str) -> None:
    assert is_credit(text)
    assert not kept(jfk, DecodedSegment(0, 4, text, 0.01, -0.1, 1.0))


@pytest.mark.parametrize("text", FAREWELLS)
def test_a_farewell_is_believed_only_without_doubts(jfk: Vectors, text: str) -> None:
    assert is_farewell(text)
    assert not is_credit(text)
    assert kept(jfk, DecodedSegment(0, 4, text, 0.05, -0.3, 1.0)), "somebody said it"
    assert not kept(jfk, DecodedSegment(0, 4, text, 0.5, -0.3, 1.0)), "probably nobody speaks"
    assert not kept(jfk, DecodedSegment(0, 4, text, 0.05, -0.9, 1.0)), "the words are a guess"
    assert not kept(jfk, DecodedSegment(0, 4, text, 0.05, -0.3, 1.0), certainty=0.3), "in whatever language"


def test_nobody_says_a_sentence_in_the_time_of_a_cough(jfk: Vectors) -> None:
    assert not kept(jfk, DecodedSegment(0, 0.4, "Thank you for watching!", 0.05, -0.3, 1.0))
    assert not kept(jfk, DecodedSegment(0, 0.3, "谢谢大家观看", 0.05, -0.3, 1.0))
    assert kept(jfk, DecodedSegment(0, 0.4, "Thank you.", 0.05, -0.3, 1.0))


@pytest.mark.parametrize("text", SPEECH)
def test_what_only_resembles_it_is_kept(jfk: Vectors, text: str) -> None:
    assert not is_credit(text)
    assert not is_farewell(text)
    assert kept(jfk, DecodedSegment(0, 4, text, 0.5, -0.6, 1.0))
