"""Rotation of keys while the portal is in use.

Old values can be read and are encrypted anew, and concurrent changes are kept.
"""

import os
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.core import crypto, rotation
from portal.members.models import Member
from tests.core.test_fields import stored
from tests.factories.members import make_member

OLD = "11" * 16
NEW = "22" * 16


@pytest.fixture
def people(db, settings):
    """Five people encrypted with the old key; from now on the new key encrypts."""
    settings.FIELD_KEYS = f"old:{OLD}"
    made = [make_member(phone=f"1200000{number:04d}") for number in range(5)]
    settings.FIELD_KEYS = f"old:{OLD},new:{NEW}"
    return made


def phones(people):
    return [Member.objects.get(pk=person.pk).phone for person in people]


def phone_column():
    (column,) = [found for found in rotation.columns() if found.name == "members.Member.phone"]
    return column


def run(**options):
    out = StringIO()
    call_command("rotate_field_keys", stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_all_encrypted_columns_are_found():
    names = {column.name for column in rotation.columns()}
    assert {"members.Member.phone", "members.Member.identity_number", "members.DataRequest.words"} <= names


@pytest.mark.django_db
def test_old_values_are_written_anew_and_the_old_key_can_go(people, settings):
    before = phones(people)
    assert {stored(person)[1:4] for person in people} == {b"old"}
    newer = make_member(phone="12000009999")
    kept = stored(newer)

    said = run(batch=2)

    assert "members.Member.phone: 5 written anew" in said
    assert "members.Member.phone: new: 6" in said
    assert {stored(person)[1:4] for person in people} == {b"new"}
    assert stored(newer) == kept
    settings.FIELD_KEYS = f"new:{NEW}"
    assert phones(people) == before
    assert "members.Member.phone: 0 written anew" in run()


@pytest.mark.django_db
def test_check_only_counts(people):
    before = [stored(person) for person in people]
    assert "members.Member.phone: old: 5" in run(check=True)
    assert [stored(person) for person in people] == before


@pytest.mark.django_db
def test_a_pass_that_broke_off_is_taken_up(people):
    column = phone_column()

    def stop(_column):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(column, batch=2, progress=stop)
    assert rotation.keys_in_use(column) == {"old": 3, "new": 2}
    assert rotation.rotate(phone_column(), batch=2).written == 3
    assert rotation.keys_in_use(column) == {"new": 5}


@pytest.mark.django_db
def test_what_is_changed_or_saved_meanwhile_stays(people):
    loaded = Member.objects.get(pk=people[4].pk)
    assert loaded.phone == "12000000004"

    def interfere(column):
        # A person's phone number is changed after its batch was read; another row, loaded earlier, is saved unchanged.
        if not interfere.done:
            interfere.done = True
            changed = Member.objects.get(pk=people[3].pk)
            changed.phone = "12000007777"
            changed.save()

    interfere.done = False
    rotation.rotate(phone_column(), batch=4, progress=interfere)
    loaded.save()
    assert rotation.keys_in_use(phone_column()) == {"old": 1, "new": 4}
    run()
    assert rotation.keys_in_use(phone_column()) == {"new": 5}
    assert phones(people) == ["12000000000", "12000000001", "12000000002", "12000007777", "12000000004"]


def test_a_row_somebody_holds_is_not_waited_for(fresh_database, settings):
    settings.FIELD_KEYS = f"old:{OLD}"
    held, free = make_member(phone="12000000001"), make_member(phone="12000000002")
    settings.FIELD_KEYS = f"old:{OLD},new:{NEW}"
    other = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM members_member WHERE id = %s FOR UPDATE", [held.pk])
            rotation.rotate(phone_column())
        assert rotation.keys_in_use(phone_column()) == {"old": 1, "new": 1}
        assert stored(free)[1:4] == b"new"
        with pytest.raises(CommandError, match="1 values still lie"):
            run()
        other.rollback()
        run()
    finally:
        other.close()
    assert rotation.keys_in_use(phone_column()) == {"new": 2}


@pytest.mark.django_db
def test_a_value_moved_from_another_row_is_named_and_left_alone(people):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_member SET phone = %s WHERE id = %s", [stored(people[0]), people[1].pk])
    before = stored(people[1])
    out = StringIO()
    with pytest.raises(CommandError, match="1 values did not open"):
        call_command("rotate_field_keys", stdout=out, stderr=out)
    assert f"the value of row {people[1].pk} does not open" in out.getvalue()
    assert stored(people[1]) == before
    assert rotation.keys_in_use(phone_column()) == {"old": 1, "new": 4}


@pytest.mark.django_db
def test_with_a_wrong_key_nothing_is_written(people, settings):
    settings.FIELD_KEYS = f"old:{'33' * 16},new:{NEW}"
    before = [stored(person) for person in people]
    with pytest.raises(CommandError, match="did not open"):
        run()
    assert [stored(person) for person in people] == before


def test_the_active_key_is_the_last_one(settings):
    settings.FIELD_KEYS = f"old:{OLD},new:{NEW}"
    assert (crypto.active_key(), crypto.active_header()) == ("new", b"\x03new")
