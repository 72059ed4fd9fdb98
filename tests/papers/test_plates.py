"""Plates: the sheet to print, and the QR code by its size (NV34 to NV38)."""

import io
import re
import struct

import docx
import pytest
import segno
from django.template import Context, Template
from django.utils import timezone
from docx.shared import Mm

from portal.core.errors import DomainError
from portal.organizations.services.employers import employer_create
from portal.papers.qr import DOTS, QUIET, qr_of, qr_png, qr_svg, with_margin_mm
from portal.papers.report import check_address, plate_render
from portal.papers.services.certificates import certificate_issue
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization
from tests.papers.planted import PLATE

ADDRESS = "https://portal.example.org/c/K3DF79MQ2R/"


@pytest.fixture
def certificate(db):
    city = make_organization(name="示例甲市总工会")
    staff = make_staff(city)
    row = employer_create(actor=staff, organization=city, name="示例公司 <三楼>")
    return certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=timezone.localdate())


def test_the_code_is_read_at_one_metre():
    code = qr_of(ADDRESS)
    modules = code.symbol_size(border=0)[0]
    assert (code.error, modules) == ("Q", 17 + 4 * code.version)
    assert with_margin_mm(code, 100) == pytest.approx(100 * (modules + 8) / modules)
    # One module is 3 mm wide: far more than the half millimetre that a phone needs at arm's length.
    assert 100 / modules > 3


def test_the_picture_has_a_margin_of_four_modules():
    width = struct.unpack(">I", qr_png(ADDRESS)[16:20])[0]
    assert width == (qr_of(ADDRESS).symbol_size(border=0)[0] + 2 * QUIET) * DOTS
    assert QUIET == 4


def test_the_picture_of_a_page_has_its_size_on_paper():
    code = qr_of(ADDRESS)
    picture = qr_svg(ADDRESS, width_mm=100)
    width = float(re.search(r'width="([0-9.]+)mm"', picture)[1])
    assert width == pytest.approx(with_margin_mm(code, 100), abs=0.1)
    assert picture.startswith("<svg")


def test_the_address_is_short_and_has_no_question_mark(certificate, settings):
    settings.SITE_URL = "https://portal.example.org/"
    address = check_address(certificate)
    assert address == f"https://portal.example.org/c/{certificate.code}/"
    assert len(address) == len(ADDRESS)


def test_a_portal_in_use_prints_https_alone(certificate, settings):
    settings.ALLOW_DEMO_PEOPLE, settings.SITE_URL = False, "http://10.0.0.1"
    with pytest.raises(DomainError) as refusal:
        plate_render(certificate)
    assert refusal.value.code == "no-https"
    settings.SITE_URL = "https://portal.example.org"
    assert plate_render(certificate)


def test_a_plate_is_one_sheet_with_all_that_is_on_it(certificate):
    document = docx.Document(io.BytesIO(plate_render(certificate, lines=["9:00-17:00", "请脱鞋"])))
    section = document.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    texts = [paragraph.text for paragraph in document.paragraphs]
    for words in (
        "示例甲市总工会",
        "示例公司 <三楼>",
        "9:00-17:00",
        "请脱鞋",
        certificate.number,
        certificate.shown_code,
    ):
        assert words in texts
    (picture,) = document.inline_shapes
    address = check_address(certificate)
    assert abs(picture.width - Mm(with_margin_mm(qr_of(address), 100))) < Mm(1)
    blob = next(rel.target_part.blob for rel in document.part.rels.values() if "image" in rel.reltype)
    assert blob == qr_png(address)
    day = certificate.issued_on
    assert any(f"{day.year}年{day.month}月{day.day}日" in text for text in texts)


def test_the_component_shows_the_same(certificate):
    text = Template("{% load papers_ui %}{% plate certificate lines %}").render(
        Context({"certificate": certificate, "lines": ["9:00-17:00"]})
    )
    for words in (
        "示例公司 &lt;三楼&gt;",
        "9:00-17:00",
        certificate.number,
        certificate.shown_code,
        "<svg",
    ):
        assert words in text
    assert "<script" not in text


def test_the_code_holds_the_address():
    """Control: another address makes another code."""
    same = segno.make_qr(ADDRESS, error="q", boost_error=False)
    assert list(qr_of(ADDRESS).matrix) == list(same.matrix)
    assert list(qr_of(ADDRESS).matrix) != list(qr_of(ADDRESS[:-2] + "3/").matrix)
