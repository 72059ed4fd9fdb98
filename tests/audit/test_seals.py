"""Seals over the audit: committed entries are sealed once, and later manipulation is reported."""

import logging
import os
from datetime import timedelta
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.audit.models import AuditEntry, AuditSeal, SealedEntry
from portal.audit.services import audit_record, seal_all
from portal.audit.verifying import verify
from tests.factories.members import make_member
from tests.threads import at_once


def record(count=3):
    return [audit_record(actor=None, action=f"test.{number}", data={"n": number}) for number in range(count)]


def as_owner(*statements):
    """Do what a person with the owner's password could do: triggers off, change, triggers on."""
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    tables = ("audit_auditentry", "audit_auditseal", "audit_sealedentry")
    try:
        owner.autocommit = True
        with owner.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement, *values in statements:
                cursor.execute(statement, values)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    finally:
        owner.close()


def findings(log=()):
    return [(finding.kind, finding.number) for finding in verify(log)[2]]


@pytest.mark.django_db
def test_every_entry_is_sealed_once_in_a_chain():
    seal_all()
    before = AuditSeal.objects.count()
    entries = record(5)
    assert (seal_all(size=2), seal_all(size=2)) == (3, 0)
    seals = list(AuditSeal.objects.order_by("number"))[before:]
    assert [(seal.count, seal.complete) for seal in seals] == [(2, False), (2, False), (1, True)]
    assert [seal.previous for seal in seals[1:]] == [seal.digest for seal in seals[:-1]]
    marks = SealedEntry.objects.filter(seal__in=seals).order_by("seal", "position")
    assert [mark.entry_id for mark in marks] == [entry.pk for entry in entries]
    assert findings() == []


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_auditseal", "audit_sealedentry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_serving_role_may_not_touch_a_seal(table, statement):
    record()
    seal_all()
    before = list(SealedEntry.objects.values()), list(AuditSeal.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert (list(SealedEntry.objects.values()), list(AuditSeal.objects.values())) == before


def test_a_low_number_committed_late_is_sealed_by_the_next_seal(fresh_database):
    slow = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_auditentry (at, clock, action, about_model, organization_path, from_state, to_state,"
                " note, fields, data) VALUES (now(), '', 'test.slow', '', '', '', '', '', '[]', '{}') RETURNING id"
            )
            (pk,) = cursor.fetchone()
            (later,) = record(1)
            assert pk < later.pk
            seal_all()
            assert not SealedEntry.objects.filter(entry_id=pk).exists()
            slow.commit()
    finally:
        slow.close()
    seal_all()
    assert SealedEntry.objects.get(entry_id=pk).seal_id > SealedEntry.objects.get(entry_id=later.pk).seal_id
    assert findings() == []


def test_many_sealers_make_one_chain(fresh_database):
    record(20)
    results = at_once(lambda _number: seal_all(), range(8), threads=8)
    assert sum(results) == 1
    assert SealedEntry.objects.count() == 20
    assert findings() == []


def test_planted_faults_are_named_one_by_one(fresh_database):
    changed, gone, kept, tidy = record(4)
    seal_all()
    assert findings() == []

    as_owner(("UPDATE audit_auditentry SET note = 'other' WHERE id = %s", changed.pk))
    assert findings() == [("changed", changed.pk)]
    as_owner(("DELETE FROM audit_auditentry WHERE id = %s", gone.pk))
    assert findings() == [("changed", changed.pk), ("missing", gone.pk)]
    as_owner(
        ("UPDATE audit_auditentry SET note = '' WHERE id = %s", changed.pk),
        ("DELETE FROM audit_sealedentry WHERE entry_id = %s", gone.pk),
    )
    assert findings() == [("seal", 1)]
    assert {kept.pk, tidy.pk} <= set(SealedEntry.objects.values_list("entry_id", flat=True))


def test_an_entry_put_in_afterwards_is_named_before_and_after_it_is_sealed(fresh_database):
    record()
    seal_all()
    (entry,) = record(1)
    as_owner(("UPDATE audit_auditentry SET at = %s WHERE id = %s", timezone.now() - timedelta(hours=2), entry.pk))
    assert findings() == [("late", entry.pk)]
    seal_all()
    assert findings() == [("late", entry.pk)]


def test_an_entry_put_in_long_ago_is_left_unsealed_and_named(fresh_database):
    record()
    seal_all()
    (entry,) = record(1)
    as_owner(("UPDATE audit_auditentry SET at = %s WHERE id = %s", timezone.now() - timedelta(days=40), entry.pk))
    assert seal_all() == 0
    assert findings() == [("late", entry.pk)]


def test_a_backlog_after_a_standstill_is_not_late(fresh_database):
    for entry in record(5):
        as_owner(("UPDATE audit_auditentry SET at = %s WHERE id = %s", timezone.now() - timedelta(hours=2), entry.pk))
    assert seal_all(size=2) == 3
    assert findings() == []


def test_seals_cut_off_or_changed_show_in_the_chain_and_in_the_log(fresh_database, caplog, tmp_path):
    with caplog.at_level(logging.INFO, "portal.audit.seals"):
        for _number in range(3):
            record(1)
            seal_all()
    log = [record.getMessage() for record in caplog.records]
    assert len(log) == 3
    assert findings(log) == []

    as_owner(("DELETE FROM audit_sealedentry WHERE seal_id = 3",), ("DELETE FROM audit_auditseal WHERE number = 3",))
    assert findings() == []
    assert findings(log) == [("log", 3)]
    # A seal made again over the same entries would be the same seal.
    record(1)
    seal_all()
    assert findings(log) == [("log", 3)]
    as_owner(("UPDATE audit_auditseal SET count = count + 1 WHERE number = 2",))
    assert findings() == [("seal", 2)]

    path = tmp_path / "portal.log"
    path.write_text("\n".join(log), encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("audit_verify", log=[str(path)], stdout=out)
    assert "seal: seal 2 itself was changed" in out.getvalue()
    assert "log: seal 3 differs from the log" in out.getvalue()


def test_without_the_key_no_fitting_digest_is_made(fresh_database, settings):
    record()
    settings.INDEX_KEY = "ab" * 32
    seal_all()
    settings.INDEX_KEY = "cd" * 32
    assert {kind for kind, _number in findings()} == {"changed", "seal"}


@pytest.mark.django_db
def test_an_entry_rolled_back_is_in_no_seal():
    member = make_member()
    with pytest.raises(DatabaseError), transaction.atomic():
        audit_record(actor=member, action="test.gone", about=member)
        raise DatabaseError("the business failed")
    seal_all()
    assert not AuditEntry.objects.filter(action="test.gone").exists()
    assert findings() == []
