"""Volunteers: application, pledge, training, start, rest and end, and the staff pages about them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matchmaking import consents
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import ContactLog, MatchCase, Volunteer
from matchmaking.services.cases import contact_add
from matchmaking.services.volunteers import (
    erase_matchmaking_help,
    volunteer_activate,
    volunteer_apply,
    volunteer_create,
    volunteer_end,
    volunteer_pledge,
    volunteer_rest,
    volunteer_train,
)
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.models import Consent, Member
from portal.messaging.models import Message
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_profile, make_volunteer
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
STATES = list(VolunteerState)


def refused(code, service, **arguments):
    with pytest.raises(DomainError) as refusal:
        service(**arguments)
    assert refusal.value.code == code


def test_a_member_becomes_a_matchmaker_step_by_step():
    city = make_organization()
    member, chair = make_member(make_unit(city)), make_staff(city)
    row = volunteer_apply(member=member, motive="愿意帮忙")
    assert (row.organization, row.state, row.motive) == (city, VolunteerState.APPLIED, "愿意帮忙")
    refused("not-ready", volunteer_activate, volunteer=row, actor=chair)
    row = volunteer_pledge(volunteer=row, actor=member)
    standing = Consent.objects.standing().filter(member=member, purpose=consents.PLEDGE.code)
    assert (row.pledge_version, standing.count()) == (consents.PLEDGE.version, 1)
    row = volunteer_train(volunteer=row, actor=chair, trained_on=timezone.localdate(), most=12)
    row = volunteer_activate(volunteer=row, actor=chair)
    assert (row.state, row.most) == (VolunteerState.ACTIVE, 12)
    assert Volunteer.objects.of(member).get() == row
    assert Message.objects.filter(recipient=member, kind="matchmaking.volunteer_active").count() == 1


def test_nobody_applies_twice_and_who_ended_begins_anew():
    row = make_volunteer()
    refused("twice", volunteer_apply, member=row.member, motive="")
    volunteer_end(volunteer=row, actor=make_staff(row.organization))
    again = volunteer_apply(member=row.member, motive="又有时间了")
    assert again.pk == row.pk
    assert (again.state, again.pledged_at, again.trained_on, again.valid_until) == ("applied", None, None, None)


def test_staff_take_a_member_on_and_she_is_told():
    city = make_organization()
    member, chair = make_member(make_unit(city)), make_staff(city)
    row = volunteer_create(actor=chair, organization=city, member=member, most=5)
    assert (row.state, row.most, row.given_by) == (VolunteerState.APPLIED, 5, chair)
    assert Message.objects.get(recipient=member).kind == "matchmaking.volunteer_asked"


def test_without_a_unit_nobody_applies():
    member = make_member()
    Member.objects.filter(pk=member.pk).update(organization=None)
    refused("no-unit", volunteer_apply, member=Member.objects.get(pk=member.pk), motive="")


def test_the_pledge_is_signed_by_nobody_else():
    row = make_volunteer(state=VolunteerState.APPLIED)
    refused("not-yours", volunteer_pledge, volunteer=row, actor=make_staff(row.organization))
    assert Volunteer.objects.get(pk=row.pk).pledged_at is None


@pytest.mark.parametrize("state", STATES)
def test_training_and_pledge_by_state(state):
    row = make_volunteer(state=state)
    trained = {"trained_on": timezone.localdate(), "most": 3, "actor": make_staff(row.organization)}
    if state == VolunteerState.ENDED:
        refused("ended", volunteer_train, volunteer=row, **trained)
        refused("ended", volunteer_pledge, volunteer=row, actor=row.member)
    else:
        assert volunteer_train(volunteer=row, **trained).most == 3
        assert volunteer_pledge(volunteer=row, actor=row.member).pledged_at is not None
    trained["trained_on"] += timedelta(days=1)
    refused("future", volunteer_train, volunteer=row, **trained)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("service", "possible"),
    [
        (volunteer_activate, {VolunteerState.APPLIED, VolunteerState.RESTING}),
        (volunteer_rest, {VolunteerState.ACTIVE}),
        (volunteer_end, {VolunteerState.APPLIED, VolunteerState.ACTIVE, VolunteerState.RESTING}),
    ],
)
def test_steps_by_state(state, service, possible):
    row = make_volunteer(state=state, pledged_at=timezone.now(), trained_on=timezone.localdate())
    chair = make_staff(row.organization)
    if state in possible:
        assert service(volunteer=row, actor=chair).state != state
    else:
        refused("no-such-step", service, volunteer=row, actor=chair)
        assert Volunteer.objects.get(pk=row.pk).state == state


def test_nobody_lets_herself_begin():
    chair = make_staff(make_organization())
    row = make_volunteer(chair.organization, chair, state=VolunteerState.RESTING)
    refused("own", volunteer_activate, volunteer=row, actor=chair)


@pytest.mark.parametrize("service", [volunteer_rest, volunteer_end])
def test_who_stops_hands_her_people_back_and_sees_nothing_more(service):
    row = make_volunteer()
    case = make_case(row)
    Consent.objects.create(
        member=case.profile.member, purpose=consents.CASE_CONTACT.code, version=1, about_id=case.pk, language="en",
        text_digest="0" * 64,
    )  # fmt: skip
    service(volunteer=row, actor=make_staff(row.organization))
    case.refresh_from_db()
    assert case.closed_on == timezone.localdate()
    assert not MatchCase.objects.visible_to(row.member).exists()
    assert not Consent.objects.standing().filter(purpose=consents.CASE_CONTACT.code).exists()


def test_taking_the_pledge_back_stops_her(client):
    row = make_volunteer()
    make_case(row)
    given = Consent.objects.create(
        member=row.member, purpose=consents.PLEDGE.code, version=1, language="en", text_digest="0" * 64
    )
    sign_in(client, row.member).post(reverse("members:consent-withdraw", args=[given.pk]))
    row.refresh_from_db()
    assert (row.state, row.cases.filter(closed_on=None).count()) == (VolunteerState.ENDED, 0)


def test_erasing_a_person_leaves_no_word_of_her():
    row = make_volunteer(motive="愿意帮忙")
    case = make_case(row, next_action="打电话")
    contact_add(case=case, actor=row.member, kind="call", words="聊得很好", at=timezone.now())
    lives = make_introduction(row, one=case.profile, state="agreed")
    erase_matchmaking_help(case.profile.member)
    lives.refresh_from_db()
    case.refresh_from_db()
    assert (lives.state, lives.words, case.next_action, ContactLog.objects.count()) == ("ended", "", "", 0)
    erase_matchmaking_help(row.member)
    row.refresh_from_db()
    assert (row.state, row.motive) == (VolunteerState.ENDED, "")


# Pages.
def test_desk_pages_open_to_who_sees_matchmaking_and_steps_to_who_edits(client):
    row = make_volunteer()
    detail = reverse("matchmaking:volunteer-detail", args=[row.pk])
    rest = reverse("matchmaking:volunteer-rest", args=[row.pk])
    assert client.get(detail).status_code == 302
    reviewer = make_staff(row.organization, role=Role.REVIEWER)
    sign_in(client, reviewer)
    assert (client.get(detail).status_code, client.get(rest).status_code) == (200, 403)
    sign_in(client, make_staff(make_organization()))
    assert (client.get(detail).status_code, client.get(rest).status_code) == (404, 404)
    sign_in(client, row.member)
    assert client.get(detail).status_code == 404
    sign_in(client, make_staff(row.organization))
    assert client.post(rest).status_code == 302
    row.refresh_from_db()
    assert row.state == VolunteerState.RESTING


def test_a_member_is_taken_on_by_her_number_within_reach_alone(client):
    city = make_organization()
    member = make_member(make_unit(city), phone=phone_number(31))
    make_member(make_unit(), phone=phone_number(32))
    sign_in(client, make_staff(city))
    address = reverse("matchmaking:volunteer-create")
    outside = client.post(address, {"organization": city.pk, "phone": phone_number(32), "most": 9})
    wrong = client.post(address, {"organization": city.pk, "phone": "12", "most": 9})
    assert (outside.status_code, wrong.status_code, Volunteer.objects.count()) == (422, 422, 0)
    client.post(address, {"organization": city.pk, "phone": phone_number(31), "most": 9})
    assert Volunteer.objects.get().member == member


def test_a_member_applies_and_signs_on_her_own_pages(client):
    city = make_organization()
    member = make_member(make_unit(city))
    sign_in(client, member)
    client.post(reverse("matchmaking:helping-apply"), {"motive": "愿意帮忙"})
    assert client.post(reverse("matchmaking:helping-pledge"), {}).status_code == 422
    client.post(reverse("matchmaking:helping-pledge"), {"agree": "on"})
    row = Volunteer.objects.get(member=member)
    assert row.pledged_at is not None
    assert client.get(reverse("matchmaking:helping-detail")).status_code == 200
    client.post(reverse("matchmaking:helping-stop"))
    row.refresh_from_db()
    assert row.state == VolunteerState.ENDED


def test_what_the_desk_asks_does_not_grow_with_rows(client):
    city = make_organization()
    chair = make_staff(city)
    sign_in(client, chair)
    row = make_volunteer(city)
    addresses = [
        reverse("matchmaking:volunteer-list"),
        reverse("matchmaking:volunteer-figures"),
        reverse("matchmaking:volunteer-detail", args=[row.pk]),
    ]
    make_introduction(row)
    one = [queries_of(client, address) for address in addresses]
    for _number in range(3):
        other = make_volunteer(make_organization(city, kind="county"))
        make_case(other)
        make_introduction(other, state="met")
    assert [queries_of(client, address) for address in addresses] == one
    assert max(one) <= 15


def test_figures_count_by_state_and_name_nobody(client):
    city = make_organization()
    row = make_volunteer(city)
    profile = make_profile(city)
    make_introduction(row, one=profile)
    make_introduction(row, state="met")
    make_introduction(make_volunteer(), state="met")
    sign_in(client, make_staff(city))
    page = client.get(reverse("matchmaking:volunteer-figures"))
    counted = {state.value: number for state, number in page.context["totals"]}
    assert counted == {"asked": 1, "agreed": 0, "not_agreed": 0, "met": 1, "together": 0, "ended": 0}
    assert profile.nickname not in page.text


def test_whoever_looks_after_people_finds_them_from_her_first_page(client):
    row = make_volunteer()
    sign_in(client, row.member)
    page = client.get(reverse("home")).content.decode()
    assert page.count(reverse("matchmaking:caseload-list")) == 2
    assert "我的红娘服务" in page
    sign_in(client, make_member())
    page = client.get(reverse("home")).content.decode()
    assert reverse("matchmaking:caseload-list") not in page
    assert "当志愿红娘" in page


def test_a_single_finds_what_waits_for_her_answer_on_her_first_page(client):
    made = make_introduction()
    sign_in(client, made.one.member)
    page = client.get(reverse("home")).content.decode()
    assert reverse("matchmaking:introduction-list") in page
    assert reverse("matchmaking:my-matchmaker-detail") in page
    assert "1 个等您答复" in page
