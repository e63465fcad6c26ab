"""Which sentence is supported by what."""

import re
import zlib
from typing import ClassVar

import numpy
import pytest

from assistant.citing.citations import cite, coverage, drop_made_up_numbers
from assistant.citing.similarity import _SPACED, _UNSPACED
from assistant.values.conversation import Conversation
from assistant.values.evidence import Box, Evidence, Page, Region, Seconds, Section, TextSpan
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import HashedWords, make_assistant, ready, saying

REPORT = Evidence(
    "a",
    "report.pdf",
    "text",
    "Maintenance report. The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz. The seal was replaced. "
    "The next service is due in September 2025. The relief valve opens at 6.5 bar.",
    Page(3),
)
RECEIPT = Evidence("b", "receipt.png", "image", "CORNER STORE\n2018-03-23\nCoffee 12.50\nTotal 593.10", Region())
CHINESE = Evidence(
    "c", "报告.pdf", "text", "红隼9号水泵于2024年3月14日由李明保养。下一次保养时间为2025年9月。", Page(2)
)


def test_each_sentence_is_tied_to_the_words_that_support_it():
    cited = cite("Dana Ortiz serviced the pump. The total was 593.10.", [REPORT, RECEIPT])
    assert cited.text == "Dana Ortiz serviced the pump.[1] The total was 593.10.[2]"
    assert [(c.source, c.location) for c in cited.citations] == [("report.pdf", Page(3)), ("receipt.png", Region())]
    assert cited.citations[0].quote == "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz."


def test_every_quote_stands_word_for_word_in_the_evidence():
    cited = cite("The pump was serviced on 14 March 2024 and the seal was replaced.", [REPORT])
    assert cited.citations
    assert all(citation.quote in REPORT.content for citation in cited.citations)


@pytest.mark.parametrize("made_up", ["[1]", " [3]", "[2, 7]", "[^4]", "【4†source】"])
def test_a_made_up_citation_is_dropped(made_up):
    assert drop_made_up_numbers(f"It is due in May{made_up}.") == "It is due in May."


def test_brackets_in_code_and_links_are_left_alone():
    text = "Use `row[1]` or\n```\nrow[2]\n```\nor [1](https://example.org)."
    assert drop_made_up_numbers(text) == text


def test_an_invented_name_is_not_supported():
    cited = cite("The cashier was Jane Smith.", [RECEIPT], "Who was the cashier?")
    assert not cited.citations
    assert cited.unsupported == ("The cashier was Jane Smith.",)


def test_an_invented_number_is_not_supported_though_all_the_words_are():
    cited = cite("The next service is due in September 2031.", [REPORT])
    assert cited.unsupported


def test_repeating_the_question_is_no_support():
    cited = cite("The colour of the pump is teal.", [REPORT], "What is the colour of the pump?")
    assert cited.unsupported


@pytest.mark.parametrize("answer", ["It was serviced on March 14, 2024.", "Serviced 2024-03-14.", "14.03.2024"])
def test_a_date_is_found_however_it_is_written(answer):
    assert cite(answer, [REPORT], "When was it serviced?").citations


def test_chinese_answers_are_tied_to_chinese_evidence():
    cited = cite("李明保养了水泵，下一次保养是2025年9月。", [REPORT, CHINESE], "谁保养了水泵？")
    assert cited.citations[0].source == "报告.pdf"
    assert cite("水泵的价格是2000元。", [CHINESE], "水泵的价格是多少？").unsupported


def test_across_languages_names_and_numbers_must_be_found():
    assert cite("水泵由 Dana Ortiz 于2024年3月14日保养。", [REPORT], "谁保养了水泵？").citations
    assert cite("水泵由 Bob Miller 保养。", [REPORT], "谁保养了水泵？").unsupported


def test_yes_claims_nothing_and_gets_no_mark():
    cited = cite("Yes.", [REPORT])
    assert cited.text == "Yes."
    assert not cited.unsupported


def test_the_same_place_keeps_its_number():
    cited = cite("The seal was replaced. Replaced was the seal.", [REPORT])
    assert cited.text.count("[1]") == 2
    assert len(cited.citations) == 1


def test_one_sentence_may_rest_on_two_media():
    cited = cite("Dana Ortiz serviced it, and the receipt's total is 593.10.", [REPORT, RECEIPT])
    assert {citation.medium for citation in cited.citations} == {"text", "image"}


def test_a_citation_points_at_the_line_and_the_second_meant():
    line = Region((Box(0.1, 0.8, 0.5, 0.9),))
    start = RECEIPT.content.index("Total")
    receipt = Evidence("b", "r.png", "image", RECEIPT.content, Region(), (TextSpan(start, len(RECEIPT.content), line),))
    assert cite("The total was 593.10.", [receipt]).citations[0].location == line
    spoken = Evidence(
        "d", "call.wav", "audio", "Hello everyone.\nThe price is 40 euros.", Seconds(0, 9),
        (TextSpan(0, 15, Seconds(0, 2.5)), TextSpan(16, 38, Seconds(2.5, 6))),
    )  # fmt: skip
    assert cite("The price is 40 euros.", [spoken]).citations[0].location == Seconds(2.5, 6)


def test_coverage_tells_how_much_of_a_question_the_evidence_speaks_of():
    assert coverage("What was the total?", RECEIPT.content) == 1
    assert coverage("Who sold the pump?", REPORT.content) == 0.5
    assert coverage("What is the capital of Australia?", REPORT.content) == 0


SCORES = Evidence(
    "e", "scores.txt", "text", "Rovers defeated United 3 to 1 in the final. It rained all day.", Section("")
)


@pytest.mark.parametrize(
    "said",
    [
        "The seal was not replaced.",
        "The seal was cleaned.",
        "The Kestrel-9 pump was serviced on 14 March 2024 by Peter Hall.",
        "The Kestrel-9 pump was serviced on 15 March 2024 by Dana Ortiz.",
        "The next service was due in September 2025 and the seal was stolen.",
    ],
)
def test_one_step_beside_the_evidence_is_not_supported(said):
    assert cite(said, [REPORT]).unsupported == (said,)


def test_two_parties_exchanged_are_not_supported_and_a_passive_is():
    assert cite("United defeated Rovers 3 to 1 in the final.", [SCORES]).unsupported
    assert cite("United was defeated by Rovers 3 to 1 in the final.", [SCORES]).citations


def test_who_did_it_may_come_first_or_last():
    assert cite("Dana Ortiz serviced it on 14 March 2024.", [REPORT]).citations


def test_the_opposite_word_is_not_supported():
    rent = Evidence("f", "rent.txt", "text", "Take the tablets after a meal, never on an empty stomach.", Section(""))
    assert cite("Take the tablets after a meal.", [rent]).stages == ("exact",)
    assert cite("Take the tablets before a meal.", [rent]).unsupported
    assert cite("Take the tablets on an empty stomach.", [rent]).unsupported


def test_what_stands_there_word_for_word_is_told_from_what_nearly_does():
    assert cite("The seal was replaced.", [REPORT]).stages == ("exact",)
    assert cite("Replaced was the seal, in September 2025 the next service is due.", [REPORT]).stages == ("fuzzy",)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("The Kestrel pump was serviced by Dana Ortiz.", "TheKestrelpump wasserviced byDana Ortiz"),
        ("The total is 593.10.", "CORNER STORE\nTotal593.10"),
        ("Kestrel was serviced in Lisbon.", "so the kestral was serviced in lisbon um in spring"),
        ("1,000 people came on 3 March.", "about one thousand people came\non march 3rd i think"),
        ("The fee is 10 per cent.", "the fee is 10%"),
    ],
)
def test_what_was_read_or_heard_with_small_faults_still_supports(said, read):
    evidence = Evidence("g", "read.png", "image", read, Region())
    cited = cite(said, [evidence])
    assert cited.citations
    assert cited.citations[0].quote in read


def test_a_chinese_number_is_found_however_it_is_written():
    report = Evidence("h", "报告.txt", "text", "销售额增长了百分之十二。会议在三月三日举行。", Section(""))
    assert cite("销售额增长了12%。", [report]).citations
    assert cite("会议在3月3日举行。", [report]).citations
    assert cite("销售额增长了21%。", [report]).unsupported
    assert cite("销售额没有增长。", [report]).unsupported


@pytest.mark.parametrize(
    ("said", "supported"),
    [
        ("公民不服从不在受到限制时不会使用武力。", False),  # each clause says "not" somewhere, this one once more
        ("公民不服从在受到限制时会使用武力。", False),  # and here one of them is gone
        ("公民不服从在受到限制时不会使用武力。", True),
        ("受到限制时，公民不服从不会使用武力。", True),
    ],
)
def test_each_chinese_not_is_held_against_the_words_behind_it(said, supported):
    essay = Evidence("e", "论文.txt", "text", "公民不服从在受到限制时不会使用武力。", Section(""))
    assert bool(cite(said, [essay]).citations) is supported


class Synonyms:
    """An embedder for which some words mean the same as others, and nothing else is near anything."""

    space, dimensions = "synonyms", 512
    same: ClassVar[dict[str, str]] = {"put": "replaced", "fresh": "replaced"}

    def embed_passages(self, texts):
        return numpy.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text):
        pairs = dict(pair for one in (_SPACED, _UNSPACED) for pair in ((b, a) for a, b in one))
        vector = numpy.zeros(self.dimensions, numpy.float32)
        for word in re.findall(r"\w+", pairs.get(text, text).lower()):
            vector[zlib.crc32(self.same.get(word, word).encode()) % self.dimensions] = 1
        return vector / numpy.linalg.norm(vector)


def test_what_means_the_same_is_supported_where_an_embedder_says_so():
    said = "Fresh was put the seal."
    assert cite(said, [REPORT]).unsupported
    cited = cite(said, [REPORT], embedder=Synonyms())
    assert cited.stages == ("meaning",)
    assert cited.citations[0].quote == "The seal was replaced."


def test_no_meaning_makes_up_for_a_number_that_is_not_there():
    assert cite("Fresh was put the seal 7.", [REPORT], embedder=Synonyms()).unsupported


def test_an_embedder_that_cannot_tell_sentences_apart_is_not_asked():
    assert cite("Fresh was put the seal.", [REPORT], embedder=HashedWords()).unsupported


def test_a_chinese_passive_may_be_turned():
    assert cite("李明在2024年3月14日保养了水泵。", [CHINESE]).citations


def test_an_answer_in_other_words_is_cited_where_the_assistant_has_an_embedder(tmp_path):
    (tmp_path / "report.txt").write_text(REPORT.content)
    turn = Turn((Text("What was replaced at the pump?"), Attachment(tmp_path / "report.txt", "report.txt")))
    for embedder, cited in ((None, 0), (ready("Embedding model", Synonyms()), 1)):
        parts = {"embedder": embedder} if embedder else {}
        if embedder:
            embedder.get()
        assistant = make_assistant(saying({"": "Fresh was put the seal."}), **parts)
        told = list(assistant.answer(turn, Conversation()))[-1]
        assert len(told.answer.citations) == cited


def test_an_answer_takes_the_words_of_its_question_up_in_an_order_of_its_own():
    network = Evidence(
        "n", "network.txt", "text", "It was set up by its former head Lena Ostrow as a way to sell lines.", Section("")
    )
    assert cite("Lena Ostrow set up Linenet.", [network], "Who set up Linenet?").citations
    assert cite("Jonas Ostrow set up Linenet.", [network], "Who set up Linenet?").unsupported


def test_what_a_question_counts_need_not_be_counted_in_the_evidence():
    memory = Evidence(
        "m", "memory.txt", "text", "Memory is either short-lived and passive or long-lived and active.", Section("")
    )
    said = "Memory has two forms: short-lived and passive, and long-lived and active."
    assert cite(said, [memory], "What two forms has memory?").citations
    assert cite(said, [memory]).unsupported
    assert cite(said.replace("two", "250"), [memory], "What 250 forms has memory?").unsupported


def test_not_until_says_when_and_an_aside_denies_nothing():
    engine = Evidence(
        "e", "engine.txt", "text", "The field was not explained until 1864 by Clara Maxwell. The engine (no compound) "
        "takes 4 kg of steam an hour.[not in citation given]", Section("")
    )  # fmt: skip
    assert cite("Clara Maxwell explained the field.", [engine], "Who explained the field?").citations
    assert cite("The engine takes 4 kg of steam an hour.", [engine], "How much steam does the engine take?").citations
    assert cite("The field was not explained by Clara Maxwell.", [engine]).unsupported


def test_what_is_said_of_a_file_by_its_name_is_looked_for_in_that_file_alone():
    evidence = [REPORT, Evidence("d", "notes.txt", "text", "The pump was painted green.", Section(""))]
    assert cite("notes.txt says that the seal was replaced.", evidence).unsupported
    told = cite("report.pdf says that the seal was replaced.", evidence)
    assert [one.source for one in told.citations] == ["report.pdf"]


@pytest.mark.parametrize(
    ("day", "supported"), [("14 March 2024", True), ("14 April 2024", False), ("March the 14th, 2024", True)]
)
def test_across_scripts_a_date_is_a_date_and_not_its_numbers(day, supported):
    assert bool(cite(f"It was serviced on {day}.", [CHINESE]).citations) == supported


def test_a_number_of_another_script_is_no_date_of_it():
    crowd = Evidence("e", "会议.ogg", "audio", "请12个人参加，发布定在6月18日。", Seconds(0, 9))
    assert cite("The launch is on the 12th of June.", [crowd]).unsupported
    assert cite("The launch is on the 18th of June.", [crowd]).citations
