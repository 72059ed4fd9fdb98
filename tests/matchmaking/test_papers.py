"""Documents of an event: the content of report, poster and sign-in sheet.

A template gets only plain values.
"""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from jinja2.exceptions import SecurityError, UndefinedError

from matchmaking import report
from matchmaking.choices.events import EventState
from matchmaking.models import Pair
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.exchange.documents import document_clean, docx_render
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_library import make_cost, make_partner, make_theme, make_venue
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db


def words_of(content):
    """Return the texts of a .docx: paragraphs, and the cells of its tables row by row."""
    document = Document(io.BytesIO(content))
    cells = [tuple(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs], cells, document


def held_event():
    city = make_organization(name="示例甲市总工会")
    event = make_event(city, title="书香 & <相约>", summary="带一本书", theme=make_theme(name="读书会"), mode="offline")
    her = make_participation(event, make_single(make_unit(city), name="示例孙丁"))
    him = make_participation(event, make_single(make_unit(city), Sex.MALE))
    Pair.objects.create(event=event, one=her, two=him, held_on=timezone.localdate())
    make_partner(event, name="示例电视台", contribution="主持")
    make_cost(event, planned=100, spent=88)
    return put_event(event, EventState.CLOSED), her


def test_the_report_is_made_of_the_rows():
    event, her = held_event()
    paragraphs, cells, _document = words_of(report.event_document(event))
    found = dict(cells)
    assert paragraphs[0] == "书香 & <相约>"
    assert (found["主办单位"], found["主题"]) == ("示例甲市总工会", "读书会")
    assert [found[name] for name in ("已确认的参加者", "男", "女", "牵手对", "牵手率")] == [
        "2",
        "1",
        "1",
        "1",
        "100.0 %",
    ]
    assert (found["预算（元）"], found["支出（元）"]) == ("100.00", "88.00")
    assert "示例电视台 · 媒体 · 主持" in paragraphs
    text = "\n".join([*paragraphs, *(cell for row in cells for cell in row)])
    assert (her.member.name in text, her.member.organization.name in text, "{" in text) == (False, False, False)


def test_a_report_before_the_reveal_has_no_pairs():
    event = make_event()
    _paragraphs, cells, _document = words_of(report.event_document(event))
    assert not [row for row in cells if row[0] in ("牵手对", "牵手率")]


def test_the_poster_has_the_link_as_a_code():
    city = make_organization()
    event = make_event(city, venue=make_venue(city, name="示例文化宫"), title="雪夜")
    paragraphs, _cells, document = words_of(report.poster_document(event, "https://portal.example/meet/x/"))
    assert ("雪夜" in paragraphs, "示例文化宫" in paragraphs, "https://portal.example/meet/x/" in paragraphs) == (
        True,
        True,
        True,
    )
    pictures = [part for part in document.part.package.iter_parts() if part.content_type == "image/png"]
    assert len(pictures) == 1


class Upload(io.BytesIO):
    name = "report.docx"

    @property
    def size(self):
        return len(self.getvalue())


def test_documents_pass_the_portal_s_own_look_at_attachments():
    name, _content, kind = document_clean(Upload(report.event_document(make_event())))
    assert (name, kind.endswith("wordprocessingml.document")) == ("report.docx", True)


def template(text):
    def build():
        document = Document()
        document.add_paragraph(text)
        return document

    return build


def test_a_value_is_text_and_never_a_tag():
    paragraphs, _cells, _document = words_of(docx_render(template("{{ a }}"), {"a": "{{ 7 * 7 }} <b>&"}))
    assert paragraphs == ["{{ 7 * 7 }} <b>&"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ b }}", UndefinedError),
        ("{{ a.__class__.__mro__ }}", SecurityError),
        ("{{ ''.__class__.__base__.__subclasses__() }}", SecurityError),
    ],
)
def test_a_template_reaches_nothing_but_its_values(text, error):
    with pytest.raises(error):
        docx_render(template(text), {"a": "x"})


@pytest.mark.parametrize("value", [object(), {"a": [object()]}, print])
def test_only_plain_values_go_in(value):
    with pytest.raises(TypeError):
        docx_render(template("{{ a }}"), {"a": value})


def test_the_sheet_is_by_number_shortened_and_written_down(client):
    event = make_event()
    rows = [make_participation(event, make_single(event.organization, name="示例李四")) for _number in range(2)]
    make_participation(event, state=SignUpState.WAITLISTED)
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-sheet", args=[event.pk])
    page = client.get(address).content.decode()
    assert (rows[0].number in page, "示**" in page, "示例李四" in page) == (True, True, False)
    assert not AuditEntry.objects.filter(action="event.sheet").exists()
    book = openpyxl.load_workbook(io.BytesIO(client.post(address).content))
    sheet = book.worksheets[1]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_col=2)] == [
        [row.number, "示**"] for row in rows
    ]
    assert AuditEntry.objects.filter(action="event.sheet").get().data == {"rows": 2}


def test_papers_are_for_whoever_edits(client):
    event = make_event()
    for page, kind in (("document", "wordprocessingml"), ("poster-file", "wordprocessingml"), ("qr", "svg")):
        address = reverse(f"matchmaking:event-{page}", args=[event.pk])
        answer = sign_in(client, event.created_by).get(address)
        assert (answer.status_code, kind in answer.headers["Content-Type"]) == (200, True)
        assert sign_in(client, make_staff(make_organization())).get(address).status_code == 404
