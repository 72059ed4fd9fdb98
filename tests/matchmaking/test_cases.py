"""Cases: the even share, access to the own caseload only, the next action, the log, who may call."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from matchmaking.choices.cases import CaseBlock
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.models import Block, ContactLog, MatchCase
from matchmaking.selectors.cases import caseload, guide_lines, waiting_of
from matchmaking.services.cases import case_ask, case_contact_set, case_leave, case_update, cases_assign, contact_add
from portal.audit.models import AuditEntry
from portal.core.choices import Sex
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from tests.factories.matchmaking import make_single
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_profile, make_volunteer
from tests.factories.members import make_duty, make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.pages.counting import queries_of

pytestmark = pytest.mark.django_db


def refused(code, service, **arguments):
    with pytest.raises(DomainError) as refusal:
        service(**arguments)
    assert refusal.value.code == code


def loads(city):
    rows = MatchCase.objects.open().filter(volunteer__organization__path__startswith=city.path)
    return Counter(rows.values_list("volunteer", flat=True))


def test_singles_are_shared_evenly_and_once():
    city = make_organization()
    chair = make_staff(city)
    helpers = [make_volunteer(city) for _number in range(3)]
    for _number in range(7):
        make_profile(city)
    make_profile(make_organization())
    assert cases_assign(organization=city, actor=chair) == 7
    assert sorted(loads(city).values()) == [2, 2, 3]
    assert cases_assign(organization=city, actor=chair) == 0
    assert {helper.pk for helper in helpers} == set(loads(city))


def test_nobody_carries_more_than_she_may():
    city = make_organization()
    helpers = [make_volunteer(city, most=1), make_volunteer(city, most=2)]
    for _number in range(5):
        make_profile(city)
    assert cases_assign(organization=city, actor=make_staff(city)) == 3
    assert [loads(city)[helper.pk] for helper in helpers] == [1, 2]


@pytest.mark.parametrize("state", [state for state in VolunteerState if state != VolunteerState.ACTIVE])
def test_only_who_helps_now_gets_people(state):
    city = make_organization()
    make_volunteer(city, state=state)
    make_profile(city)
    refused("no-volunteers", cases_assign, organization=city, actor=make_staff(city))
    assert MatchCase.objects.count() == 0


@pytest.mark.parametrize("state", list(ProfileState))
def test_only_active_profiles_are_shared(state):
    city = make_organization()
    make_volunteer(city)
    make_profile(city, state=state)
    assert cases_assign(organization=city, actor=make_staff(city)) == int(state == ProfileState.ACTIVE)


def test_nobody_looks_after_herself_her_hidden_colleagues_or_whom_a_block_keeps_away():
    city = make_organization()
    unit, county = make_unit(city), make_organization(city, kind="county")
    single = make_single(unit)
    helper = make_volunteer(city, member=single)
    make_duty(single, county, Role.REVIEWER)
    make_profile(city, member=single, hidden_from_own_unit=False)
    make_profile(city, member=make_single(unit))
    make_profile(city, hidden_from=[county])
    make_profile(city, hidden_from=[city], hidden_from_own_unit=False)
    blocker = make_profile(city)
    Block.objects.create(blocker=blocker.member, blocked=single, label="示例")
    blocked = make_profile(city)
    Block.objects.create(blocker=single, blocked=blocked.member, label="示例")
    assert cases_assign(organization=city, actor=make_staff(city)) == 0
    colleague = make_profile(city, member=make_single(unit), hidden_from_own_unit=False)
    assert cases_assign(organization=city, actor=make_staff(city)) == 1
    assert MatchCase.objects.get(volunteer=helper).profile == colleague


def test_a_single_who_wants_none_is_given_to_nobody_until_she_asks():
    case = make_case()
    city, member = case.volunteer.organization, case.profile.member
    case_leave(member=member)
    assert not MatchCase.objects.visible_to(case.volunteer.member).exists()
    assert cases_assign(organization=city, actor=make_staff(city)) == 0
    refused("no-case", case_leave, member=member)
    case_ask(member=member)
    assert cases_assign(organization=city, actor=make_staff(city)) == 1
    refused("no-profile", case_ask, member=make_member())


def test_a_next_step_is_kept_and_an_older_edit_is_told_so(client):
    case = make_case()
    helper = case.volunteer.member
    step = {"next_action": "约时间聊聊", "next_due": timezone.localdate(), "block": CaseBlock.WAITING_FOR_HER}
    row = case_update(case=case, actor=helper, version=1, **step)
    assert (row.next_action, row.block, row.version) == ("约时间聊聊", CaseBlock.WAITING_FOR_HER, 2)
    with pytest.raises(Conflict):
        case_update(case=case, actor=helper, version=1, **step)
    refused("not-yours", case_update, case=case, actor=make_member(), version=2, **step)
    sign_in(client, helper)
    address = reverse("matchmaking:case-update", args=[case.pk])
    assert client.post(address, {**step, "next_due": "2026-12-01", "version": 1}).status_code == 409
    assert client.post(address, {**step, "next_due": "2026-12-01", "version": 2}).status_code == 302


def test_a_contact_is_encrypted_and_moves_the_silence():
    case = make_case(opened_on=timezone.localdate() - timedelta(days=20))
    helper, now = case.volunteer.member, timezone.now()
    assert caseload(helper)[0].silent
    contact_add(case=case, actor=helper, kind="call", words="想找爱运动的人", at=now)
    contact_add(case=case, actor=helper, kind="call", words="更早的一次", at=now - timedelta(days=9))
    (card,) = caseload(helper)
    assert (card.silent, card.case.last_contact_at) == (False, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM matchmaking_contactlog")
        stored = [str(row[0]) for row in cursor.fetchall()]
    assert len(stored) == ContactLog.objects.count() == 2
    assert not any("爱运动" in words for words in stored)
    assert not AuditEntry.objects.filter(data__icontains="爱运动").exists()
    for at in (now + timedelta(hours=1), now - timedelta(days=61)):
        refused("when", contact_add, case=case, actor=helper, kind="call", words="x", at=at)
    refused("not-yours", contact_add, case=case, actor=make_member(), kind="call", words="x", at=now)


def test_name_and_number_appear_with_her_leave_and_go_with_it():
    city = make_organization()
    single = make_single(make_unit(city), phone=phone_number(7), name="示例关")
    case = make_case(make_volunteer(city), make_profile(city, member=single))
    helper = case.volunteer.member
    assert caseload(helper)[0].name == ""
    case_contact_set(member=single, agree=True)
    (card,) = caseload(helper)
    assert (card.name, card.phone) == ("示例关", phone_number(7))
    case_contact_set(member=single, agree=False)
    assert (caseload(helper)[0].name, caseload(helper)[0].phone) == ("", "")
    refused("no-case", case_contact_set, member=make_profile(city).member, agree=True)


def test_cases_are_her_own_alone(client):
    case = make_case()
    city = case.volunteer.organization
    pages = [
        reverse(f"matchmaking:case-{page}", args=[case.pk]) for page in ("detail", "update", "contact", "suggestions")
    ]
    others = (
        make_volunteer(city).member,
        make_staff(case.profile.member.organization),
        make_staff(city),
        make_staff(city, role=Role.MATCHMAKING_OFFICER),
        make_staff(make_province()),
        case.profile.member,
        make_member(),
    )
    for person in others:
        sign_in(client, person)
        assert [client.get(page).status_code for page in pages] == [404] * 4
        assert [client.post(page).status_code for page in pages[1:3]] == [404] * 2
    sign_in(client, case.volunteer.member)
    assert [client.get(page).status_code for page in pages] == [200] * 4


def test_a_single_who_left_is_gone_from_the_caseload_the_same_moment(client):
    case = make_case()
    profile = case.profile
    profile.state, profile.exited_at = ProfileState.EXITED, timezone.now()
    profile.save(update_fields=["state", "exited_at"])
    sign_in(client, case.volunteer.member)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert caseload(case.volunteer.member) == []


def test_what_waits_is_said_with_the_overdue_first():
    helper = make_volunteer()
    today = timezone.localdate()
    make_case(helper, next_action="打电话", next_due=today - timedelta(days=1))
    old = make_profile(helper.organization, edited_at=timezone.now() - timedelta(days=31))
    make_case(helper, old, next_due=today + timedelta(days=5))
    make_introduction(helper, state="agreed")
    found = waiting_of(caseload(helper.member), guide_lines(helper.member))
    assert [one.over for one in found] == [True, False, False]
    assert "打电话" in found[0].words
    assert {one.icon for one in found[1:]} == {"id", "calendar-plus"}


def test_the_caseload_asks_the_same_whatever_its_size(client):
    helper = make_volunteer()
    sign_in(client, helper.member)
    case = make_case(helper)
    make_introduction(helper, one=case.profile)
    make_profile(helper.organization, Sex.MALE)
    addresses = [reverse("matchmaking:caseload-list"), case.get_absolute_url()]
    addresses.append(reverse("matchmaking:case-suggestions", args=[case.pk]))
    one = [queries_of(client, address) for address in addresses]
    for _number in range(3):
        other = make_case(helper)
        make_introduction(helper, one=other.profile, state="met", meets_at=timezone.now())
        make_introduction(helper, one=case.profile, state="ended")
    assert [queries_of(client, address) for address in addresses] == one
    assert max(one) <= 12  # suggestions query the wishes and blocks of both
