"""Pages of notices: who may open which, and how many queries they make."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.roles import Role
from portal.exchange.choices import FileKind
from portal.exchange.services.files import file_store
from portal.notices.choices import Audience, NoticeState
from portal.notices.models import Notice, NoticeFile, NoticeRead
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PRIVATE_STORAGE_DIR = tmp_path


@pytest.fixture
def city():
    return make_organization()


def attach(notice):
    stored = file_store(
        actor=notice.created_by, name="a.pdf", chunks=[b"%PDF-"], kind=FileKind.DOCUMENT, content_type="application/pdf"
    )
    return NoticeFile.objects.create(notice=notice, file=stored)


def test_a_notice_is_written_and_approved_on_the_desk(client, city):
    cadre, chair = make_staff(city, Role.CADRE), make_staff(city)
    sign_in(client, cadre)
    data = {
        "organization": city.pk,
        "audience": "members",
        "title": "停水通知",
        "body": "一\r\n\r\n二 https://example.org",
    }
    response = client.post(reverse("notices:notice-create"), data)
    notice = Notice.objects.get()
    assert (response.status_code, response.url) == (302, notice.get_absolute_url())
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7")
    assert client.post(reverse("notices:notice-attach", args=[notice.pk]), {"file": upload}).status_code == 302
    edit = reverse("notices:notice-update", args=[notice.pk])
    assert client.get(edit).status_code == 200
    changed = {**data, "target": city.pk, "version": 1, "levels": ["3", "5"]}
    assert client.post(edit, changed).status_code == 302
    assert client.post(reverse("notices:notice-submit", args=[notice.pk])).status_code == 302
    sign_in(client, chair)
    assert "停水通知" in client.get(reverse("home")).content.decode()
    assert client.post(reverse("notices:notice-approve", args=[notice.pk])).status_code == 302
    assert client.get(reverse("notices:notice-publish", args=[notice.pk])).status_code == 200
    assert client.post(reverse("notices:notice-publish", args=[notice.pk])).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.levels) == (NoticeState.PUBLISHED, [3, 5])
    member = make_member(make_unit(city))
    sign_in(client, member)
    page = client.get(notice.get_reader_url()).content.decode()
    assert '<a href="https://example.org"' in page
    assert "停水通知" in client.get(reverse("home")).content.decode()
    assert client.post(reverse("notices:posted-confirm", args=[notice.pk])).status_code == 302
    assert NoticeRead.objects.get().member == member


def test_markup_in_a_notice_is_words(client, city):
    notice = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.PUBLIC, body="<script>x</script>")
    page = client.get(notice.get_reader_url()).content.decode()
    assert "&lt;script&gt;x" in page


def test_visitors_read_public_notices_alone(client, city):
    public = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.PUBLIC, title="公开的")
    inner = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.MEMBERS, title="内部的")
    page = client.get(reverse("home")).content.decode()
    assert ("公开的" in page, "内部的" in page) == (True, False)
    page = client.get(reverse("notices:posted-list")).content.decode()
    assert ("公开的" in page, "内部的" in page) == (True, False)
    assert client.get(public.get_reader_url()).status_code == 200
    open_file, closed_file = attach(public), attach(inner)
    response = client.get(open_file.get_absolute_url())
    assert (response.status_code, response["Content-Disposition"]) == (200, 'attachment; filename="a.pdf"')
    assert b"".join(response.streaming_content) == b"%PDF-"
    for path in (
        inner.get_reader_url(),
        closed_file.get_absolute_url(),
        reverse("notices:posted-detail", args=[10**9]),
    ):
        response = client.get(path)
        assert (response.status_code, response.url.startswith("/sign-in/")) == (302, True)


def test_another_city_s_member_finds_nothing(client, city):
    notice = make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.MEMBERS)
    row = attach(notice)
    sign_in(client, make_member(make_unit()))
    assert client.get(notice.get_reader_url()).status_code == 404
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(reverse("notices:posted-confirm", args=[notice.pk])).status_code == 404
    assert not NoticeRead.objects.exists()


RIGHTS = {
    "notice-detail": {Role.CADRE: 200, Role.REVIEWER: 200, Role.EDITOR: 200, Role.MATCHMAKING_OFFICER: 404},
    "notice-update": {Role.CADRE: 200, Role.REVIEWER: 403, Role.EDITOR: 200, Role.MATCHMAKING_OFFICER: 404},
    "notice-submit": {Role.CADRE: 200, Role.REVIEWER: 403, Role.EDITOR: 200, Role.MATCHMAKING_OFFICER: 404},
    "notice-approve": {Role.CADRE: 403, Role.REVIEWER: 200, Role.EDITOR: 403, Role.MATCHMAKING_OFFICER: 404},
    "notice-return": {Role.CADRE: 403, Role.REVIEWER: 200, Role.EDITOR: 403, Role.MATCHMAKING_OFFICER: 404},
    "notice-withdraw": {Role.CADRE: 200, Role.REVIEWER: 403, Role.EDITOR: 200, Role.MATCHMAKING_OFFICER: 404},
}


@pytest.mark.parametrize("page", RIGHTS)
def test_who_opens_which_page(client, city, page):
    notice = make_notice(city)
    path = reverse(f"notices:{page}", args=[notice.pk])
    found = {role: sign_in(client, make_staff(city, role)).get(path).status_code for role in RIGHTS[page]}
    assert found == RIGHTS[page]
    assert sign_in(client, make_staff(make_organization())).get(path).status_code == 404
    assert sign_in(client, make_member(make_unit(city))).get(path).status_code == 404


def test_a_reviewer_does_not_approve_her_own(client, city):
    reviewer = make_staff(city)
    notice = make_notice(city, created_by=reviewer, state=NoticeState.SUBMITTED)
    sign_in(client, reviewer)
    assert client.post(reverse("notices:notice-approve", args=[notice.pk])).status_code == 403
    assert Notice.objects.get().state == NoticeState.SUBMITTED


@pytest.mark.parametrize(("page", "most"), [("home", 25), ("notices:posted-list", 15), ("notices:notice-list", 15)])
def test_queries_do_not_grow_with_rows(client, city, page, most):
    chair = make_staff(city)
    sign_in(client, chair)
    for _number in range(3):
        make_notice(city, state=NoticeState.PUBLISHED)
        make_notice(city, state=NoticeState.SUBMITTED)
    few = queries_of(client, reverse(page))
    for _number in range(4):
        make_notice(city, state=NoticeState.PUBLISHED)
        make_notice(city, state=NoticeState.SUBMITTED)
    assert queries_of(client, reverse(page)) == few <= most


def test_the_level_above_edits_a_notice_in_its_own_place(client, city):
    notice = make_notice(city)
    sign_in(client, make_staff(make_province()))
    data = {"target": city.pk, "audience": "staff", "title": "新标题", "body": "正文", "version": 1}
    assert client.post(reverse("notices:notice-update", args=[notice.pk]), data).status_code == 302
    outside = {**data, "target": make_organization().pk, "version": 2}
    assert client.post(reverse("notices:notice-update", args=[notice.pk]), outside).status_code == 422
    notice.refresh_from_db()
    assert (notice.title, notice.target) == ("新标题", city)


@pytest.mark.parametrize(("page", "most"), [("home", 13), ("notices:posted-list", 10)])
def test_member_pages_ask_little(client, city, page, most):
    sign_in(client, make_member(make_unit(city)))
    for _number in range(3):
        make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.MEMBERS)
    few = queries_of(client, reverse(page))
    for _number in range(4):
        make_notice(city, state=NoticeState.PUBLISHED, audience=Audience.MEMBERS)
    assert queries_of(client, reverse(page)) == few <= most
