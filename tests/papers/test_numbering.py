"""The written form of document numbers, by the vectors of GB/T 9704 (RV47)."""

import pytest

from portal.core.errors import DomainError
from portal.papers.numbering import Number, agency_part, number_read, number_write


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("黑工监提〔2026〕1号", Number("黑工监提", 2026, 1)),
        ("黑工监提〔2026〕10号", Number("黑工监提", 2026, 10)),
        ("示例甲市工监提〔2025〕1234号", Number("示例甲市工监提", 2025, 1234)),
    ],
)
def test_a_number_by_the_standard_is_read_and_written(text, parts):
    assert number_read(text) == parts
    assert number_write(*parts) == text


@pytest.mark.parametrize(
    "text",
    [
        "黑工监提[2026]1号",
        "黑工监提（2026）1号",
        "黑工监提(2026)1号",
        "黑工监提【2026】1号",
        "黑工监提〔26〕1号",
        "黑工监提〔2026〕第1号",
        "黑工监提〔2026〕01号",
        "黑工监提〔2026〕001号",
        "黑工监提〔2026〕0号",
        "黑工监提〔2026〕1",
        "黑工监提〔2026〕１号",
        "黑工监提〔２０２６〕1号",
        "黑工监提〔2026〕-1号",
        "黑工监提〔2026〕一号",
        "黑工监提〔2026〕1号\n",
        " 黑工监提〔2026〕1号",
        "〔2026〕1号",
        "HGJT〔2026〕1号",
        "黑工监提〔0026〕1号",
        "",
    ],
)
def test_any_other_form_is_refused(text):
    with pytest.raises(DomainError) as refusal:
        number_read(text)
    assert refusal.value.code == "number"


def test_what_cannot_be_read_is_not_written():
    for parts in (("黑工监提", 2026, 0), ("黑工监提", 26, 1), ("A", 2026, 1)):
        with pytest.raises(DomainError):
            number_write(*parts)


@pytest.mark.parametrize(
    ("names", "number", "part"),
    [
        (["示例甲市总工会"], None, "示例甲市工"),
        (["示例省总工会", "示例甲市总工会"], None, "示例省示例甲市工"),
        (["示例（1）厂工会委员会"], None, "示例厂工"),
        (["示例第一机械制造公司工会"], 1203, "示例第一机械一二零三工"),
        (["工会"], None, "工会工"),
        (["ACME"], None, "工"),
    ],
)
def test_the_beginning_of_a_word_comes_from_names(names, number, part):
    assert agency_part(names, number) == part
