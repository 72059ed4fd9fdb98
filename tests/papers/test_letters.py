"""Official letters: the page by GB/T 9704-2012, the values, and templates that are uploaded."""

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.exchange import scanning
from portal.papers.formats import letter_document, letter_page
from portal.papers.kinds import LetterKind, letter_kinds
from portal.papers.models import LetterTemplate
from portal.papers.services.letters import (
    letter_builtin,
    letter_builtin_use,
    letter_render,
    letter_template_save,
    letter_template_use,
)
from tests.factories.members import make_duty, make_member, make_staff
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.papers.planted import LETTER

VALUES = {
    "number": "示例甲市工监提〔2026〕1号",
    "addressee": "示例公司",
    "title": "关于改正的意见书",
    "facts": "没有签订合同 <w:p> & {{ organization }}",
    "count": 2,
    "demands": [{"text": "签订合同"}, {"text": "补发工资"}],
}


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def chair(city):
    return make_staff(city, name="张示例")


def render(city, signer, **fields):
    asked = {"kind": LETTER, "values": VALUES, "organization": city, "signer": signer, "on": date(2026, 3, 2)}
    return letter_render(**{**asked, **fields})


def words(content):
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs if paragraph.text]


def upload(*texts, name="template.docx", header=""):
    """Return the upload of a .docx with a paragraph for each text."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def test_the_page_is_that_of_the_standard():
    """RV46: A4, upper margin 37, binding edge 28, type area 156 x 225 mm, 22 lines of 28 characters, size 3."""
    document = letter_page()
    section = document.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    assert abs(section.page_width - section.left_margin - section.right_margin - Mm(156)) < Mm(0.1)
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < Mm(0.1)
    style = document.styles["Normal"]
    assert (style.font.size, style.font.name) == (Pt(16), "FangSong")
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    area = section.page_height - section.top_margin - section.bottom_margin
    assert area // style.paragraph_format.line_spacing == 22
    (grid,) = section._sectPr.findall(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    width = Pt(16) + Pt(1) * int(grid.get(qn("w:charSpace"))) / 4096
    assert round(Mm(156) / width, 1) == 28.0


def test_pages_are_numbered_outside():
    """RV49: — 1 —, size 4, odd pages on the right and even ones on the left, one character in."""
    document = letter_page()
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, at, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars"),
    ):
        paragraph = footer.paragraphs[0]
        assert (paragraph.alignment, paragraph.text.replace(" ", "")) == (at, "——")
        assert "PAGE" in paragraph._p.xml
        assert {run.font.size for run in paragraph.runs} == {Pt(14)}
        assert paragraph._p.pPr.ind.get(qn(f"w:{side}")) == "100"


def test_a_letter_has_its_values_in_order(city, chair):
    with translation.override("zh-hans"):
        title = str(Role.CHAIR.label)
    assert words(render(city, chair)) == [
        "示例甲市总工会",
        "示例甲市工监提〔2026〕1号",
        "关于改正的意见书",
        "示例公司：",
        "一、没有签订合同 <w:p> & {{ organization }}",
        "（一）2",
        "签订合同",
        "补发工资",
        "示例甲市总工会",
        f"{title}　张示例",
        "2026年3月2日",
    ]


def test_headings_have_the_faces_of_their_levels():
    document = letter_document(title="a", paragraphs=["一、甲", "（一）乙", "1. 丙"])
    faces = {}
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            faces[run.text] = run._r.rPr.rFonts.get(qn("w:eastAsia"))
    assert [faces[text] for text in ("一、甲", "（一）乙", "1. 丙")] == ["黑体", "楷体", "仿宋"]
    assert faces["a"] == "方正小标宋简体"


def test_the_title_is_that_of_the_nearest_duty(city, chair):
    unit = make_unit(city)
    assert words(render(unit, chair))[-2] == words(render(city, chair))[-2]
    both = make_duty(make_member(city), unit, Role.CADRE).member
    assert words(render(unit, both))[-2] != words(render(unit, chair))[-2]
    assert words(render(city, make_member(city, name="李示例")))[-2] == "　李示例"


def test_a_letter_is_dated_today_and_in_chinese(city, chair):
    assert re.fullmatch(r"20\d\d年[1-9]\d?月[1-9]\d?日", words(render(city, chair, on=None))[-1])


def test_values_are_exactly_those_of_the_kind(city, chair):
    for values in ({}, {**VALUES, "more": 1}):
        with pytest.raises(ValueError):
            render(city, chair, values=values)
    with pytest.raises(TypeError):
        render(city, chair, values={**VALUES, "facts": chair})
    with pytest.raises(LookupError):
        render(city, chair, kind="a.b")


def test_a_kind_keeps_to_its_own_names():
    with pytest.raises(ValueError):
        LetterKind("a.b", "a", letter_page, {"date": "x"})


def test_every_builtin_template_can_be_filled_in(db):
    """Also those that areas declare: with its samples, each gives a document."""
    for kind in letter_kinds():
        assert docx.Document(io.BytesIO(letter_builtin(kind=kind))).paragraphs


def test_an_uploaded_template_is_used_and_versions_are_kept(city, chair):
    keeper = make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)
    first = letter_template_save(actor=keeper, kind=LETTER, upload=upload("甲 {{ title }}"), note="新格式")
    assert words(render(city, chair)) == ["甲 关于改正的意见书"]
    second = letter_template_save(
        actor=keeper, kind=LETTER, upload=upload("乙 {% if count %}{{ date }}{% endif %}", header="{{ signer }}")
    )
    assert words(render(city, chair)) == ["乙 2026年3月2日"]
    assert [first.version, second.version] == [1, 2]
    letter_template_use(actor=keeper, template=first)
    assert words(render(city, chair)) == ["甲 关于改正的意见书"]
    letter_builtin_use(actor=keeper, kind=LETTER)
    assert words(render(city, chair))[0] == "示例甲市总工会"
    assert [row.state for row in LetterTemplate.objects.all()] == ["kept", "kept"]
    entries = AuditEntry.objects.about(first).order_by("pk")
    assert [(entry.action.rpartition(".")[2], entry.to_state) for entry in entries] == [
        ("save", ""),
        ("current", "current"),
        ("kept", "kept"),
        ("current", "current"),
        ("kept", "kept"),
    ]
    with pytest.raises(Conflict):
        letter_builtin_use(actor=keeper, kind=LETTER)


def test_the_version_in_use_is_not_used_again(city, chair):
    row = letter_template_save(actor=chair, kind=LETTER, upload=upload("{{ title }}"))
    with pytest.raises(Conflict):
        letter_template_use(actor=chair, template=row)


@pytest.mark.parametrize(
    ("texts", "code", "named"),
    [
        (["{{ nobody }} {{ title }}"], "template-names", "nobody"),
        (["{% if title %}a{% else %}{{ hidden }}{% endif %}"], "template-names", "hidden"),
        (["{%p for demand in demands %}", "{{ demand.price }}", "{%p endfor %}"], "template-names", "price"),
        (["{{ title"], "template-syntax", ""),
        (["{% if title %}"], "template-syntax", ""),
        (["{{ title.upper() }}"], "template-tags", ""),
        (["{{ 'a' * 1000000000 }}"], "template-tags", ""),
        (["{{ title|upper }}"], "template-tags", ""),
        (["{% for a in range(9) %}{% endfor %}"], "template-tags", ""),
        (["{% set a = 1 %}"], "template-tags", ""),
        (["{{ title.__class__ }}"], "template-tags", ""),
        (
            ["{% for a in demands %}{% for b in demands %}{% for c in demands %}{% endfor %}{% endfor %}{% endfor %}"],
            "template-tags",
            "",
        ),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_refused(city, chair, texts, code, named):
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=upload(*texts))
    assert refusal.value.code == code
    assert named in str(refusal.value)
    assert not LetterTemplate.objects.exists()


def test_tags_outside_the_body_are_checked_too(city, chair):
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=upload("a", header="{{ nobody }}"))
    assert "nobody" in str(refusal.value)
    document = docx.Document()
    document.core_properties.subject = "{{ 'a' * 100 }}"
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=SimpleUploadedFile("a.docx", out.getvalue()))
    assert refusal.value.code == "template-tags"


def changed(content, name, change):
    """Return a .docx in which the part ``name`` is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for member in before.namelist():
            part = before.read(member)
            after.writestr(member, change(part) if member == name else part)
    return out.getvalue()


def test_a_document_with_a_link_to_a_file_is_refused(city, chair):
    rel = (
        b'<Relationship Id="rId99" TargetMode="External" Target="https://example.org/a.png" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
    )
    content = changed(
        upload("{{ title }}").read(),
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relationships>", rel),
    )
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=SimpleUploadedFile("a.docx", content))
    assert refusal.value.code == "template-elsewhere"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF-1.4", "wrong-kind"),
        ("a.doc", b"x", "wrong-kind"),
        ("a.docx", b"PK\x03\x04", "name-and-content"),
    ],
)
def test_another_kind_of_file_is_refused(city, chair, name, content, code):
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=SimpleUploadedFile(name, content))
    assert refusal.value.code == code


def test_a_damaged_document_is_refused(city, chair):
    content = changed(upload("{{ title }}").read(), "word/document.xml", lambda part: part[:100])
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=SimpleUploadedFile("a.docx", content))
    assert refusal.value.code == "template-unreadable"


def test_a_file_that_was_not_scanned_is_refused(city, chair, monkeypatch, settings):
    settings.CLAMD = "/nowhere/clamd.sock"
    assert scanning.is_on()
    with pytest.raises(DomainError) as refusal:
        letter_template_save(actor=chair, kind=LETTER, upload=upload("{{ title }}"))
    assert refusal.value.code == "not-scanned"
    assert not LetterTemplate.objects.exists()


def test_a_template_that_lacks_a_value_of_today_is_named(city, chair, planted_kinds, monkeypatch):
    """The kind lost a value since the template was uploaded: the letter is refused with its name."""
    letter_template_save(actor=chair, kind=LETTER, upload=upload("{{ facts }}"))
    kind = planted_kinds.LETTERS[0]
    samples = {name: value for name, value in kind.samples.items() if name != "facts"}
    monkeypatch.setattr(planted_kinds, "LETTERS", [LetterKind(kind.code, kind.name, kind.build, samples)])
    with pytest.raises(DomainError) as refusal:
        render(city, chair, values={name: VALUES[name] for name in samples})
    assert "facts" in str(refusal.value)


def test_a_template_whose_file_is_gone_is_refused(city, chair):
    row = letter_template_save(actor=chair, kind=LETTER, upload=upload("{{ facts }}"))
    from portal.exchange import storage

    storage.remove(row.file.key)
    with pytest.raises(DomainError):
        render(city, chair)
