"""Creating and changing people."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.members.backends import login_key_of_phone
from portal.members.choices import IdentityKind
from portal.members.identity import birth_date_of
from portal.members.models import Member, PhoneChange
from portal.members.services.passwords import password_set
from portal.members.services.people import member_create, member_update
from portal.members.services.phones import phone_changes_keep_time, roster_update
from tests.factories.members import identity_number, make_entry, make_member, make_staff, phone_number
from tests.factories.organizations import make_organization
from tests.threads import at_once

NUMBER = identity_number(11)


def create(city, **fields):
    fields = {
        "name": "示例欧阳", "sex": Sex.FEMALE,
        "identity_kind": IdentityKind.RESIDENT, "identity_number": NUMBER, **fields,
    }  # fmt: skip
    return member_create(actor=None, organization=city, **fields)


def refused(city, **fields):
    before = Member.objects.count(), AuditEntry.objects.count()
    with pytest.raises(DomainError) as refusal:
        create(city, **fields)
    assert (Member.objects.count(), AuditEntry.objects.count()) == before
    return refusal.value.code


@pytest.mark.django_db
def test_a_person_is_written_down_with_what_her_number_says():
    member = Member.objects.get(pk=create(make_organization(), phone="+86 120 0000 0007").pk)
    assert (member.identity_number, member.phone) == (NUMBER, phone_number(7))
    assert (str(birth_date_of(member)), member.birth_year, member.pinyin) == ("1995-03-07", 1995, "shi li ou yang")
    assert (member.login_key, member.activated_at, member.has_usable_password()) == (None, None, False)
    assert str(member) == f"Member {member.pk}"


@pytest.mark.django_db
def test_number_and_phone_lie_encrypted():
    member = create(make_organization(), phone=phone_number(7))
    with connection.cursor() as cursor:
        cursor.execute("SELECT m::text FROM members_member m WHERE id = %s", [member.pk])
        (text,) = cursor.fetchone()
    for value in (NUMBER, phone_number(7), "1995-03-07"):
        assert value not in text
        assert value.encode().hex() not in text


@pytest.mark.django_db
def test_the_same_number_is_one_person():
    create(make_organization())
    assert refused(make_organization()) == "known"


@pytest.mark.django_db
def test_a_passport_of_the_same_digits_is_another_document():
    city = make_organization()
    create(city, identity_kind=IdentityKind.PASSPORT, identity_number="E12345678")
    create(city, identity_kind=IdentityKind.PERMIT, identity_number="E12345678")
    assert refused(city, identity_kind=IdentityKind.PASSPORT, identity_number="E12345678") == "known"


@pytest.mark.django_db
def test_people_without_document_or_phone_may_be_many():
    city = make_organization()
    for _number in range(2):
        create(city, identity_kind=IdentityKind.NONE, identity_number="")
    assert city.members.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sex": Sex.MALE}, "sex"),
        ({"identity_number": NUMBER[:-1]}, "identity-shape"),
        ({"identity_number": ""}, "identity-shape"),
        ({"phone": "12345"}, "phone"),
    ],
)
def test_bad_data_is_refused_and_nothing_is_written(fields, code):
    assert refused(make_organization(), **fields) == code


def test_the_database_keeps_a_person_single_and_its_error_holds_no_number(fresh_database):
    city = make_organization()
    answers = at_once(lambda _number: create(city), range(6))
    assert Member.objects.filter(name="示例欧阳").count() == 1
    assert sum(isinstance(answer, Member) for answer in answers) == 1
    for answer in answers:
        if not isinstance(answer, Member):
            assert isinstance(answer, DomainError | IntegrityError)
            assert NUMBER not in str(answer)


@pytest.mark.django_db
def test_login_keys_are_unique_and_need_activation():
    first = make_member()
    entry = make_entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=entry.pk).update(login_key=first.login_key, activated_at=first.activated_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=entry.pk).update(login_key="x")


@pytest.mark.django_db
def test_a_roster_writes_the_phone_of_an_entry_and_proposes_that_of_an_account():
    city = make_organization()
    cadre = make_staff(city, Role.CADRE)
    entry = make_entry(city, phone=phone_number(1))
    account = make_member(city, phone=phone_number(2), login_key=login_key_of_phone(phone_number(2)))

    row = roster_update(actor=cadre, member=entry, version=1, phone=phone_number(3))
    assert (row.phone, row.login_key, row.phone_confirmed_at) == (phone_number(3), None, None)
    row = roster_update(actor=cadre, member=account, version=1, phone=phone_number(4))
    row = Member.objects.get(pk=row.pk)
    assert (row.phone, row.login_key) == (phone_number(2), login_key_of_phone(phone_number(2)))
    assert PhoneChange.objects.get().phone == phone_number(4)


@pytest.mark.django_db
def test_staff_keep_their_login_name_when_the_phone_changes():
    staff = password_set(
        actor=None, member=make_staff(phone=phone_number(1)), login_name="shili", password="Zhuyi-Anquan-2026"
    )
    roster_update(actor=make_staff(staff.organization), member=staff, version=1, phone=phone_number(2))
    PhoneChange.objects.update(due_at=timezone.now())
    phone_changes_keep_time()
    row = Member.objects.get(pk=staff.pk)
    assert (row.phone, row.login_key, row.duties) == (phone_number(2), staff.login_key, [])


@pytest.mark.django_db
def test_who_edits_a_roster_does_not_change_the_phone_of_staff():
    city = make_organization()
    staff = make_staff(city, Role.REVIEWER, phone=phone_number(1))
    for actor in (make_staff(city, Role.CADRE), staff):
        with pytest.raises(DomainError) as refusal:
            roster_update(actor=actor, member=staff, version=1, phone=phone_number(2))
        assert refusal.value.code == "not-yours"
        assert Member.objects.get(pk=staff.pk).phone == phone_number(1)
    roster_update(actor=make_staff(city), member=staff, version=1, phone=phone_number(2))
    assert (Member.objects.get(pk=staff.pk).phone, PhoneChange.objects.count()) == (phone_number(1), 1)


@pytest.mark.django_db
def test_an_edit_on_an_old_copy_is_a_conflict():
    member = make_member(name="示例甲")
    member_update(actor=None, member=member, version=1, name="示例乙")
    with pytest.raises(Conflict) as refusal:
        member_update(actor=None, member=member, version=1, name="示例丙")
    assert refusal.value.status == 409
    row = Member.objects.get(pk=member.pk)
    assert (row.name, row.pinyin, row.version) == ("示例乙", "shi li yi", 2)


@pytest.mark.django_db
def test_an_edit_that_changes_nothing_leaves_no_entry():
    member = make_member(phone=phone_number(1))
    roster_update(actor=None, member=member, version=1, phone=phone_number(1), name=member.name)
    assert not AuditEntry.objects.about(member).exists()
