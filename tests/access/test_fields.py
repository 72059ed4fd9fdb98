"""Sensitive fields by role: pages, files, history, admin and audit.

Also fields that are in no form.
"""

import contextlib
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.roles import Role
from portal.exchange.models import ExportRun
from portal.exchange.services.exports import export_download, export_request, export_write
from portal.members.choices import MaritalStatus, RevealReason
from portal.members.models import Member
from portal.messaging.services.jobs import job_run
from portal.web.views import UpdateView
from tests.access.world import ask, build, client_of
from tests.factories.matchmaking import make_event, make_participation, make_single
from tests.factories.members import identity_number, make_staff, phone_number
from tests.factories.organizations import make_organization
from tests.layout.addresses import addresses
from tests.layout.objects import Home

pytestmark = pytest.mark.django_db
PHONE, NUMBER, BORN, LINE = phone_number(7788), identity_number(301), "1995-03-07", "周末喜欢看星星"
CLEAR = {"phone": PHONE, "identity_number": NUMBER, "birth_date": BORN}
# The answer by role to a request to see a masked field, with a reason given; written by hand.
REVEALS = {
    Role.CHAIR: 200,
    Role.CADRE: 200,
    Role.REVIEWER: 403,
    Role.MATCHMAKING_OFFICER: 403,
    Role.EDITOR: 404,
    Role.SYSTEM_ADMINISTRATOR: 403,
    Role.SECURITY_ADMINISTRATOR: 403,
    Role.AUDIT_ADMINISTRATOR: 404,
}
# Roles that may export lists of people; the others are refused or find no such page.
EXPORTS = {Role.CHAIR, Role.CADRE}


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def person(city):
    """A person with every sensitive field filled in, who takes part in an event of their city."""
    return make_single(
        city,
        phone=PHONE,
        identity_kind="resident",
        identity_number=NUMBER,
        marital_status=MaritalStatus.SINGLE,
        password="!canary-hash",
    )


def secrets_of(person):
    """Return what no page shows in clear to anyone: values, blind indexes, the sign-in key."""
    kept = (person.phone_index, person.identity_index, person.login_key, "!canary-hash")
    return [*CLEAR.values(), *(value for value in kept if value)]


def pages_about(person, event):
    rows = [
        ("members:member-list", []),
        ("members:member-detail", [person.pk]),
        ("members:member-update", [person.pk]),
        ("members:member-phone", [person.pk]),
        ("matchmaking:event-detail", [event.pk]),
        ("matchmaking:event-participants", [event.pk]),
        ("matchmaking:event-pairs", [event.pk]),
        ("matchmaking:event-poster", [event.pk]),
        ("audit:entry-list", []),
        ("admin:members_member_changelist", []),
        ("admin:members_member_change", [person.pk]),
        ("admin:members_member_history", [person.pk]),
        ("admin:audit_auditentry_changelist", []),
    ]
    return [reverse(name, args=arguments) for name, arguments in rows]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_a_sensitive_field_in_clear(city, person, role):
    event = make_event(city)
    make_participation(event, person, line=LINE)
    client = client_of(make_staff(city, role))
    client.post(reverse("members:member-find"), {"term": PHONE})
    shown = []
    for path in pages_about(person, event):
        for headers in ({}, {"HX-Request": "true"}):
            words = client.get(path, headers=headers).content.decode()
            shown += [(path, secret) for secret in secrets_of(person) if secret in words]
    assert shown == []


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("field", CLEAR)
def test_a_masked_field_is_shown_to_whom_the_table_lets_and_for_a_reason(city, person, role, field):
    client = client_of(make_staff(city, role))
    path = reverse("members:member-reveal", args=[person.pk, field])
    answer = client.post(path, {"reason": RevealReason.values[0], "note": "核对名册"})
    assert answer.status_code == REVEALS[role]
    words = answer.content.decode()
    assert [name for name, value in CLEAR.items() if value in words and name != field] == []
    assert (field == "birth_date" or CLEAR[field] in words) == (REVEALS[role] == 200 or field == "birth_date")


def test_other_columns_are_not_shown_by_their_name(city, person):
    client = client_of(make_staff(city))
    for column in ("password", "login_key", "phone_index", "session_key", "name", "x"):
        path = f"/members/{person.pk}/reveal/{column}/"
        assert client.get(path).status_code == 404, column


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("role", list(Role))
def test_a_file_holds_no_sensitive_field_in_clear(city, person, role, file_format):
    actor = Member.objects.get(pk=make_staff(city, role).pk)
    asked = {"address": "/members/", "here": None, "file_format": file_format, "reason": "年报"}
    if role not in EXPORTS:
        with pytest.raises(PermissionDenied):
            export_request(actor=actor, **asked)
        return
    run = export_request(actor=actor, **asked)
    job_run(job_id=run.job_id, work=export_write)
    response = export_download(run=ExportRun.objects.for_list().get(pk=run.pk), actor=actor)
    with contextlib.closing(response.file_to_stream):
        content = b"".join(response.streaming_content)
    if file_format == "xlsx":
        sheets = load_workbook(io.BytesIO(content)).worksheets
        words = " ".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    else:
        words = content.decode("utf-8-sig")
    assert person.name in words
    assert [secret for secret in secrets_of(person) if secret in words] == []


# Forms about one row that are accepted when they are sent back unchanged.
GO_THROUGH = {"members:member-update", "notices:notice-update", "organizations:organization-update"}


def test_a_field_that_is_in_no_form_changes_nothing():
    city = make_organization()
    home = Home(city=city, chair=make_staff(city))
    odd, through = [], set()
    for address in addresses():
        view = address.view_class
        if view is None or not issubclass(view, UpdateView) or address.is_admin:
            continue
        asked = build(address, home)
        client, path = client_of(asked.person), asked.path(address)
        _cell, _written, page = ask(client, "GET", path)
        form = page.context_data["form"]
        sent = {name: form[name].value() for name in form.fields}
        sent = {name: "" if value is None else value for name, value in sent.items() if not isinstance(value, list)}
        fields = [field for field in view.model._meta.concrete_fields if field.name not in form.fields]
        extra = {field.name: "1" for field in fields} | {field.attname: "1" for field in fields}
        rows = view.model.objects.filter(pk=asked.arguments["pk"])
        before = rows.values().get()
        if client.post(path, {**sent, **extra}).status_code == 302:
            through.add(address.name)
        after = rows.values().get()
        kept = [field for field in fields if not isinstance(field, models.DateTimeField) and field.name != "version"]
        odd += [(address.name, field.name) for field in kept if before[field.attname] != after[field.attname]]
    assert odd == []
    assert through >= GO_THROUGH
