"""Copying an event, changing a public one, agreeing anew, sending letters, filing the report."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from matchmaking import consents, reminders
from matchmaking.choices.events import EventState
from matchmaking.models import EventLetter, MatchEvent, Participation
from matchmaking.services.changing import event_change, event_copy, event_quotas_set
from matchmaking.services.choosing import choices_set
from matchmaking.services.letters import letter_send
from matchmaking.services.participations import consent_renew, event_join, event_leave, offer_accept
from matchmaking.services.reviewing import signup_accept
from portal.core.choices import Sex
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.members.models import Consent
from portal.messaging.models import Message
from portal.signups.choices import SignUpState
from tests.factories.matchmaking import LINE, make_event, make_participation, make_single, open_choice, put_event
from tests.factories.matchmaking_library import make_cost, make_invitation, make_partner, make_venue
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db
CHANGEABLE = {"approved", "published", "signup_closed", "shortlisted", "running"}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    settings.PRIVATE_STORAGE_DIR = tmp_path / "files"


def sent(kind):
    return Message.objects.filter(kind=f"matchmaking.{kind}", channel="in_app")


def test_a_copy_has_the_facts_and_no_people():
    event = make_event(title="甲", restricted=True, unit_cap=2, men_quota=7, venue=None)
    make_partner(event)
    make_invitation(event)
    make_cost(event)
    make_participation(event)
    starts = event.starts_at + timedelta(days=30)
    copy = event_copy(actor=event.created_by, event=event, title="乙", starts_at=starts)
    assert (copy.state, copy.copied_from, copy.title) == (EventState.DRAFT, event, "乙")
    assert (copy.restricted, copy.unit_cap, copy.men_quota) == (True, 2, 7)
    assert copy.choice_closes_at - event.choice_closes_at == timedelta(days=30)
    assert copy.slug != event.slug
    counts = [getattr(copy, name).count() for name in ("partners", "invitations", "costs", "signups", "demands")]
    assert counts == [1, 0, 0, 0, 0]


def test_a_copy_at_the_same_time_and_venue_is_refused():
    city = make_organization()
    event = make_event(city, venue=make_venue(city))
    with pytest.raises(DomainError) as refusal:
        event_copy(actor=event.created_by, event=event, title="乙", starts_at=event.starts_at)
    assert (refusal.value.code, MatchEvent.objects.count()) == ("venue-taken", 1)


@pytest.mark.parametrize("state", EventState)
def test_from_when_to_when_an_event_changes(state):
    event = make_event(state=state)
    row = make_participation(event)
    actions = (
        lambda version: event_change(actor=event.created_by, event=event, version=version, place=f"新地点{version}"),
        lambda version: event_quotas_set(actor=event.created_by, event=event, version=version, men_quota=9),
    )
    for version, action in enumerate(actions, start=1):
        if state in CHANGEABLE:
            action(version)
        else:
            with pytest.raises(DomainError):
                action(1)
    held = MatchEvent.objects.get(pk=event.pk)
    assert (held.place, held.men_quota) == (("新地点1", 9) if state in CHANGEABLE else ("", 2))
    assert list(sent("event_changed").values_list("recipient", flat=True)) == (
        [row.member_id] if state in CHANGEABLE else []
    )


def test_everyone_who_stands_is_told_of_a_change_and_nobody_else():
    event = make_event()
    states = (SignUpState.CONFIRMED, SignUpState.WAITLISTED, SignUpState.OFFERED, SignUpState.APPLIED)
    standing = [make_participation(event, state=state) for state in states]
    for state in (SignUpState.WITHDRAWN, SignUpState.EXPIRED, SignUpState.DECLINED):
        make_participation(event, state=state)
    event_change(actor=event.created_by, event=event, version=1, ends_at=event.ends_at + timedelta(hours=1))
    assert sorted(sent("event_changed").values_list("recipient", flat=True)) == [row.member_id for row in standing]


def test_no_change_and_an_outdated_one_are_refused():
    event = make_event(place="甲")
    with pytest.raises(DomainError) as refusal:
        event_change(actor=event.created_by, event=event, version=1, place="甲")
    assert refusal.value.code == "unchanged"
    event_change(actor=event.created_by, event=event, version=1, place="乙")
    for action in (event_change, event_quotas_set):
        with pytest.raises(Conflict):
            action(actor=event.created_by, event=event, version=1, men_quota=5)
    with pytest.raises(ValidationError):
        event_change(actor=event.created_by, event=event, version=2, ends_at=event.starts_at)
    assert MatchEvent.objects.get().version == 2


def test_a_change_into_another_event_s_time_is_refused():
    city = make_organization()
    venue = make_venue(city)
    held = make_event(city, venue=venue)
    event = make_event(city)
    with pytest.raises(DomainError) as refusal:
        event_change(actor=event.created_by, event=event, version=1, venue=venue)
    assert refusal.value.code == "venue-taken"
    assert (MatchEvent.objects.get(pk=event.pk).venue, held.venue) == (None, venue)


def join(event, sex=Sex.FEMALE):
    member = make_single(event.organization, sex)
    return event_join(event=event, member=member, actor=member, line=LINE)[0]


def test_a_new_purpose_hides_her_card_until_she_agrees_anew(client):
    event = make_event()
    her, him = join(event), join(event, Sex.MALE)
    note = "活动将由示例电视台到场采访"
    event = event_change(actor=event.created_by, event=event, version=1, purpose_note=note)
    assert (event.consent_version, event.purpose_note) == (2, note)
    assert sorted(sent("purpose_changed").values_list("recipient", flat=True)) == [her.member_id, him.member_id]
    assert list(Participation.objects.candidates_of(him)) == []
    assert str(consents.event_purpose(event).lines[-1]) == note

    sign_in(client, her.member)
    assert note in client.get(event.get_member_url()).content.decode()
    address = reverse("matchmaking:meet-agree", args=[event.slug])
    assert client.post(address).status_code == 422
    assert client.post(address, {"agree": "on"}).status_code == 302
    assert list(Participation.objects.candidates_of(him)) == [her]
    given = Consent.objects.filter(member=her.member, purpose=consents.EVENT.code).order_by("pk")
    assert [(row.version, row.withdrawn_at is None) for row in given] == [(1, False), (2, True)]

    event = open_choice(event)
    with pytest.raises(DomainError) as refusal:
        choices_set(participation=him, chosen=[her.pk], actor=him.member)
    assert refusal.value.code == "agree-anew"
    with pytest.raises(DomainError):
        choices_set(participation=her, chosen=[him.pk], actor=her.member)


def test_who_has_not_agreed_is_reminded_before_the_round():
    now = timezone.now()
    times = {"signup_closes_at": now + timedelta(hours=1), "choice_opens_at": now + timedelta(hours=30)}
    event = put_event(make_event(), consent_version=2, **times)
    late = make_participation(event)
    make_participation(event, consent_version=2)
    make_participation(event, state=SignUpState.WAITLISTED)
    put_event(make_event(), consent_version=2)
    assert [due.to for due in reminders.consent_due(now)] == [late.member]
    assert [due.to for due in reminders.consent_due(now + timedelta(hours=31))] == []
    assert [due.to for due in reminders.consent_due(now - timedelta(hours=30))] == []


def test_she_alone_agrees_anew_and_only_while_she_stands():
    event = put_event(make_event(), consent_version=2)
    row = make_participation(event)
    with pytest.raises(DomainError):
        consent_renew(participation=row, actor=event.created_by)
    gone = make_participation(event, state=SignUpState.WITHDRAWN)
    with pytest.raises(DomainError):
        consent_renew(participation=gone, actor=gone.member)
    assert set(event.signups.values_list("consent_version", flat=True)) == {1}


def test_who_waits_agrees_to_the_new_purpose_with_the_place():
    event = make_event(women_quota=1)
    first, second = join(event), join(event)
    event = event_change(actor=event.created_by, event=event, version=1, purpose_note="x")
    event_leave(participation=first, actor=first.member)
    row = Participation.objects.select_related("offering", "member").get(pk=second.pk)
    with pytest.raises(DomainError) as refusal:
        offer_accept(participation=row, actor=row.member)
    assert refusal.value.code == "not-agreed"
    assert offer_accept(participation=row, actor=row.member, agreed=True).consent_version == 2


def test_more_places_are_offered_to_whoever_waits_and_fewer_than_held_are_refused():
    event = make_event(women_quota=1)
    first, second, third = join(event), join(event), join(event)
    event = event_quotas_set(actor=event.created_by, event=event, version=1, women_quota=2)
    states = dict(event.signups.values_list("pk", "state"))
    assert [states[row.pk] for row in (first, second, third)] == ["confirmed", "offered", "waitlisted"]
    assert sent("offered").get().recipient == second.member
    with pytest.raises(DomainError) as refusal:
        event_quotas_set(actor=event.created_by, event=event, version=2, women_quota=1)
    assert refusal.value.code == "held"
    assert MatchEvent.objects.get().women_quota == 2


def test_letters_reach_their_list_and_stand_on_its_page(client):
    event = make_event()
    confirmed, waiting = make_participation(event), make_participation(event, state=SignUpState.WAITLISTED)
    actor = event.created_by
    letter_send(actor=actor, event=event, to="confirmed", title="集合", words="九点东门集合")
    letter_send(actor=actor, event=event, to="waiting", title="候补", words="请留意通知")
    letter_send(actor=actor, event=event, to="everyone", title="天气", words="记得带伞")
    assert [(row.to, row.people) for row in EventLetter.objects.order_by("pk")] == [
        ("confirmed", 1),
        ("waiting", 1),
        ("everyone", 2),
    ]
    assert not any("东门" in str(message.context) for message in Message.objects.all())
    for row, expected in ((confirmed, (True, False, True)), (waiting, (False, True, True))):
        page = sign_in(client, row.member).get(event.get_member_url()).content.decode()
        assert tuple(words in page for words in ("九点东门集合", "请留意通知", "记得带伞")) == expected


def test_letters_are_refused_when_nobody_reads_them_and_after_five_a_day():
    event = make_event()
    given = {"actor": event.created_by, "event": event, "title": "x", "words": "y"}
    with pytest.raises(DomainError) as refusal:
        letter_send(**given, to="confirmed")
    assert refusal.value.code == "nobody"
    make_participation(event)
    for _number in range(5):
        letter_send(**given, to="everyone")
    with pytest.raises(DomainError) as refusal:
        letter_send(**given, to="everyone")
    assert (refusal.value.code, EventLetter.objects.count()) == ("enough", 5)
    with pytest.raises(DomainError) as refusal:
        letter_send(**{**given, "event": put_event(event, EventState.CLOSED)}, to="everyone")
    assert refusal.value.code == "no-letters"


def test_a_letter_is_looked_at_with_its_number_before_it_goes(client):
    event = make_event()
    for _number in range(3):
        make_participation(event)
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-letters", args=[event.pk])
    data = {"to": "confirmed", "title": "集合", "words": "九点"}
    page = client.post(address, {**data, "look": "1"}).content.decode()
    assert ("3 人会看到" in page, EventLetter.objects.count()) == (True, 0)
    assert client.post(address, {**data, "send": "1"}).status_code == 302
    assert EventLetter.objects.get().people == 3


def test_settling_waits_for_the_review_and_the_steps_shown_are_those_that_apply(client):
    event = make_event(needs_review=True, state=EventState.SIGNUP_CLOSED)
    row = make_participation(event, state=SignUpState.APPLIED)
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-settle", args=[event.pk])
    assert client.post(address).status_code == 422
    signup_accept(participation=row, actor=event.created_by)
    assert client.post(address).status_code == 302
    assert MatchEvent.objects.get().state == EventState.SHORTLISTED
    assert client.post(reverse("matchmaking:event-begin", args=[event.pk])).status_code == 302
    put_event(event, EventState.CLOSED)
    assert client.post(reverse("matchmaking:event-report", args=[event.pk])).status_code == 302
    assert MatchEvent.objects.get().state == EventState.REPORTED
    plain = make_event(event.organization, created_by=event.created_by)
    page = client.get(plain.get_absolute_url()).content.decode()
    assert ("名单确定" in page or "确定名单" in page) is False


@pytest.mark.parametrize("page", ["copy", "change", "quotas", "letters", "partners", "costs", "add", "sheet"])
def test_who_edits_and_who_does_not(client, page):
    event = make_event()
    address = reverse(f"matchmaking:event-{page}", args=[event.pk])
    expected = {
        event.created_by: 200,
        make_staff(event.organization, Role.REVIEWER): 403,
        make_staff(make_organization()): 404,
    }
    for actor, answer in expected.items():
        assert sign_in(client, actor).get(address).status_code == answer


def test_changing_on_the_page_keeps_both_versions(client):
    event = make_event(place="甲")
    sign_in(client, event.created_by)
    address = reverse("matchmaking:event-change", args=[event.pk])
    names = ("starts_at", "ends_at", "signup_closes_at", "choice_opens_at", "choice_closes_at")
    times = {name: f"{timezone.localtime(getattr(event, name)):%Y-%m-%dT%H:%M}" for name in names}
    assert client.post(address, {**times, "place": "乙", "version": 1}).status_code == 302
    assert MatchEvent.objects.get().place == "乙"
    assert client.post(address, {**times, "place": "丙", "version": 1}).status_code == 409
    assert MatchEvent.objects.get().place == "乙"
