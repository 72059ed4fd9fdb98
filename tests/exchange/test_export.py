"""Cells of exported files cannot run anything."""

import datetime

import pytest

from portal.exchange.export import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_formula_becomes_text(start):
    assert safe_cell(f"{start}cmd()") == f"'{start}cmd()"


def test_a_nul_in_front_hides_no_formula():
    assert safe_cell("\x00=cmd()") == "'=cmd()"


def test_blanks_in_front_hide_no_formula():
    assert safe_cell("  =cmd()") == "'  =cmd()"


@pytest.mark.parametrize("value", [None, 5, -5, 1.5, True, datetime.date(2026, 1, 2), "王小明", "12000000001", ""])
def test_ordinary_values_stay(value):
    assert safe_cell(value) == value


def test_what_xml_forbids_is_left_out():
    assert safe_cell("a\x01b\x0bc\ud800") == "abc?"
