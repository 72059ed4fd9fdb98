"""The registration engine: the order, the count, the offers.

It is tested on the events of matchmaking, the first area that uses it.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from matchmaking.choices.events import EventState, Pool
from matchmaking.models import Participation
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.signups import services as engine
from portal.signups.choices import Door, SignUpState
from portal.signups.selectors import line_of
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.organizations import make_unit

pytestmark = pytest.mark.django_db


def join(event, member=None):
    member = member or make_single(event.organization)
    return engine.join(offering=event, member=member, actor=member, age=30, line="x")


def joined(event, number):
    return [join(event)[0] for _number in range(number)]


def states(event):
    """Return the states in the order of joining."""
    return [str(state) for state in event.signups.order_by("place").values_list("state", flat=True)]


def let_run_out(row):
    Participation.objects.filter(pk=row.pk).update(offered_until=timezone.now() - timedelta(seconds=1))


def refused(call, **arguments):
    before = list(Participation.objects.order_by("pk").values()), AuditEntry.objects.count()
    with pytest.raises(DomainError) as refusal:
        call(**arguments)
    assert (list(Participation.objects.order_by("pk").values()), AuditEntry.objects.count()) == before
    return refusal.value.code


def test_places_first_then_the_waiting_list_in_order():
    event = make_event(women_quota=2)
    rows = joined(event, 4)
    assert [row.place for row in rows] == [1, 2, 3, 4]
    assert states(event) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    assert AuditEntry.objects.filter(action="sign-up.join").values_list("to_state").count() == 4


def test_each_list_has_its_own_places():
    event = make_event(women_quota=1, men_quota=1)
    for sex in (Sex.FEMALE, Sex.FEMALE, Sex.MALE, Sex.MALE):
        join(event, make_single(event.organization, sex))
    assert list(event.signups.order_by("place").values_list("pool", "state")) == [
        (Pool.WOMEN, "confirmed"),
        (Pool.WOMEN, "waitlisted"),
        (Pool.MEN, "confirmed"),
        (Pool.MEN, "waitlisted"),
    ]


def test_joining_twice_returns_what_stands():
    event = make_event()
    member = make_single(event.organization)
    first, created = join(event, member)
    entries = AuditEntry.objects.count()
    assert created is True
    assert join(event, member) == (first, False)
    assert (event.signups.count(), AuditEntry.objects.count()) == (1, entries)


def test_who_stands_keeps_her_place_after_the_sign_up_closed():
    event = make_event()
    row, _created = join(event)
    event = put_event(event, EventState.SIGNUP_CLOSED)
    assert join(event, row.member) == (row, False)


def test_what_changed_while_she_waited_is_judged_as_it_is_now():
    """The person read an open event; before their turn came, it was closed or its ages were narrowed."""
    for changes in ({"state": EventState.SIGNUP_CLOSED}, {"age_to": 25}):
        event = make_event()
        member = make_single(event.organization)
        type(event).objects.filter(pk=event.pk).update(**changes)
        assert event.refusal(member, timezone.now()) == ""
        assert refused(join, event=event, member=member) == "not-eligible"


def test_who_was_let_in_while_she_waited_has_agreed():
    """The person read a closed event; before their turn came, it was opened again."""
    agreed = []
    event = make_event()
    member = make_single(event.organization)
    read = type(event).objects.get(pk=event.pk)
    read.signup_closes_at = timezone.now() - timedelta(minutes=1)
    assert read.refusal(member, timezone.now())
    row, created = engine.join(
        offering=read, member=member, actor=member, age=30, line="x", agree=lambda: agreed.append(member)
    )
    assert (row.state, created, agreed) == (SignUpState.CONFIRMED, True, [member])


def test_what_she_agrees_to_is_written_once_and_only_for_who_joins():
    agreed = []
    event = make_event()
    member = make_single(event.organization)
    arguments = {"actor": member, "age": 30, "line": "x", "agree": lambda: agreed.append(member)}
    for _sending in range(2):
        engine.join(offering=event, member=member, **arguments)
    assert agreed == [member]
    closed = put_event(make_event(), EventState.SIGNUP_CLOSED)
    assert refused(engine.join, offering=closed, member=member, **arguments) == "not-eligible"
    assert agreed == [member]


def test_the_offerings_own_sentence_refuses():
    event = make_event(state=EventState.DRAFT)
    assert refused(join, event=event) == "not-eligible"


def test_a_freed_place_is_offered_to_the_next_in_line_and_held():
    event = make_event(women_quota=2)
    rows = joined(event, 4)
    before = timezone.now()

    left, moved = engine.leave(signup=rows[0], actor=rows[0].member)

    assert (left.pk, left.state, left.offered_until) == (rows[0].pk, SignUpState.WITHDRAWN, None)
    assert [row.pk for row in moved.offered] == [rows[2].pk]
    assert states(event) == ["withdrawn", "confirmed", "offered", "waitlisted"]
    offered = event.signups.get(pk=rows[2].pk)
    assert timedelta(hours=48) <= offered.offered_until - before < timedelta(hours=48, minutes=1)
    assert join(event)[0].state == SignUpState.WAITLISTED
    assert engine.promote(offering=event).offered == ()


def test_leaving_the_waiting_list_frees_no_place():
    event = make_event(women_quota=1)
    rows = joined(event, 3)
    _row, moved = engine.leave(signup=rows[1], actor=rows[1].member)
    assert moved.offered == ()
    assert states(event) == ["confirmed", "withdrawn", "waitlisted"]


def test_a_newcomer_does_not_pass_those_who_wait():
    event = make_event(women_quota=1)
    first = make_participation(event, state=SignUpState.WAITLISTED)
    newcomer, _created = join(event)
    assert newcomer.state == SignUpState.WAITLISTED
    assert [row.pk for row in engine.promote(offering=event).offered] == [first.pk]


def test_the_offer_is_taken():
    event = make_event(women_quota=1)
    rows = joined(event, 3)
    engine.leave(signup=rows[0], actor=rows[0].member)
    offered = event.signups.get(pk=rows[1].pk)
    assert (engine.accept(signup=offered, actor=offered.member).state, states(event)) == (
        SignUpState.CONFIRMED,
        ["withdrawn", "confirmed", "waitlisted"],
    )
    assert event.signups.get(pk=offered.pk).offered_until is None


def test_an_offer_that_ran_out_is_too_late_and_goes_to_the_next():
    event = make_event(women_quota=1)
    rows = joined(event, 3)
    engine.leave(signup=rows[0], actor=rows[0].member)
    let_run_out(rows[1])
    late = event.signups.get(pk=rows[1].pk)
    assert refused(engine.accept, signup=late, actor=late.member) == "offer-over"

    expired, moved = engine.expire(offering=event)

    assert ([row.pk for row in expired], [row.pk for row in moved.offered]) == ([rows[1].pk], [rows[2].pk])
    assert states(event) == ["withdrawn", "expired", "offered"]
    assert engine.expire(offering=event) == ((), engine.Moved(()))
    entry = AuditEntry.objects.about(late).first()
    assert (entry.clock, entry.to_state) == ("signups.offer", "expired")
    assert refused(engine.accept, signup=late, actor=late.member) == "moved-on"


def test_an_offer_judged_by_an_old_copy_is_judged_by_the_row():
    event = make_event(women_quota=1)
    offered = make_participation(event, state=SignUpState.OFFERED)
    let_run_out(offered)
    assert refused(engine.accept, signup=offered, actor=offered.member) == "offer-over"


@pytest.mark.parametrize("state", [state for state in SignUpState if state != SignUpState.OFFERED])
def test_only_an_offer_is_taken(state):
    row = make_participation(make_event(), state=state)
    assert refused(engine.accept, signup=row, actor=row.member) == "no-such-step"


@pytest.mark.parametrize("state", [SignUpState.WITHDRAWN, SignUpState.EXPIRED])
def test_who_has_left_cannot_leave_again(state):
    row = make_participation(make_event(), state=state)
    assert refused(engine.leave, signup=row, actor=row.member) == "no-such-step"


@pytest.mark.parametrize("state", [SignUpState.WITHDRAWN, SignUpState.EXPIRED])
def test_who_has_left_may_join_again_at_the_end(state):
    event = make_event(women_quota=1)
    old = make_participation(event, state=state)
    joined(event, 1)
    row, created = join(event, old.member)
    assert (created, row.pk != old.pk, row.place, row.state) == (True, True, 3, SignUpState.WAITLISTED)


def test_an_offer_never_outlasts_the_opening_of_the_round():
    now = timezone.now()
    event = make_event(
        women_quota=1, signup_closes_at=now + timedelta(hours=1), choice_opens_at=now + timedelta(hours=2)
    )
    rows = joined(event, 2)
    _row, moved = engine.leave(signup=rows[0], actor=rows[0].member)
    assert moved.offered[0].offered_until == event.choice_opens_at


def test_nothing_moves_once_the_round_is_open():
    event = make_event(women_quota=1)
    rows = joined(event, 2)
    put_event(event, signup_closes_at=timezone.now() - timedelta(hours=2), choice_opens_at=timezone.now())
    _row, moved = engine.leave(signup=rows[0], actor=rows[0].member)
    assert moved.offered == ()
    assert states(event) == ["withdrawn", "waitlisted"]


def test_more_places_go_to_those_who_wait_in_order():
    event = make_event(women_quota=1)
    rows = joined(event, 4)
    event = put_event(event, women_quota=3)
    assert [row.pk for row in engine.promote(offering=event).offered] == [rows[1].pk, rows[2].pk]
    assert states(event) == ["confirmed", "offered", "offered", "waitlisted"]


def test_fewer_places_take_nobodys_away():
    event = make_event(women_quota=3)
    rows = joined(event, 3)
    event = put_event(event, women_quota=1)
    waiting, _created = join(event)
    engine.leave(signup=rows[0], actor=rows[0].member)
    assert waiting.state == SignUpState.WAITLISTED
    assert states(event) == ["withdrawn", "confirmed", "confirmed", "waitlisted"]


def test_the_database_holds_one_live_row_a_person_and_one_place_a_number():
    event = make_event()
    row = make_participation(event)
    for fields in ({"member": row.member}, {"place": row.place}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_participation(event, **fields)
    offered = make_participation(event, state=SignUpState.OFFERED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=offered.pk).update(offered_until=None)


def holders(event, pool):
    return event.signups.filter(pool=pool, state__in=[SignUpState.CONFIRMED, SignUpState.OFFERED]).count()


def test_no_woman_is_promoted_when_men_leave():
    """20 men and 20 women hold places and three men leave.

    The women's waiting list does not move although a place is free.
    """
    event = make_event(men_quota=20, women_quota=21, balance_tolerance=0)
    men = [make_participation(event, sex=Sex.MALE) for _number in range(20)]
    for _number in range(20):
        make_participation(event)
    waiting = join(event)[0]
    for man in men[:3]:
        engine.leave(signup=man, actor=man.member)
    waiting.refresh_from_db()
    assert (waiting.state, holders(event, Pool.MEN), holders(event, Pool.WOMEN)) == ("waitlisted", 17, 20)
    line = line_of(event, Pool.WOMEN)
    assert (line.waiting, line.free, line.blocked) == (1, 1, "balance")


def test_the_line_moves_when_the_other_list_grows():
    event = make_event(men_quota=5, women_quota=5, balance_tolerance=1)
    women = joined(event, 3)
    assert states(event) == ["confirmed", "waitlisted", "waitlisted"]
    join(event, make_single(event.organization, Sex.MALE))
    assert [row.pk for row in engine.promote(offering=event).offered] == [women[1].pk]


def test_a_full_unit_is_passed_over_and_stays_in_line():
    event = make_event(women_quota=2, unit_cap=1)
    one, other = make_unit(event.organization), make_unit(event.organization)
    rows = [
        engine.join(offering=event, member=member, actor=member, age=30, line="x", unit=member.organization)[0]
        for member in (make_single(one), make_single(one), make_single(other))
    ]
    assert states(event) == ["confirmed", "waitlisted", "confirmed"]
    assert line_of(event, Pool.WOMEN).blocked == "full"
    engine.leave(signup=rows[2], actor=rows[2].member)
    assert (states(event), line_of(event, Pool.WOMEN).blocked) == (["confirmed", "waitlisted", "withdrawn"], "unit")
    _row, moved = engine.leave(signup=rows[0], actor=rows[0].member)
    assert [row.pk for row in moved.offered] == [rows[1].pk]


def test_a_reviewed_sign_up_waits_for_its_judge():
    event = make_event(needs_review=True, women_quota=1)
    first, second, third = joined(event, 3)
    assert states(event) == ["applied", "applied", "applied"]
    staff = event.created_by
    assert engine.review(signup=second, accept=True, actor=staff).state == SignUpState.CONFIRMED
    assert engine.review(signup=first, accept=True, actor=staff).state == SignUpState.WAITLISTED
    assert engine.review(signup=third, accept=False, actor=staff, note="x").state == SignUpState.DECLINED
    assert refused(engine.review, signup=third, accept=True, actor=staff) == "no-such-step"


def test_staff_offer_a_place_and_never_take_it():
    event = make_event(women_quota=1)
    staff = event.created_by
    rows = [
        engine.join(offering=event, member=make_single(event.organization), actor=staff, door=Door.STAFF, age=30)[0]
        for _number in range(2)
    ]
    assert [row.state for row in rows] == [SignUpState.OFFERED, SignUpState.WAITLISTED]
    assert rows[0].offered_until is not None


def test_at_the_door_there_is_a_place_or_none():
    now = timezone.now()
    event = put_event(make_event(women_quota=1), EventState.RUNNING, starts_at=now - timedelta(hours=1))
    member = make_single(event.organization)
    assert refused(engine.join, offering=event, member=member, actor=member, age=30) == "not-eligible"
    row, _created = engine.join(offering=event, member=member, actor=member, door=Door.WALK_IN, age=30)
    assert row.state == SignUpState.CONFIRMED
    late = make_single(event.organization)
    assert refused(engine.join, offering=event, member=late, actor=late, door=Door.WALK_IN, age=30) == "no-place"
