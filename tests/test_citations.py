"""Which sentence is supported by what."""

import pytest

from assistant.citations import cite, coverage, drop_made_up_numbers
from assistant.evidence import Box, Evidence, Page, Place, Region, Seconds

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
    receipt = Evidence("b", "r.png", "image", RECEIPT.content, Region(), (Place(start, len(RECEIPT.content), line),))
    assert cite("The total was 593.10.", [receipt]).citations[0].location == line
    spoken = Evidence(
        "d", "call.wav", "audio", "Hello everyone.\nThe price is 40 euros.", Seconds(0, 9),
        (Place(0, 15, Seconds(0, 2.5)), Place(16, 38, Seconds(2.5, 6))),
    )  # fmt: skip
    assert cite("The price is 40 euros.", [spoken]).citations[0].location == Seconds(2.5, 6)


def test_coverage_tells_how_much_of_a_question_the_evidence_speaks_of():
    assert coverage("What was the total?", RECEIPT.content) == 1
    assert coverage("Who sold the pump?", REPORT.content) == 0.5
    assert coverage("What is the capital of Australia?", REPORT.content) == 0
