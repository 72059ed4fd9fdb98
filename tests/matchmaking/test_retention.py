"""When notes, hotline tickets, nominations and applications are deleted, and which figures are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matchmaking import retention
from matchmaking.models import FollowUp, HotlineTicket, Nomination, WeddingCouple
from matchmaking.services.couples import couple_leave
from matchmaking.services.follow_ups import follow_up_record
from matchmaking.services.hotline import ticket_answer, ticket_close
from matchmaking.services.publicity import nomination_answer
from tests.factories.matchmaking_pairs import (
    make_asked,
    make_nomination,
    make_pair,
    make_ticket,
    make_wedding,
    put_wedding,
)

pytestmark = pytest.mark.django_db


def rule(code):
    return next(found for found in retention.RULES if found.code == f"matchmaking.{code}")


def swept(code, now):
    """Apply one retention rule twice; return how many rows each run deleted or cleared."""
    found = rule(code)
    return found.purge(found.find(now)), found.purge(found.find(now))


def test_rules_say_how_long_and_have_codes_of_their_own():
    assert len({found.code for found in retention.RULES}) == len(retention.RULES)
    assert all(found.keep > timedelta(0) and found.title for found in retention.RULES)


def test_notes_of_follow_ups_go_and_their_results_stay():
    row = make_pair().follow_ups.first()
    row = follow_up_record(follow_up=row, actor=row.pair.event.created_by, result="reached", words="示例")
    now = timezone.now()
    assert swept("follow_up_notes", now + timedelta(days=729)) == (0, 0)
    assert swept("follow_up_notes", now + timedelta(days=731)) == (1, 0)
    kept = FollowUp.objects.get(pk=row.pk)
    assert (kept.words, kept.result) == ("", "reached")


def test_words_and_caller_of_closed_calls_go_and_their_kind_stays():
    ticket = make_ticket(caller="示例", caller_phone="12077770001")
    ticket_answer(ticket=ticket, actor=ticket.taken_by, answer="a")
    now = timezone.now()
    assert swept("calls", now + timedelta(days=400)) == (0, 0)
    ticket_close(ticket=HotlineTicket.objects.get(), actor=ticket.taken_by)
    assert swept("calls", now + timedelta(days=364)) == (0, 0)
    assert swept("calls", now + timedelta(days=366)) == (1, 0)
    kept = HotlineTicket.objects.get()
    assert (kept.words, kept.caller, kept.caller_phone, kept.answer, kept.kind) == ("", "", "", "", ticket.kind)


def test_nominations_that_came_to_nothing_are_deleted():
    said_no, asked = make_nomination(), make_nomination()
    nomination_answer(nomination=said_no, actor=said_no.member, agree=False)
    now = timezone.now()
    assert swept("nominations", now + timedelta(days=182)) == (0, 0)
    assert swept("nominations", now + timedelta(days=184)) == (1, 0)
    assert list(Nomination.objects.all()) == [asked]


def test_applications_that_came_to_nothing_are_deleted():
    wedding = make_wedding()
    couple, _partner = make_asked(wedding)
    couple_leave(couple=couple, actor=couple.asker)
    put_wedding(wedding, on=timezone.localdate() - timedelta(days=184))
    assert swept("couples", timezone.now()) == (1, 0)
    assert not WeddingCouple.objects.exists()
