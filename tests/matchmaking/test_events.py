"""An event from its plan to its end: every step, every refusal, the second person, the clock."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.models import ChoiceRound, MatchEvent
from matchmaking.services.choosing import event_open_choice, event_reveal
from matchmaking.services.events import (
    event_approve,
    event_begin,
    event_cancel,
    event_close,
    event_close_sign_up,
    event_create,
    event_publish,
    event_report,
    event_return,
    event_shortlist,
    event_submit,
    event_update,
    events_keep_time,
)
from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import event_times, make_event, make_participation, put_event
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.KEY_DIR = tmp_path


def messages(kind):
    return Message.objects.filter(kind=f"matchmaking.{kind}")


def in_state(state):
    """Return an event in ``state``, with its submission where the state requires one, and a second person."""
    event = make_event(state=state)
    if state not in (EventState.DRAFT, EventState.CANCELLED):
        event = put_event(event, submitted_by=event.created_by, submitted_at=timezone.now())
    if state in (EventState.CHOICE_OPEN, EventState.REVEALED, EventState.CLOSED, EventState.REPORTED):
        ChoiceRound.objects.create(event=event)
    return event, make_staff(event.organization)


STEPS = {
    "submit": (lambda event, actor: event_submit(event=event, actor=actor), EventState.SUBMITTED),
    "approve": (lambda event, actor: event_approve(event=event, actor=actor), EventState.APPROVED),
    "return": (lambda event, actor: event_return(event=event, actor=actor, reason="x"), EventState.RETURNED),
    "publish": (lambda event, actor: event_publish(event=event, actor=actor), EventState.PUBLISHED),
    "close sign-up": (
        lambda event, actor: event_close_sign_up(event=event, actor=actor),
        EventState.SIGNUP_CLOSED,
    ),
    "open choice": (lambda event, actor: event_open_choice(event=event, actor=actor), EventState.CHOICE_OPEN),
    "reveal": (lambda event, actor: event_reveal(event=event, actor=actor), EventState.REVEALED),
    "close": (lambda event, actor: event_close(event=event, actor=actor), EventState.CLOSED),
    "settle": (lambda event, actor: event_shortlist(event=event, actor=actor), EventState.SHORTLISTED),
    "begin": (lambda event, actor: event_begin(event=event, actor=actor), EventState.RUNNING),
    "report": (lambda event, actor: event_report(event=event, actor=actor), EventState.REPORTED),
    "cancel": (lambda event, actor: event_cancel(event=event, actor=actor, reason="x"), EventState.CANCELLED),
}
# Written by hand: the states from which a person other than the proposer may take each step.
ALLOWED = {
    "submit": {EventState.DRAFT, EventState.RETURNED},
    "approve": {EventState.SUBMITTED},
    "return": {EventState.SUBMITTED},
    "publish": {EventState.APPROVED},
    "close sign-up": {EventState.PUBLISHED},
    "settle": {EventState.SIGNUP_CLOSED},
    "begin": {EventState.SIGNUP_CLOSED, EventState.SHORTLISTED},
    "open choice": {EventState.SIGNUP_CLOSED, EventState.SHORTLISTED, EventState.RUNNING},
    "reveal": {EventState.CHOICE_OPEN},
    "close": {EventState.REVEALED},
    "cancel": {
        EventState.DRAFT,
        EventState.RETURNED,
        EventState.APPROVED,
        EventState.PUBLISHED,
        EventState.SIGNUP_CLOSED,
        EventState.SHORTLISTED,
    },
    "report": {EventState.CLOSED},
}


@pytest.mark.parametrize("state", EventState)
@pytest.mark.parametrize("name", STEPS)
def test_every_step_from_every_state(name, state):
    event, second = in_state(state)
    step, target = STEPS[name]
    make_staff(event.organization, Role.REVIEWER)
    before = AuditEntry.objects.count(), Message.objects.count(), ChoiceRound.objects.count()

    if state in ALLOWED[name]:
        assert step(event, second).state == target
        assert MatchEvent.objects.get(pk=event.pk).state == target
        assert AuditEntry.objects.about(event).filter(to_state=target).count() == 1
    else:
        with pytest.raises(DomainError) as refusal:
            step(event, second)
        assert refusal.value.code == "no-such-step"
        assert MatchEvent.objects.get(pk=event.pk).state == state
        assert (AuditEntry.objects.count(), Message.objects.count(), ChoiceRound.objects.count()) == before


def test_an_event_goes_its_way():
    city = make_organization()
    cadre, chair = make_staff(city, Role.CADRE), make_staff(city, Role.CHAIR)
    event = make_event(city, state=EventState.DRAFT, created_by=cadre)

    event = event_submit(event=event, actor=cadre)
    assert (event.submitted_by, event.submitted_at is None) == (cadre, False)
    assert [message.recipient for message in messages("event_submitted")] == [chair]
    event = event_return(event=event, actor=chair, reason="请补充地点")
    assert (event.return_reason, AuditEntry.objects.about(event).first().note) == ("请补充地点", "请补充地点")
    event = event_update(actor=cadre, event=event, version=1, place="文化宫")
    event = event_submit(event=event, actor=cadre)
    event = event_approve(event=event, actor=chair)
    assert (event.approved_by, event.return_reason) == (chair, "")
    event = event_publish(event=event, actor=cadre)

    assert event.state == EventState.PUBLISHED
    told = [(message.kind, message.recipient) for message in Message.objects.order_by("pk")]
    assert told == [
        ("matchmaking.event_submitted", chair),
        ("matchmaking.event_returned", cadre),
        ("matchmaking.event_submitted", chair),
        ("matchmaking.event_approved", cadre),
    ]


@pytest.mark.parametrize("step", [event_approve, lambda **given: event_return(reason="x", **given)])
def test_nobody_approves_or_returns_her_own(step):
    city = make_organization()
    planner, submitter, _second = make_staff(city), make_staff(city), make_staff(city)
    event = make_event(city, state=EventState.DRAFT, created_by=planner)
    event = event_submit(event=event, actor=submitter)
    for own in (planner, submitter):
        with pytest.raises(DomainError) as refusal:
            step(event=event, actor=own)
        assert refusal.value.code == "not-yours"
    assert MatchEvent.objects.get(pk=event.pk).state == EventState.SUBMITTED


def test_with_nobody_here_the_level_above_is_asked():
    city = make_organization()
    county = make_organization(city, OrganizationKind.COUNTY)
    alone = make_staff(county)
    above = make_staff(make_province(), Role.REVIEWER)
    make_staff(make_organization())
    event = event_submit(event=make_event(county, state=EventState.DRAFT, created_by=alone), actor=alone)
    assert [message.recipient for message in messages("event_submitted")] == [above]
    assert event_approve(event=event, actor=above).state == EventState.APPROVED


def test_with_nobody_anywhere_it_is_not_a_dead_end():
    city = make_organization()
    alone = make_staff(city)
    make_staff(city, Role.CADRE)
    event = make_event(city, state=EventState.DRAFT, created_by=alone)
    with pytest.raises(DomainError) as refusal:
        event_submit(event=event, actor=alone)
    assert refusal.value.code == "no-approver"
    assert MatchEvent.objects.get(pk=event.pk).state == EventState.DRAFT
    assert not messages("event_submitted").exists()


def test_with_nobody_to_approve_who_may_appoint_one_is_asked():
    city = make_organization()
    alone = make_staff(city)
    above = make_staff(make_province(), Role.SECURITY_ADMINISTRATOR)
    event = make_event(city, state=EventState.DRAFT, created_by=alone)
    assert event_submit(event=event, actor=alone).state == EventState.SUBMITTED
    (message,) = Message.objects.all()
    assert (message.kind, message.recipient) == ("members.approver_missing", above)


@pytest.mark.parametrize(("state", "name"), [(EventState.DRAFT, "submit"), (EventState.APPROVED, "publish")])
def test_an_event_whose_sign_up_is_over_goes_no_further(state, name):
    event, second = in_state(state)
    event = put_event(event, signup_closes_at=timezone.now())
    with pytest.raises(DomainError) as refusal:
        STEPS[name][0](event, second)
    assert refusal.value.code == "past"
    assert MatchEvent.objects.get(pk=event.pk).state == state


@pytest.mark.parametrize("state", EventState)
def test_only_a_draft_or_a_returned_event_is_edited(state):
    event, second = in_state(state)
    if state in (EventState.DRAFT, EventState.RETURNED):
        event_update(actor=second, event=event, version=1, men_quota=7)
        assert MatchEvent.objects.get(pk=event.pk).men_quota == 7
    else:
        with pytest.raises(DomainError) as refusal:
            event_update(actor=second, event=event, version=1, men_quota=7)
        assert refusal.value.code == "not-editable"
        assert MatchEvent.objects.get(pk=event.pk).men_quota == 2


def test_the_second_of_two_edits_is_a_conflict():
    event = make_event(state=EventState.DRAFT)
    event_update(actor=event.created_by, event=event, version=1, title="甲")
    with pytest.raises(Conflict):
        event_update(actor=event.created_by, event=event, version=1, title="乙")
    event = MatchEvent.objects.get(pk=event.pk)
    assert (event.title, event.version) == ("甲", 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"men_quota": 0},
        {"women_quota": 5001},
        {"choices_per_person": 0},
        {"choices_per_person": 6},
        {"age_from": 40, "age_to": 30},
        {"signup_opens_at": timezone.now() + timedelta(days=400)},
        {"choice_opens_at": timezone.now() - timedelta(days=400)},
        {"choice_closes_at": timezone.now() - timedelta(days=400)},
        {"ends_at": timezone.now() - timedelta(days=400)},
        {"title": "长" * 61},
        {"title": ""},
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong):
    city = make_organization()
    fields = {"title": "x", "summary": "x", "men_quota": 2, "women_quota": 2, **event_times(), **wrong}
    with pytest.raises(ValidationError):
        event_create(actor=make_staff(city), organization=city, **fields)
    assert not MatchEvent.objects.exists()


def test_cancelling_tells_everyone_who_stands_why():
    event = make_event()
    standing = [make_participation(event, state=state) for state in ("confirmed", "waitlisted", "offered")]
    for state in (SignUpState.WITHDRAWN, SignUpState.EXPIRED):
        make_participation(event, state=state)
    event_cancel(event=event, actor=event.created_by, reason="天气")
    told = messages("event_cancelled")
    assert sorted(told.values_list("recipient", "channel")) == sorted(
        (row.member_id, channel) for row in standing for channel in ("in_app", "sms")
    )
    assert {message.context["reason"] for message in told} == {"天气"}


def test_time_takes_its_steps_and_catches_up():
    now = timezone.now()
    past = {
        "signup_opens_at": now - timedelta(days=9),
        "signup_closes_at": now - timedelta(days=5),
        "choice_opens_at": now - timedelta(days=4),
        "choice_closes_at": now - timedelta(days=1),
    }
    missed = put_event(make_event(), **past)
    young = make_event()
    draft = put_event(make_event(state=EventState.DRAFT), **past)

    assert events_keep_time() == 3
    assert events_keep_time() == 0

    assert MatchEvent.objects.get(pk=missed.pk).state == EventState.REVEALED
    assert MatchEvent.objects.get(pk=young.pk).state == EventState.PUBLISHED
    assert MatchEvent.objects.get(pk=draft.pk).state == EventState.DRAFT
    assert set(AuditEntry.objects.about(missed).exclude(clock="").values_list("clock", flat=True)) == {
        "matchmaking.keep_time"
    }


def test_time_opens_the_round_when_it_is_due_and_reveals_when_it_is_over():
    now = timezone.now()
    event = put_event(make_event(), signup_closes_at=now - timedelta(hours=2))
    assert events_keep_time() == 1
    put_event(event, choice_opens_at=now - timedelta(hours=1))
    assert events_keep_time() == 1
    assert MatchEvent.objects.get(pk=event.pk).state == EventState.CHOICE_OPEN
    assert events_keep_time() == 0
    put_event(event, choice_closes_at=now)
    assert events_keep_time() == 1
    assert MatchEvent.objects.get(pk=event.pk).state == EventState.REVEALED


def test_links_cannot_be_guessed():
    events = [make_event(state=EventState.DRAFT) for _number in range(3)]
    assert len({event.slug for event in events}) == 3
    assert all(len(event.slug) >= 12 for event in events)
