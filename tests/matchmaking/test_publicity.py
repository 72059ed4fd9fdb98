"""Publicity: nothing without the person's consent to this medium, or after it is withdrawn."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from matchmaking import agreements
from matchmaking.choices.publicity import NominationState
from matchmaking.models import MediaRelease, Nomination
from matchmaking.services.publicity import (
    erase_nominations,
    nomination_answer,
    nomination_ask,
    nomination_pass_on,
    nomination_release,
    nomination_take_back,
    purpose_of,
    release_update,
)
from portal.core.errors import Conflict, DomainError
from portal.members.models import Consent
from portal.messaging.models import Message
from tests.factories.matchmaking_pairs import make_known, make_nomination, make_release
from tests.factories.members import make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def answered(agree=True, **fields):
    row = make_nomination(**fields)
    return nomination_answer(nomination=row, actor=row.member, agree=agree)


def refused(work, **arguments):
    before = list(Nomination.objects.values("pk", "state"))
    with pytest.raises(DomainError) as refusal:
        work(**arguments)
    assert list(Nomination.objects.values("pk", "state")) == before
    return refusal.value.code


def test_she_agrees_to_one_medium_and_one_purpose():
    row = answered(programme="示例栏目甲", purpose="示例目的")
    given = Consent.objects.standing().get(purpose="matchmaking.publicity", about_id=row.pk)
    assert given.text_digest == purpose_of(row).digest
    first = purpose_of(row).lines[0]
    assert "示例栏目甲" in first
    assert "示例目的" in first
    other = make_nomination(programme="示例栏目乙")
    assert purpose_of(other).digest != given.text_digest


@pytest.mark.parametrize("state", [state for state in NominationState if state != NominationState.CONSENTED])
def test_nothing_is_passed_on_without_a_standing_agreement(state):
    row = make_nomination()
    Nomination.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    assert refused(nomination_pass_on, nomination=row, actor=row.created_by) == "no-such-step"


def test_only_the_person_herself_answers_and_takes_back():
    row = make_nomination()
    for actor in (row.created_by, make_known()):
        assert refused(nomination_answer, nomination=row, actor=actor, agree=True) == "not-yours"
        assert refused(nomination_take_back, nomination=row, actor=actor) == "not-yours"
    assert not Consent.objects.filter(purpose="matchmaking.publicity").exists()


@pytest.mark.parametrize("door", ["page", "consent"])
def test_taking_back_ends_it_at_once_through_either_door(door):
    row = answered()
    row = nomination_pass_on(nomination=row, actor=row.created_by)
    if door == "page":
        nomination_take_back(nomination=row, actor=row.member)
    else:
        given = Consent.objects.standing().get(purpose="matchmaking.publicity")
        agreements.take_back(given, row.member)
    row = Nomination.objects.get()
    assert (row.state, row.settled_on) == (NominationState.WITHDRAWN, timezone.localdate())
    assert not Consent.objects.standing().filter(purpose="matchmaking.publicity").exists()
    told = Message.objects.get(kind="matchmaking.nomination_withdrawn")
    assert (told.recipient_id, told.context) == (row.created_by_id, {"number": row.pk})
    assert refused(nomination_release, nomination=row, actor=row.created_by) == "no-such-step"


def test_desk_pages_shorten_the_name_until_she_agrees(client):
    city = make_organization()
    staff = make_staff(city)
    member = make_known(city, name="示例欧阳")
    row = make_nomination(city, actor=staff, member=member)
    sign_in(client, staff)
    for page in (row.get_absolute_url(), reverse("matchmaking:nomination-list")):
        assert "示例欧阳" not in client.get(page).content.decode()
    nomination_answer(nomination=row, actor=member, agree=True)
    assert "示例欧阳" in client.get(row.get_absolute_url()).content.decode()


def test_only_standing_agreements_are_taken_out(client):
    city = make_organization()
    staff = make_staff(city)
    rows = [make_nomination(city, actor=staff, programme=f"示例{number}") for number in range(3)]
    nomination_answer(nomination=rows[0], actor=rows[0].member, agree=True)
    nomination_answer(nomination=rows[1], actor=rows[1].member, agree=False)
    page = sign_in(client, staff).get(reverse("matchmaking:nomination-list"))
    view = page.context["page"]
    view.request = RequestFactory().get("/")
    view.request.user = staff
    assert [row.pk for row in view.export_rows(page.context["table"])] == [rows[0].pk]


def test_who_is_not_known_here_is_proposed_to_nobody():
    city, other = make_organization(), make_organization()
    ask = {"actor": make_staff(city), "organization": city, "medium": "radio", "programme": "a", "purpose": "b"}
    for phone in (phone_number(66_000_002), make_known(other).phone):
        assert refused(nomination_ask, phone=phone, **ask) == "unknown"
    row = make_nomination(city, programme="示例")
    again = {**ask, "medium": row.medium, "programme": "示例"}
    assert refused(nomination_ask, phone=row.member.phone, **again) == "proposed"
    assert Message.objects.filter(kind="matchmaking.nomination_asked").count() == 1


def test_a_publication_is_corrected_by_one_at_a_time():
    row = make_release()
    staff = make_staff(row.organization)
    release_update(actor=staff, release=row, version=1, title="示例更正")
    with pytest.raises(Conflict):
        release_update(actor=staff, release=row, version=1, title="示例再改")
    assert MediaRelease.objects.get().title == "示例更正"


def test_erasing_ends_and_deletes_them():
    row = answered()
    assert erase_nominations(row.member) == 1
    assert not Nomination.objects.exists()
    assert not Consent.objects.standing().filter(purpose="matchmaking.publicity").exists()
