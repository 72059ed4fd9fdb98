"""The audit is insert-only, holds no personal value, and is written in the transaction of the action."""

import os

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction

from portal.audit.models import AuditEntry
from portal.audit.services import audit_record
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.choices import IdentityKind
from portal.members.models import Member
from portal.members.services.people import member_create
from portal.members.services.phones import roster_update
from tests.factories.members import identity_number, make_member, make_staff
from tests.factories.organizations import make_organization

CHANGES = [
    "UPDATE audit_auditentry SET note = 'x'",
    "DELETE FROM audit_auditentry",
    "TRUNCATE audit_auditentry",
    "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_auditentry_insert_only ON audit_auditentry",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CHANGES)
def test_the_serving_role_may_not_touch_an_entry(statement):
    entry = audit_record(actor=make_member(), action="test")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get(pk=entry.pk).note == ""


@pytest.mark.parametrize("statement", CHANGES[:3])
def test_the_trigger_stops_the_owner_too(fresh_database, statement):
    entry = audit_record(actor=None, action="test")
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    try:
        with pytest.raises(psycopg2.errors.RaiseException, match="never changed or deleted"), owner.cursor() as cursor:
            cursor.execute(statement)
    finally:
        owner.close()
    assert AuditEntry.objects.get(pk=entry.pk).note == ""


@pytest.mark.django_db
def test_an_entry_goes_with_its_transaction():
    actor = make_member()
    with pytest.raises(DomainError), transaction.atomic():
        audit_record(actor=actor, action="test", about=actor)
        raise DomainError("no")
    assert not AuditEntry.objects.about(actor).exists()


@pytest.mark.django_db
def test_what_was_refused_leaves_no_entry():
    city = make_organization()
    actor = make_staff(city)
    before = AuditEntry.objects.count(), Member.objects.count()
    with pytest.raises(DomainError):
        member_create(
            actor=actor, organization=city, name="示例王", sex=Sex.MALE, identity_kind=IdentityKind.RESIDENT,
            identity_number=identity_number(1),
        )  # fmt: skip
    assert (AuditEntry.objects.count(), Member.objects.count()) == before


@pytest.mark.django_db
def test_entries_hold_names_of_fields_and_no_value():
    city = make_organization()
    actor = make_staff(city)
    number = identity_number(7)
    member = member_create(
        actor=actor, organization=city, name="示例欧阳", sex=Sex.FEMALE, identity_kind=IdentityKind.RESIDENT,
        identity_number=number, phone="12000000123",
    )  # fmt: skip
    roster_update(actor=actor, member=member, version=1, phone="12000000456", name="示例上官")

    created, updated, phone = AuditEntry.objects.about(member).order_by("id")
    assert (created.action, updated.action, phone.action) == ("member.create", "member.update", "member.phone")
    assert {"name", "phone", "identity_number", "birth_date"} <= set(created.fields)
    assert updated.fields == ["name"]
    assert {"phone", "phone_confirmed_at", "phone_index"} <= set(phone.fields)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM audit_auditentry e")
        (text,) = cursor.fetchone()
    found = [
        value for value in ("示例欧阳", "示例上官", number, "1995-03-07", "12000000123", "12000000456") if value in text
    ]
    assert found == []


@pytest.mark.django_db
def test_an_entry_stands_at_the_organisation_of_its_row():
    city, other = make_organization(), make_organization()
    entry = audit_record(actor=None, action="test", about=make_member(city))
    elsewhere = audit_record(actor=None, action="test", about=make_member(other))
    assert entry.organization_path == city.path
    reader = make_staff(city, Role.AUDIT_ADMINISTRATOR)
    assert set(AuditEntry.objects.visible_to(reader)) & {entry, elsewhere} == {entry}
    assert not AuditEntry.objects.visible_to(make_staff(city)).exists()
