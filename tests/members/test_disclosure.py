"""Who sees which data of a member; and the member's data as a file.

The page about this agrees with what the pages really show.
"""

import io
import json
import time
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from childcare.models import CareStaff
from matchmaking.choices.profiles import ProfileState
from matchmaking.models import Invitation, Nomination, Volunteer, WeddingCouple
from nursing_rooms.models import RoomInspection, RoomManager
from portal.audit.models import AuditEntry
from portal.core.choices import Area
from portal.core.roles import Role
from portal.members import disclosure
from portal.members.choices import IdentityKind
from portal.members.models import Member
from portal.members.services.data_requests import data_request_open
from portal.members.services.reveals import field_reveal
from portal.messaging.services.messages import message_post
from rights.models import LawSessionSignUp, StationShift
from rights.services.law_sessions import session_join
from tests.brief import BRIEF
from tests.factories.childcare import make_care_staff, make_site
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.matchmaking_library import make_invitation
from tests.factories.matchmaking_matchmakers import make_volunteer
from tests.factories.matchmaking_pairs import make_couple, make_nomination, make_wedding
from tests.factories.matchmaking_singles import make_profile
from tests.factories.members import identity_number, make_appointment, make_duty, make_member, make_staff, sign_in
from tests.factories.nursing_rooms import make_inspection, make_manager, make_room
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.factories.rights import make_law_session, make_shift, make_station

pytestmark = pytest.mark.django_db
PHONE = "12000000888"
NUMBER = identity_number(57)


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def me(city):
    return make_member(
        make_unit(city),
        birth_date=date(1995, 3, 7),
        phone=PHONE,
        identity_kind=IdentityKind.RESIDENT,
        identity_number=NUMBER,
        name="示例本人",
    )


def named(member, code):
    """Return (role's label, organisation's label) of the readers that the page names for a kind of data."""
    found = [item for item in disclosure.disclosures(member) if item.seen.code == code]
    return {(reader.role, reader.organization) for item in found for reader in item.readers}


def everywhere(city, unit):
    """Return a person of each role at the unit, the city, the province and another city."""
    places = [unit, city, make_province(), make_organization(name="示例乙市总工会")]
    return [make_staff(place, role) for place in places for role in Role]


ADDRESSES = {
    "members.entry": lambda me: ("get", reverse("members:member-detail", args=[me.pk])),
    "members.reveal": lambda me: ("get", reverse("members:member-reveal", args=[me.pk, "phone"])),
    "members.appointments": lambda me: ("get", me.appointments.get().get_absolute_url()),
    "members.requests": lambda me: ("get", me.data_requests.get().get_absolute_url()),
    "matchmaking.participants": lambda me: (
        "get",
        reverse("matchmaking:event-participants", args=[me.participations.get().offering_id]),
    ),
    "matchmaking.vetting": lambda me: ("get", reverse("matchmaking:vetting-detail", args=[me.single_profile.pk])),
    "matchmaking.invitations": lambda me: (
        "get",
        reverse("matchmaking:event-invitations", args=[Invitation.objects.get(member=me).event_id]),
    ),
    "matchmaking.couples": lambda me: (
        "get",
        reverse("matchmaking:couple-detail", args=[WeddingCouple.objects.get(asker=me).pk]),
    ),
    "matchmaking.nominations": lambda me: (
        "get",
        reverse("matchmaking:nomination-detail", args=[Nomination.objects.get(member=me).pk]),
    ),
    "matchmaking.volunteer": lambda me: (
        "get",
        reverse("matchmaking:volunteer-detail", args=[Volunteer.objects.get(member=me).pk]),
    ),
    "rights.shifts": lambda me: (
        "get",
        reverse("rights:station-detail", args=[StationShift.objects.get(member=me).station_id]),
    ),
    "rights.sessions": lambda me: (
        "get",
        reverse("rights:session-people", args=[LawSessionSignUp.objects.get(member=me).offering_id]),
    ),
    "childcare.staff": lambda me: ("get", CareStaff.objects.get(member=me).site.get_absolute_url()),
    "nursing_rooms.managed": lambda me: (
        "get",
        reverse("nursing_rooms:room-detail", args=[RoomManager.objects.get(member=me).room_id]),
    ),
    "nursing_rooms.inspected": lambda me: ("get", RoomInspection.objects.get(inspectors__member=me).get_absolute_url()),
}


# Checked by separate tests: the person's row in a list, and whose entries the audit shows.
IN_LISTS = {"audit.entries", "matchmaking.profiles"}


def test_each_thing_declared_is_held_against_its_page():
    held = {*ADDRESSES, *IN_LISTS}
    assert {seen.code for seen in disclosure.all_seen()} == held


@pytest.mark.parametrize("code", ADDRESSES)
def test_the_page_names_exactly_those_who_open_it(client, brief, city, me, code):
    data_request_open(member=me, kind="correct", words="x")
    make_appointment(me, city, make_staff(make_province()), waits_at=city)
    make_participation(make_event(city, created_by=make_staff(city)), member=me)
    # A person who is not confirmed yet, or who applies for a wedding, is on no list of singles.
    single = code == "matchmaking.participants"
    make_profile(me, state=ProfileState.ACTIVE if single else ProfileState.UNIT_VETTING)
    make_invitation(make_event(city, created_by=make_staff(city), restricted=True), member=me)
    Member.objects.filter(pk=me.pk).update(phone_confirmed_at=timezone.now())
    me.refresh_from_db()
    if not single:
        make_couple(make_wedding(city), asker=me)
    make_nomination(city, member=me)
    make_volunteer(city, me)
    make_shift(make_station(city), me)
    session_join(actor=me, session=make_law_session(city))
    make_manager(make_room(city), me)
    make_care_staff(make_site(city), me)
    make_inspection(make_room(city), me)
    people = everywhere(city, me.organization)
    opened = set()
    for person in people:
        method, path = ADDRESSES[code](me)
        # The page is drawn for the first who opens it; for the others the status says enough.
        mark = {BRIEF: True} if opened else {}
        if getattr(sign_in(client, person), method)(path, **mark).status_code == 200:
            duty = person.duties[0]
            opened.add((duty.get_role_display(), duty.organization.label))
    assert opened
    assert named(me, code) == opened


def test_the_list_of_profiles_names_her_to_those_named_alone(client, city, me):
    profile = make_profile(me)
    listed = set()
    for person in everywhere(city, me.organization):
        response = sign_in(client, person).get(reverse("matchmaking:profile-list"))
        if response.status_code == 200 and profile in [row.record for row in response.context["table"].rows]:
            duty = person.duties[0]
            listed.add((duty.get_role_display(), duty.organization.label))
    assert listed
    assert named(me, "matchmaking.profiles") == listed


def test_a_duty_that_has_ended_or_lies_elsewhere_is_not_named(city, me):
    today = timezone.localdate()
    gone = make_member(city)
    make_duty(gone, city, Role.CHAIR, valid_from=today - timedelta(days=9), valid_until=today)
    idle = make_staff(city, Role.CHAIR, is_active=False)
    make_staff(make_unit(city), Role.CHAIR)
    assert named(me, "members.entry") == set()
    assert idle.duties
    make_staff(city, Role.CHAIR)
    assert named(me, "members.entry") == {(Role.CHAIR.label, city.label)}


def test_she_is_no_reader_of_herself(city):
    chair = make_staff(city)
    assert named(chair, "members.entry") == set()


def test_a_look_at_her_number_stands_on_the_page(client, city, me):
    chair = make_staff(city, name="示例主席")
    field_reveal(actor=chair, member=me, field="phone", reason="contact", note="活动改期")
    text = sign_in(client, me).get(reverse("members:member-readers")).content.decode()
    assert "示例主席" in text
    assert PHONE not in text
    assert NUMBER not in text


def fresh(client, member):
    sign_in(client, member)
    session = client.session
    session["code_at"] = time.time()
    session.save()
    return client


def test_the_file_asks_for_a_fresh_code(client, me):
    sign_in(client, me)
    path = reverse("members:member-download")
    for answer in (client.get(path), client.post(path, {"form": "json"})):
        assert answer.url.startswith("/sign-in/fresh/")
    assert not AuditEntry.objects.filter(action="member.own_data").exists()


def test_the_file_holds_all_of_hers_and_nothing_of_others(client, city, me):
    event = make_event(city, created_by=make_staff(city), title="示例相识会")
    make_participation(event, member=me, line="=1+1 爱好爬山")
    other = make_member(me.organization, birth_date=date(1996, 1, 2), phone="12000000889", name="示例旁人")
    make_participation(event, member=other, line="旁人的话")
    data_request_open(member=me, kind="correct", words="出生日期有误")
    data_request_open(member=other, kind="correct", words="旁人的请求")
    message_post(kind="members.reveal_limit", to=me, context={"number": 5})
    path = reverse("members:member-download")

    answer = fresh(client, me).post(path, {"form": "json"})
    assert answer["Content-Type"] == "application/json"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    sheets = json.loads(answer.content)["sheets"]
    assert {source.code for source in disclosure.sources()} == set(sheets)
    text = answer.content.decode()
    assert [word for word in (PHONE, NUMBER, "示例相识会", "爱好爬山", "出生日期有误") if word not in text] == []
    assert [word for word in ("示例旁人", "旁人的话", "旁人的请求", "12000000889") if word in text] == []
    assert all(len(row) == len(sheet["columns"]) for sheet in sheets.values() for row in sheet["rows"])
    assert sheets["messages"]["rows"]

    book = load_workbook(io.BytesIO(client.post(path, {"form": "xlsx"}).content))
    assert len(book.sheetnames) == len(sheets)
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "'=1+1 爱好爬山" in cells
    assert PHONE in cells
    assert AuditEntry.objects.filter(action="member.own_data", actor=me).count() == 2


def test_another_form_is_no_file(client, me):
    answer = fresh(client, me).post(reverse("members:member-download"), {"form": "exe"})
    assert answer.status_code == 302
    assert not AuditEntry.objects.filter(action="member.own_data").exists()


def test_auditors_are_named_at_her_line(city, me):
    make_staff(city, Role.AUDIT_ADMINISTRATOR)
    assert named(me, "audit.entries") == {(Role.AUDIT_ADMINISTRATOR.label, city.label)}
    assert all(seen.area in Area for seen in disclosure.all_seen())
