"""Pages about the time after the reveal make the same number of queries at every size."""

import time

import pytest
from django.urls import reverse

from matchmaking.choices.publicity import Medium
from portal.core.choices import Sex
from portal.core.roles import Role
from tests.factories.matchmaking import make_event
from tests.factories.matchmaking_pairs import (
    make_asked,
    make_couple,
    make_known,
    make_nomination,
    make_pair,
    make_release,
    make_ticket,
    make_wedding,
)
from tests.factories.members import make_child, make_member, make_staff, sign_in
from tests.factories.organizations import make_organization
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db
DESK, MEMBER = 15, 10


def pairs(city, staff, number):
    event = make_event(city, created_by=staff, men_quota=99, women_quota=99)
    return [make_pair(event) for _number in range(number)]


def follow_ups(city, staff, number):
    pairs(city, staff, number)
    return staff, reverse("matchmaking:follow-up-list")


def follow_up(city, staff, number):
    return staff, pairs(city, staff, number)[0].follow_ups.first().get_absolute_url()


def pair_list(city, staff, number):
    made = pairs(city, staff, number)
    return staff, reverse("matchmaking:event-pairs", args=[made[0].event_id])


def here(city, staff, number):
    pairs(city, staff, number)
    return staff, reverse("matchmaking:pair-here")


def weddings(city, staff, number):
    for _number in range(number):
        make_couple(make_wedding(city, created_by=staff))
    return staff, reverse("matchmaking:wedding-list")


def wedding(city, staff, number):
    made = make_wedding(city, created_by=staff)
    for _number in range(number):
        make_couple(made)
    return staff, made.get_absolute_url()


def couples(city, staff, number):
    made = make_wedding(city, created_by=staff)
    for _number in range(number):
        make_couple(made)
    return staff, reverse("matchmaking:wedding-couples", args=[made.pk])


def nominations(city, staff, number):
    for _number in range(number):
        make_nomination(city, actor=staff)
    return staff, reverse("matchmaking:nomination-list")


def releases(city, staff, number):
    for _number in range(number):
        make_release(city)
    return staff, reverse("matchmaking:release-list")


def tickets(city, staff, number):
    for _number in range(number):
        make_ticket(city, actor=staff)
    return staff, reverse("matchmaking:ticket-list")


def ticket(city, staff, number):
    made = [make_ticket(city, actor=staff) for _number in range(number)]
    return staff, made[0].get_absolute_url()


def ceremonies(city, staff, number):
    her = make_known(city)
    for _number in range(number):
        make_asked(make_wedding(city, created_by=staff), partner=her, asker=make_known(city, Sex.MALE))
    return her, reverse("matchmaking:ceremony-list")


def ceremony(city, staff, number):
    made, her = make_wedding(city, created_by=staff), make_known(city)
    for _number in range(number):
        make_asked(made, partner=her, asker=make_known(city, Sex.MALE))
    return her, reverse("matchmaking:ceremony-detail", args=[made.pk])


def own_pair(city, staff, number):
    made = pairs(city, staff, number)[0]
    return made.one.member, reverse("matchmaking:pair-detail", args=[made.pk])


def own_nominations(city, staff, number):
    her = make_known(city)
    for count in range(number):
        make_nomination(city, actor=staff, member=her, medium=Medium.RADIO, programme=f"示例{count}")
    return her, reverse("matchmaking:nomination-own")


def children(city, staff, number):
    guardian = make_member(city)
    for _number in range(number):
        make_child(guardian, care_notes="花生过敏")
    return guardian, reverse("members:child-list")


def account_with_children(city, staff, number):
    guardian, _path = children(city, staff, number)
    return guardian, reverse("members:me")


DESK_PAGES = (
    follow_ups,
    follow_up,
    pair_list,
    here,
    weddings,
    wedding,
    couples,
    nominations,
    releases,
    tickets,
    ticket,
)
MEMBER_PAGES = (ceremonies, ceremony, own_pair, own_nominations, children, account_with_children)


@pytest.mark.parametrize(
    ("build", "limit"), [*((page, DESK) for page in DESK_PAGES), *((page, MEMBER) for page in MEMBER_PAGES)]
)
def test_a_page_asks_the_same_at_one_row_and_at_three(client, build, limit):
    counts = []
    for number in (1, 3):
        city = make_organization()
        reader, path = build(city, make_staff(city, Role.CADRE), number)
        sign_in(client, reader)
        session = client.session
        session["code_at"] = int(time.time())
        session.save()
        counts.append(queries_of(client, path))
    assert counts[0] == counts[1] <= limit, counts
