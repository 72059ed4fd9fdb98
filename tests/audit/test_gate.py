"""The gate through which every change of state passes."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matchmaking.choices.events import EVENT_TRANSITIONS, EventState
from matchmaking.models import MatchEvent
from portal.audit.gate import Clock, StateField, advance, can_step, constraints_of
from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.signups.choices import SIGN_UP_TRANSITIONS, SignUpState
from tests.factories.matchmaking import make_event, make_participation, put_event
from tests.factories.members import make_staff

pytestmark = pytest.mark.django_db


def state_of(row):
    return type(row).objects.get(pk=row.pk).state


def test_a_legal_step_is_saved_with_its_changes_and_its_entry():
    event = make_event(state=EventState.DRAFT)
    actor = make_staff(event.organization)
    now = timezone.now()

    row = advance(event, EventState.SUBMITTED, actor=actor, note="请审", submitted_by=actor, submitted_at=now)

    assert (row.state, row.submitted_by, row.submitted_at) == (EventState.SUBMITTED, actor, now)
    assert (event.state, event.submitted_by) == (EventState.SUBMITTED, actor)
    assert state_of(event) == EventState.SUBMITTED
    entry = AuditEntry.objects.about(event).first()
    assert (entry.action, entry.actor, entry.clock) == ("matchmaking.matchevent.submitted", actor, "")
    assert (entry.from_state, entry.to_state, entry.note) == ("draft", "submitted", "请审")
    assert entry.fields == ["state", "submitted_at", "submitted_by"]
    assert entry.data == {}
    assert entry.organization_path == event.organization.path


@pytest.mark.parametrize("target", EventState)
@pytest.mark.parametrize("state", EventState)
def test_every_step_of_an_event_is_taken_or_refused_as_its_table_says(state, target):
    event = make_event(state=state)
    actor = make_staff(event.organization)
    entries = AuditEntry.objects.count()

    if target in EVENT_TRANSITIONS[state]:
        advance(event, target, actor=actor)
        assert state_of(event) == target
        assert AuditEntry.objects.count() == entries + 1
    else:
        with pytest.raises(DomainError) as refusal:
            advance(event, target, actor=actor)
        assert refusal.value.code == "no-such-step"
        assert state_of(event) == state
        assert AuditEntry.objects.count() == entries


BY_TIME = {
    (EventState.PUBLISHED, EventState.SIGNUP_CLOSED),
    (EventState.SIGNUP_CLOSED, EventState.RUNNING),
    (EventState.SIGNUP_CLOSED, EventState.CHOICE_OPEN),
    (EventState.SHORTLISTED, EventState.RUNNING),
    (EventState.SHORTLISTED, EventState.CHOICE_OPEN),
    (EventState.RUNNING, EventState.CHOICE_OPEN),
    (EventState.CHOICE_OPEN, EventState.REVEALED),
}


@pytest.mark.parametrize(
    ("state", "target"), [(state, target) for state, steps in EVENT_TRANSITIONS.items() for target in steps]
)
def test_time_takes_its_own_steps_alone(state, target):
    event = make_event(state=state)

    if (state, target) in BY_TIME:
        advance(event, target, actor=Clock("matchmaking.keep_time"))
        entry = AuditEntry.objects.about(event).first()
        assert (entry.actor_id, entry.clock) == (None, "matchmaking.keep_time")
    else:
        with pytest.raises(DomainError) as refusal:
            advance(event, target, actor=Clock("matchmaking.keep_time"))
        assert refusal.value.code == "not-yours"
        assert state_of(event) == state


def test_a_step_of_time_is_not_a_persons():
    event = make_event()
    offered = make_participation(event, state=SignUpState.OFFERED)

    with pytest.raises(DomainError) as refusal:
        advance(offered, SignUpState.EXPIRED, actor=offered.member, offered_until=None)

    assert refusal.value.code == "not-yours"
    assert state_of(offered) == SignUpState.OFFERED


@pytest.mark.parametrize("target", SignUpState)
@pytest.mark.parametrize("state", SignUpState)
def test_every_step_of_a_sign_up_is_taken_or_refused_as_its_table_says(state, target):
    event = make_event()
    row = make_participation(event, state=state)
    changes = {"offered_until": timezone.now() + timedelta(hours=1) if target == SignUpState.OFFERED else None}
    step = SIGN_UP_TRANSITIONS[state].get(target)

    if step is None:
        with pytest.raises(DomainError) as refusal:
            advance(row, target, actor=row.member, **changes)
        assert refusal.value.code == "no-such-step"
        assert state_of(row) == state
    else:
        advance(row, target, actor=row.member if step.person else Clock("test"), **changes)
        assert state_of(row) == target


def test_somebody_else_was_faster():
    mine = make_event(state=EventState.SUBMITTED)
    put_event(mine, EventState.RETURNED)
    entries = AuditEntry.objects.count()

    with pytest.raises(Conflict) as refusal:
        advance(mine, EventState.APPROVED, actor=make_staff(mine.organization))

    assert (refusal.value.code, refusal.value.status) == ("moved-on", 409)
    assert mine.state == EventState.SUBMITTED
    assert state_of(mine) == EventState.RETURNED
    assert AuditEntry.objects.count() == entries


def test_a_stale_copy_may_take_a_step_that_is_still_there():
    mine = make_event(state=EventState.DRAFT)
    put_event(mine, EventState.RETURNED)

    advance(mine, EventState.SUBMITTED, actor=make_staff(mine.organization))

    entry = AuditEntry.objects.about(mine).first()
    assert (entry.from_state, entry.to_state) == ("returned", "submitted")


def test_the_step_is_judged_on_the_row_in_the_database():
    event = make_event(state=EventState.SUBMITTED)
    actor = make_staff(event.organization)
    put_event(event, submitted_by=actor)

    with pytest.raises(DomainError) as refusal:
        advance(event, EventState.APPROVED, actor=actor)

    assert refusal.value.code == "not-yours"
    assert state_of(event) == EventState.SUBMITTED


def test_a_row_that_is_gone_is_a_refusal():
    row = make_participation(make_event())
    type(row).objects.filter(pk=row.pk).delete()
    with pytest.raises(DomainError) as refusal:
        advance(row, SignUpState.WITHDRAWN, actor=row.member)
    assert refusal.value.code == "gone"


def test_a_change_that_would_not_hold_changes_nothing():
    row = make_participation(make_event(), state=SignUpState.WAITLISTED)

    with pytest.raises(DomainError) as refusal:
        advance(row, SignUpState.OFFERED, actor=Clock("test"), offered_until=None)

    assert refusal.value.code == "invalid"
    assert state_of(row) == SignUpState.WAITLISTED
    assert not AuditEntry.objects.about(row).exists()


def test_can_step_says_what_advance_would_do():
    event = make_event(state=EventState.SUBMITTED)
    assert not can_step(event, EventState.APPROVED, event.created_by)
    assert can_step(event, EventState.APPROVED, make_staff(event.organization))
    assert not can_step(event, EventState.PUBLISHED, event.created_by)
    assert not can_step(event, EventState.APPROVED, Clock("test"))


def test_every_constraint_of_a_model_with_states_names_fields_of_it():
    """The fields of every constraint are found; a constraint without them would be left out of every step."""
    found = 0
    for model in apps.get_models():
        if not any(isinstance(field, StateField) for field in model._meta.concrete_fields):
            continue
        names = {name for field in model._meta.concrete_fields for name in (field.name, field.attname)}
        for constraint, named in constraints_of(model):
            found += 1
            assert named, constraint.name
            assert named <= names, constraint.name
    assert found > 20


def test_the_fields_of_a_constraint_are_those_it_is_written_about():
    named = {constraint.name: names for constraint, names in constraints_of(MatchEvent)}
    assert named["matchmaking_event_ends"] == {"ends_at", "starts_at"}
    assert named["matchmaking_event_balance"] == {"balance_tolerance"}
    assert named["matchmaking_event_venue_free"] == {"venue", "state", "starts_at", "ends_at"}


def test_a_step_is_judged_by_the_constraints_it_touches_alone():
    event = make_event(state=EventState.DRAFT)
    with CaptureQueriesContext(connection) as asked:
        advance(event, EventState.SUBMITTED, actor=make_staff())
    assert [query["sql"] for query in asked if "ends_at" in query["sql"] and '"_check"' in query["sql"]] == []
    with pytest.raises(DomainError, match=str(_ends())):
        advance(event, EventState.APPROVED, actor=make_staff(), ends_at=event.starts_at)
    event.refresh_from_db()
    assert (event.state, event.ends_at > event.starts_at) == (EventState.SUBMITTED, True)


def _ends():
    (constraint,) = (one for one in MatchEvent._meta.constraints if one.name == "matchmaking_event_ends")
    return constraint.violation_error_message
