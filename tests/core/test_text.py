"""Cleaning of text as people type it, and masks that reveal no more than they should."""

import pytest

from portal.core import text


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("  王　小明 \n", "王 小明"),
        ("１３８", "138"),
        ("a\x00b\x1bc", "abc"),
        ("a\u200b\ufeffb", "a b"),
        ("", ""),
    ],
)
def test_clean_line(written, clean):
    assert text.clean_line(written) == clean


@pytest.mark.parametrize(
    ("written", "clean"),
    [(" 23010219900307123x ", "23010219900307123X"), ("１２０ 0000\u30000001", "12000000001"), ("a\x00b", "AB")],
)
def test_clean_code(written, clean):
    assert text.clean_code(written) == clean


@pytest.mark.parametrize(("written", "key"), [("哈尔滨", "ha er bin"), ("齐齐哈尔", "qi qi ha er"), ("AI组", "ai zu")])
def test_pinyin_key(written, key):
    assert text.pinyin_key(written) == key


def test_pinyin_key_fits_its_column():
    assert len(text.pinyin_key("黑龙江" * 100)) <= 100


@pytest.mark.parametrize(
    ("name", "masked"), [("王小明", "王**"), ("王明", "王*"), ("欧阳小小明", "欧**"), ("", ""), ("王", "王*")]
)
def test_mask_name(name, masked):
    assert text.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13812345678", "138****5678"), ("12345", "*****"), ("", ""), (None, "")]
)
def test_mask_phone(phone, masked):
    assert text.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("110101199003071234", "110***************"), ("1234567", "*******"), ("", ""), (None, "")],
)
def test_mask_identity(number, masked):
    assert text.mask_identity(number) == masked


@pytest.mark.parametrize("value", ["12000000001", "王小明", "x", "", "230102199003071234", 12.5, "a" * 300])
def test_mask_any_hides_the_middle(value):
    masked = text.mask_any(value)
    assert len(masked) <= 16
    if len(str(value)) > 2:
        assert str(value)[3:-1] == "" or str(value)[3:-1] not in masked
    else:
        assert set(masked) <= {"*"}
