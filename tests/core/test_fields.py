"""Encrypted columns on a real row."""

import pytest
from django.db import connection

from portal.core import crypto
from portal.core.fields import Sealed, reserve_pks
from portal.members.models import Member
from tests.factories.members import make_member
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db

PHONE = "12000000001"


def stored(member, column="phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM members_member WHERE id = %s", [member.pk])
        return bytes(cursor.fetchone()[0])


def test_a_value_is_read_back_and_lies_encrypted():
    member = make_member(phone=PHONE)
    assert Member.objects.get(pk=member.pk).phone == PHONE
    assert PHONE.encode() not in stored(member)


def test_a_value_copied_to_another_row_does_not_open():
    one, other = make_member(phone=PHONE), make_member(phone="12000000002")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET phone = %s WHERE id = %s", [stored(one), other.pk])
    with pytest.raises(crypto.WrongKey):
        _ = Member.objects.get(pk=other.pk).phone


def test_a_value_copied_to_another_column_does_not_open():
    member = make_member(phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET identity_number = phone WHERE id = %s", [member.pk])
    with pytest.raises(crypto.WrongKey):
        _ = Member.objects.get(pk=member.pk).identity_number


def test_an_unchanged_value_keeps_its_ciphertext():
    member = Member.objects.get(pk=make_member(phone=PHONE).pk)
    before = stored(member)
    assert member.phone == PHONE
    member.save()
    assert stored(member) == before
    member.phone = "12000000002"
    member.save()
    assert stored(member) != before
    assert Member.objects.get(pk=member.pk).phone == "12000000002"


def test_a_new_key_writes_and_the_old_one_still_reads(settings):
    member = make_member(phone=PHONE)
    settings.FIELD_KEYS += ",later:" + "33" * 16
    newer = make_member(phone="12000000002")
    assert stored(newer)[1:6] == b"later"
    assert [Member.objects.get(pk=row.pk).phone for row in (member, newer)] == [PHONE, "12000000002"]


def test_a_row_without_pk_is_refused():
    member = Member(organization=make_organization(), name="示例", sex="female", phone=PHONE)
    with pytest.raises(ValueError, match="reserve_pks"):
        member.save()


def test_a_value_cannot_be_looked_up():
    with pytest.raises(TypeError):
        Member.objects.filter(phone=PHONE).exists()


def test_a_sealed_value_shows_nothing():
    member = make_member(phone=PHONE)
    (value,) = Member.objects.filter(pk=member.pk).values_list("phone", flat=True)
    assert isinstance(value, Sealed)
    assert [str(value), repr(value)] == ["•••", "•••"]


def test_nothing_is_stored_for_none():
    member = make_member()
    assert Member.objects.get(pk=member.pk).phone is None
    assert Member.objects.filter(pk=member.pk, phone__isnull=True).exists()


def test_reserve_pks_draws_each_number_once():
    first, second = reserve_pks(Member, 3), reserve_pks(Member, 2)
    assert len({*first, *second}) == 5
    assert make_member().pk > max(second)
