"""Follow-ups: when they are due, who may see which people to call, what is recorded."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking import consents, reminders, todo
from matchmaking.choices.follow_ups import FollowUpState
from matchmaking.models import EventMatchmaker, FollowUp, Pair
from matchmaking.selectors.follow_ups import caseload_follow_ups, halves, overdue_by_place, pair_for_follow_up
from matchmaking.services.choosing import choices_set, event_reveal
from matchmaking.services.follow_ups import due_days, follow_up_ask, follow_up_record
from matchmaking.services.pairs import pair_quiet
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.services.consents import consent_give, consent_withdraw
from portal.messaging.models import Message
from portal.organizations.models import LegalParameter
from tests.factories.matchmaking import make_event, make_law, make_participation, open_choice
from tests.factories.matchmaking_pairs import make_pair
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def with_helper(pair, *sides):
    """Give one matchmaker to the sides of a pair; return the matchmaker."""
    helper = make_member(pair.event.organization, name="示例红娘")
    given = EventMatchmaker.objects.create(event=pair.event, member=helper, valid_from=today())
    for side in sides or ("one", "two"):
        row = getattr(pair, side)
        row.matchmaker = given
        row.save()
    return helper


@pytest.mark.parametrize(
    ("held_on", "days", "weeks", "months"),
    [
        (date(2026, 8, 20), date(2026, 8, 23), date(2026, 9, 10), date(2026, 11, 20)),
        (date(2026, 11, 30), date(2026, 12, 3), date(2026, 12, 21), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2027, 12, 3), date(2027, 12, 21), date(2028, 2, 29)),
    ],
)
def test_three_days_three_weeks_three_months(held_on, days, weeks, months):
    make_law()
    assert list(due_days(held_on).values()) == [days, weeks, months]


def test_the_days_are_the_administrators_to_change():
    make_law()
    LegalParameter.objects.filter(key="matchmaking.follow_up_days").update(value=5)
    assert due_days(date(2026, 8, 20))["days"] == date(2026, 8, 25)


def test_the_reveal_gives_every_pair_its_three(settings, tmp_path):
    settings.KEY_DIR = tmp_path
    event = make_event()
    her, him = make_participation(event), make_participation(event, sex=Sex.MALE)
    event = open_choice(event)
    for one, two in ((her, him), (him, her)):
        choices_set(participation=one, chosen=[two.pk], actor=one.member)
    event_reveal(event=event, actor=event.created_by)
    pair = Pair.objects.get()
    assert list(pair.follow_ups.order_by("due_on").values_list("kind", "state", "due_on")) == [
        (kind, FollowUpState.DUE, day) for kind, day in due_days(pair.held_on).items()
    ]


@pytest.mark.parametrize("agreed", [(), ("one",), ("two",), ("one", "two")])
def test_names_and_numbers_are_for_the_matchmaker_once_both_agreed(agreed):
    pair = make_pair()
    helper = with_helper(pair, "one")
    for side in agreed:
        consent_give(member=getattr(pair, side).member, purpose=consents.PAIR_MATCHMAKER, about_id=pair.pk)
    shown = pair_for_follow_up(pair.follow_ups.first())
    both = agreed == ("one", "two")
    assert [bool(half.phone) for half in halves(shown, helper)] == [both, False]
    for reader in (pair.event.created_by, make_staff(pair.event.organization), pair.two.member):
        assert [half.name or half.phone for half in halves(shown, reader)] == ["", ""]
    if both:
        consent_withdraw(member=pair.two.member, purpose=consents.PAIR_MATCHMAKER, about_id=pair.pk)
        shown = pair_for_follow_up(pair.follow_ups.first())
        assert [half.phone for half in halves(shown, helper)] == ["", ""]


def test_the_note_is_read_by_its_writer_and_the_editors(client):
    pair = make_pair()
    helper, other = with_helper(pair, "one"), with_helper(pair, "two")
    row = pair.follow_ups.order_by("due_on").first()
    follow_up_record(follow_up=row, actor=helper, result="reached", words="示例笔记")
    readers = {helper: True, other: False, pair.event.created_by: True}
    for reader, reads in readers.items():
        page = sign_in(client, reader).get(row.get_absolute_url())
        assert (page.status_code, "示例笔记" in page.content.decode()) == (200, reads)
    for stranger in (pair.one.member, make_staff(pair.event.organization, Role.REVIEWER)):
        assert sign_in(client, stranger).get(row.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("state", [FollowUpState.DONE, FollowUpState.STOPPED])
def test_a_closed_one_is_not_recorded_again(state):
    pair = make_pair()
    row = pair.follow_ups.first()
    if state == FollowUpState.DONE:
        follow_up_record(follow_up=row, actor=pair.event.created_by, result="reached")
    else:
        pair_quiet(pair=pair, actor=pair.one.member)
    row = FollowUp.objects.get(pk=row.pk)
    for action in (
        lambda: follow_up_record(follow_up=row, actor=pair.event.created_by, result="apart"),
        lambda: follow_up_ask(follow_up=row, actor=pair.event.created_by),
    ):
        with pytest.raises(DomainError):
            action()
    assert FollowUp.objects.values("state", "result").get(pk=row.pk) == {"state": state, "result": row.result}


def test_both_are_asked_once():
    pair = make_pair()
    row = pair.follow_ups.first()
    follow_up_ask(follow_up=row, actor=pair.event.created_by)
    with pytest.raises(DomainError) as refusal:
        follow_up_ask(follow_up=row, actor=pair.event.created_by)
    assert refusal.value.code == "asked"
    asked = Message.objects.filter(kind="matchmaking.follow_up_ask", channel="in_app")
    assert set(asked.values_list("recipient", flat=True)) == {pair.one.member_id, pair.two.member_id}


def test_due_ones_wait_for_their_own_place_and_are_counts_above():
    city = make_organization()
    event = make_event(city)
    for _number in range(2):
        make_pair(event, held_on=today() - timedelta(days=5))
    cadre, above = make_staff(city), make_staff(city.parent)
    items = todo.follow_ups_waiting(cadre)
    assert [item.due_at.date() for item in items] == [today() - timedelta(days=2)]
    assert event.title in items[0].title
    assert todo.follow_ups_waiting(above) == []
    assert [(row.name, row.count) for row in overdue_by_place(above)] == [(city.name, 2)]
    assert overdue_by_place(make_staff(make_organization())) == []


def test_reminders_go_to_the_matchmakers_or_else_to_who_planned_it():
    due = today() - timedelta(days=3)
    helped, alone = make_pair(held_on=due), make_pair(held_on=due)
    helper = with_helper(helped)
    make_pair(held_on=today())
    found = sorted((row.about.pair_id, row.to.pk) for row in reminders.follow_up_due(timezone.now()))
    assert found == [(helped.pk, helper.pk), (alone.pk, alone.event.created_by_id)]


def test_her_caseload_lists_what_is_due_for_her_people(client):
    pair = make_pair()
    helper = with_helper(pair, "two")
    make_pair(pair.event)
    assert [row.pair_id for row in caseload_follow_ups(helper)] == [pair.pk] * 3
    page = sign_in(client, helper).get(reverse("matchmaking:caseload-list")).content.decode()
    assert page.count("/follow-ups/") == 3
    assert "P01" in page


def test_a_matchmaker_records_from_her_own_pages(client):
    pair = make_pair()
    helper = with_helper(pair)
    row = pair.follow_ups.first()
    sign_in(client, helper)
    answer = client.post(reverse("matchmaking:follow-up-record", args=[row.pk]), {"result": "reached", "words": "a"})
    assert answer.status_code == 302
    row = FollowUp.objects.get(pk=row.pk)
    assert (row.state, row.done_by_id, row.words) == (FollowUpState.DONE, helper.pk, "a")
    assert client.get(reverse("matchmaking:follow-up-list")).status_code == 404


def test_the_list_names_nobody_of_a_pair_and_starts_with_what_is_overdue(client):
    city = make_organization()
    event = make_event(city)
    late = make_pair(event, held_on=today() - timedelta(days=9))
    make_pair(event)
    page = sign_in(client, make_staff(city)).get(reverse("matchmaking:follow-up-list"))
    text = page.content.decode()
    for row in (late.one, late.two):
        assert row.member.name not in text
        assert row.member.phone not in text
    assert page.context["table"].rows[0].record.pair_id == late.pk
    assert (page.context["done"], page.context["due"]) == (0, 1)
