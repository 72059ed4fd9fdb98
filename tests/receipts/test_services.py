"""Receipts: given once, opened by the code alone, limited, closed; messages of both sides."""

import contextlib
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core import locks
from portal.core.errors import DomainError, TooMany
from portal.core.models import Throttle
from portal.receipts import services
from portal.receipts.codes import code_clean, code_hash, code_new
from portal.receipts.services import (
    message_write,
    messages_read,
    receipt_close,
    receipt_give,
    receipt_note,
    receipt_open,
)
from tests import clear
from tests.factories.members import make_member, make_staff
from tests.receipts.asks import Ask, AskMessage, make_ask, make_tables
from tests.threads import at_once

HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def ask(asks):
    return make_ask()


def opened(code, source=HERE):
    return receipt_open(model=Ask, code=code, source=source)


def refused(code, source=HERE):
    with pytest.raises(DomainError) as refusal:
        opened(code, source)
    return refusal.value


def test_only_the_hash_of_a_code_is_stored(ask):
    row, code = ask
    row.refresh_from_db()
    assert row.receipt_hash == code_hash(code)
    text = clear.in_database()
    assert row.receipt_hash in text
    assert code not in text
    assert code_clean(code) not in text
    with pytest.raises(DomainError) as refusal:
        receipt_give(row=row)
    assert refusal.value.code == "given"


def test_the_code_opens_the_request_and_leaves_no_trace_of_who(ask):
    row, code = ask
    assert opened(code) == row
    row.refresh_from_db()
    assert row.receipt_opened_at is not None
    entry = AuditEntry.objects.get(action="receipt.code-used")
    assert (entry.actor_id, entry.about_id, entry.organization_path) == (None, row.pk, row.organization.path)
    assert [throttle.count for throttle in Throttle.objects.all()] == [0]


def closed_code():
    row, code = make_ask()
    receipt_close(actor=make_staff(row.organization), row=row, reason="seen by somebody else")
    return code


def expired_code():
    return make_ask(receipt_until=timezone.localdate() - timedelta(days=1))[1]


def test_wrong_closed_and_expired_codes_are_refused_alike(asks):
    seen = set()
    for number, code in enumerate((code_new(), closed_code(), expired_code())):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            refusal = refused(code, f"10.0.0.{number}")
        seen.add((str(refusal), refusal.code, refusal.status, len(queries)))
    assert len(seen) == 1


def test_a_code_works_on_its_last_day(asks):
    row, code = make_ask(receipt_until=timezone.localdate())
    assert opened(code) == row


def test_after_five_wrong_codes_the_sixth_waits_even_if_it_is_right(ask, monkeypatch):
    _row, code = ask
    for _number in range(services.TRIES):
        assert refused(code_new()).code == "no-request"
    assert isinstance(refused(code), TooMany)
    assert opened(code, ELSEWHERE)
    later = timezone.now() + timedelta(seconds=services.TRY_SECONDS * 7 // 6 + 1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert opened(code)


def test_right_codes_are_not_counted(ask):
    for _number in range(services.TRIES + 1):
        opened(ask[1])


def test_a_code_that_is_closed_stays_closed(ask):
    row, code = ask
    staff = make_staff(row.organization)
    receipt_close(actor=staff, row=row, reason="lost")
    assert refused(code).code == "no-request"
    with pytest.raises(DomainError) as refusal:
        receipt_close(actor=staff, row=row, reason="lost")
    assert refusal.value.code == "closed"
    entry = AuditEntry.objects.get(action="receipt.code-closed")
    assert (entry.actor_id, entry.note) == (staff.pk, "lost")


def test_the_code_is_noted_once(ask):
    row, _code = ask
    receipt_note(row=row)
    row.refresh_from_db()
    first = row.receipt_noted_at
    receipt_note(row=row)
    row.refresh_from_db()
    assert first is not None
    assert row.receipt_noted_at == first
    assert AuditEntry.objects.filter(action="receipt.code-noted", actor=None).count() == 1


def test_a_hash_of_another_length_is_refused(asks):
    row, _code = make_ask()
    row.receipt_hash = "ab"
    with pytest.raises(ValidationError):
        row.full_clean()


def test_messages_of_both_sides(ask):
    row, _code = ask
    staff = make_staff(row.organization)
    first = message_write(actor=None, row=row, text=" 老板不给产假\r\n\r\n怎么办？\x07 ", from_staff=False)
    second = message_write(actor=staff, row=row, text="请来工作站。", from_staff=True)
    assert list(row.messages.in_order()) == [first, second]
    assert AskMessage.objects.get(pk=first.pk).text == "老板不给产假\n\n怎么办？"
    assert (first.author_id, second.author_id) == (None, staff.pk)
    entries = AuditEntry.objects.filter(action__startswith="receipt.").order_by("pk")
    assert [(entry.action, entry.actor_id, entry.about_id) for entry in entries] == [
        ("receipt.applicant-wrote", None, row.pk),
        ("receipt.staff-wrote", staff.pk, row.pk),
    ]
    assert "产假" not in clear.in_database()


def test_an_applicant_who_is_signed_in_is_not_named(ask):
    member = make_member()
    message = message_write(actor=member, row=ask[0], text="x", from_staff=False)
    assert message.author_id is None
    assert AuditEntry.objects.get(action="receipt.applicant-wrote").actor_id is None


@pytest.mark.parametrize("named", [True, False])
def test_the_database_holds_who_may_be_named(ask, named):
    message = message_write(actor=None, row=ask[0], text="x", from_staff=False)
    staff = make_staff(ask[0].organization)
    with pytest.raises(IntegrityError), transaction.atomic():
        AskMessage.objects.filter(pk=message.pk).update(from_staff=not named, author=staff if named else None)


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \n\t", "empty"), ("字" * 4001, "too-long")])
def test_a_message_is_between_one_and_four_thousand_characters(ask, text, code):
    with pytest.raises(DomainError) as refusal:
        message_write(actor=None, row=ask[0], text=text, from_staff=False)
    assert refusal.value.code == code
    assert not AskMessage.objects.exists()


def test_staff_do_not_write_without_an_author(ask):
    with pytest.raises(TypeError):
        message_write(actor=None, row=ask[0], text="x", from_staff=True)


def test_the_same_text_twice_is_one_message(ask, monkeypatch):
    row, _code = ask
    staff = make_staff(row.organization)
    first = message_write(actor=None, row=row, text="x", from_staff=False)
    assert message_write(actor=None, row=row, text="x", from_staff=False) == first
    assert message_write(actor=staff, row=row, text="x", from_staff=True) != first
    assert message_write(actor=None, row=row, text="y", from_staff=False) != first
    later = timezone.now() + services.REPEATED
    monkeypatch.setattr(timezone, "now", lambda: later)
    message_write(actor=None, row=row, text="y", from_staff=False)
    assert row.messages.count() == 4


def test_an_applicant_sends_thirty_messages_a_day(ask):
    row, _code = ask
    for number in range(services.MESSAGES_A_DAY):
        message_write(actor=None, row=row, text=str(number), from_staff=False)
    with pytest.raises(TooMany):
        message_write(actor=None, row=row, text="x", from_staff=False)
    message_write(actor=None, row=make_ask()[0], text="x", from_staff=False)


def test_each_side_reads_what_the_other_wrote(ask):
    row, _code = ask
    staff = make_staff(row.organization)
    mine = message_write(actor=None, row=row, text="x", from_staff=False)
    theirs = message_write(actor=staff, row=row, text="y", from_staff=True)
    assert messages_read(row=row, by_staff=False) == 1
    assert list(AskMessage.objects.exclude(read_at=None)) == [theirs]
    assert messages_read(row=row, by_staff=False) == 0
    assert messages_read(row=row, by_staff=True) == 1
    assert list(row.messages.unread(by_staff=True)) == []
    mine.refresh_from_db()
    assert mine.read_at is not None


def twice(row):
    return at_once(lambda _n: message_write(actor=None, row=row, text="x", from_staff=False), range(8), threads=8)


def test_a_message_sent_eight_times_at_once_is_one(committed):
    make_tables(committed)
    row, _code = make_ask()
    answers = twice(row)
    assert {answer.pk for answer in answers} == set(row.messages.values_list("pk", flat=True))
    assert row.messages.count() == 1


def test_control_without_the_lock_it_is_written_more_than_once(committed, monkeypatch):
    make_tables(committed)
    monkeypatch.setattr(locks, "hold", lambda row: type(row)._default_manager.get(pk=row.pk))
    row, _code = make_ask()
    twice(row)
    assert row.messages.count() > 1


def test_two_messages_at_once_are_both_kept_in_one_order(committed):
    make_tables(committed)
    row, _code = make_ask()
    staff = make_staff(row.organization)
    sides = [(None, False, "x"), (staff, True, "y")] * 4
    answers = at_once(
        lambda side: message_write(actor=side[0], row=row, text=side[2] + str(id(side)), from_staff=side[1]),
        [tuple(side) for side in sides],
        threads=8,
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    moments = [message.written_at for message in row.messages.in_order()]
    assert moments == sorted(moments)


def test_of_forty_wrong_codes_at_once_five_are_judged(committed):
    make_tables(committed)
    make_ask()

    def guess(_number):
        with contextlib.suppress(ValueError):
            return opened(code_new())

    codes = [answer.code for answer in at_once(guess, range(40))]
    assert codes.count("no-request") == services.TRIES
    assert codes.count("too-many") == 40 - services.TRIES
    assert not Session.objects.exists()
