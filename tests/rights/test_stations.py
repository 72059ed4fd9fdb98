"""Rights stations: run by a union, found by members, with hours of duty."""

from datetime import time

import pytest
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.core.choices import Capability
from portal.core.errors import Conflict, DomainError
from portal.core.roles import Role
from portal.exchange.registers import FaultLevel, Row
from portal.members.models import Member
from portal.messaging.models import Message
from portal.organizations.selectors import lies_within
from rights import erasing, merging, own_data, rules
from rights.choices.stations import HostKind, StationState, Weekday
from rights.imports import StationRegister
from rights.models import RightsStation, StationShift
from rights.services import stations as services
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.factories.rights import make_shift, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_organization(kind="city")


@pytest.fixture
def chair(city):
    return make_staff(city, role=Role.CHAIR)


def typed(organization, **fields):
    return {
        "organization": organization.pk,
        "name": "示例维权工作站",
        "host_kind": HostKind.ARBITRATION,
        "host": "示例仲裁院",
        "region": make_region().pk,
        "address": "示例路1号",
        "desk_phone": "0451-0000",
        "hours": "工作日9:00-17:00",
        "notes": "",
        **fields,
    }


def test_a_station_is_opened_shown_changed_and_given_up(client, city, chair):
    sign_in(client, chair)
    page = client.get(reverse("rights:station-create"))
    assert page.context["form"].initial["organization"] == city.pk
    sent = client.post(reverse("rights:station-create"), typed(city))
    station = RightsStation.objects.get()
    assert sent.url == station.get_absolute_url()
    shown = client.get(sent.url)
    assert "示例仲裁院" in shown.content.decode()
    assert [step["url"] for step in (shown.context["primary"], *shown.context["menu"])] == [
        reverse(f"rights:station-{name}", args=[station.pk]) for name in ("shift", "update", "pause", "end")
    ]
    address = reverse("rights:station-update", args=[station.pk])
    first = client.get(address).context["form"].initial["version"]
    changes = {**typed(city, hours="工作日8:30-16:30"), "version": first}
    assert client.post(address, changes).status_code == 302
    late = client.post(address, changes)
    assert late.status_code == 409
    assert client.post(reverse("rights:station-end", args=[station.pk]), {"reason": "搬迁"}).status_code == 302
    station.refresh_from_db()
    assert (station.state, station.hours) == (StationState.ENDED, "工作日8:30-16:30")
    actions = list(AuditEntry.objects.all().about(station).order_by("pk").values_list("action", flat=True))
    assert actions == ["station.create", "station.update", "rights.rightsstation.ended"]


def test_hours_of_duty_are_for_people_of_ones_own_rosters(client, city, chair):
    sign_in(client, chair)
    station = make_station(city)
    mine = make_member(organization=city, phone=phone_number(8101))
    other = make_member(organization=make_organization(), phone=phone_number(8102))
    address = reverse("rights:station-shift", args=[station.pk])
    hours = {"weekday": Weekday.MONDAY.value, "starts": "09:00", "ends": "11:30"}
    refused = client.post(address, {"phone": other.phone, **hours})
    assert refused.status_code == 422
    assert not StationShift.objects.exists()
    assert client.post(address, {"phone": mine.phone, **hours}).status_code == 302
    assert mine.name in client.get(station.get_absolute_url()).content.decode()
    backwards = client.post(address, {"phone": mine.phone, **hours, "starts": "15:00", "ends": "14:00"})
    assert "ends" in backwards.context["form"].errors


def test_whoever_is_put_on_duty_is_told(client, city, chair):
    member = make_member(organization=city)
    shift = services.shift_add(
        actor=chair, station=make_station(city), member=member, weekday=Weekday.FRIDAY, starts=time(9), ends=time(11)
    )
    sign_in(client, member)
    page = client.get(reverse("messaging:inbox")).content.decode()
    assert shift.station.name in page
    assert tuple(word for word in ("星期五", "09:00") if word in page) == ("星期五", "09:00")
    services.shift_add(
        actor=chair, station=shift.station, member=chair, weekday=Weekday.FRIDAY, starts=time(9), ends=time(11)
    )
    assert [row.recipient for row in Message.objects.filter(kind="rights.shift_added")] == [member]


def test_a_station_lies_in_the_region_of_its_keeper(client):
    region, elsewhere = make_region("230100"), make_region("230200", "另一市")
    city = make_organization(kind="city", region=region)
    unit = make_organization(parent=city, kind="county")
    chair = make_staff(city, role=Role.CHAIR)
    sign_in(client, chair)
    refused = client.post(reverse("rights:station-create"), typed(city, region=elsewhere.pk))
    assert refused.status_code == 422
    assert not RightsStation.objects.exists()
    for keeper in (city, unit):
        assert client.post(reverse("rights:station-create"), typed(keeper, name=f"站{keeper.pk}")).status_code == 302
    station = RightsStation.objects.first()
    with pytest.raises(DomainError) as moved:
        services.station_update(actor=chair, station=station, version=1, region=elsewhere)
    assert moved.value.code == "outside"


def test_the_province_keeps_stations_everywhere_in_it():
    region = make_region("230200", "另一市")
    province = make_province()
    province.region = make_region("230000", "示例省")
    province.save()
    assert lies_within(region, province)
    assert lies_within(region, make_organization(parent=province, kind="city", region=None))
    assert not lies_within(region, make_organization(kind="city", region=make_region("230100")))


def test_nobody_is_at_two_stations_at_once(city, chair):
    one, two = make_station(city), make_station(city)
    member = make_member(organization=city)
    add = {"actor": chair, "member": member, "weekday": Weekday.MONDAY}
    services.shift_add(station=one, starts=time(9), ends=time(11), **add)
    with pytest.raises(DomainError) as refused:
        services.shift_add(station=two, starts=time(10), ends=time(12), **add)
    assert refused.value.code == "meets"
    services.shift_add(station=two, starts=time(11), ends=time(12), **add)


def test_a_station_given_up_has_nobody_on_duty_and_takes_nobody(city, chair):
    shift = make_shift(make_station(city))
    services.station_end(actor=chair, station=shift.station, reason="搬迁")
    assert not StationShift.objects.exists()
    with pytest.raises(DomainError) as refused:
        services.shift_add(actor=chair, station=shift.station, member=chair, weekday=1, starts=time(9), ends=time(10))
    assert refused.value.code == "ended"


def test_a_late_edit_is_told(city, chair):
    station = make_station(city)
    services.station_update(actor=chair, station=station, version=1, host="另一机构")
    with pytest.raises(Conflict):
        services.station_update(actor=chair, station=station, version=1, host="第三机构")


def test_members_find_open_stations_and_nobody_on_duty(client, city):
    shift = make_shift(make_station(city, name="开放的工作站"))
    make_station(city, name="停开的工作站", state=StationState.PAUSED)
    sign_in(client, make_member())
    page = client.get(reverse("rights:station-find")).content.decode()
    assert "开放的工作站" in page
    assert "停开的工作站" not in page
    assert shift.member.name not in page


def test_a_provisional_account_finds_where_to_turn(client, city):
    make_station(city, name="开放的工作站")
    member = make_member()
    Member.objects.filter(pk=member.pk).update(proven_at=None)
    sign_in(client, Member.objects.get(pk=member.pk))
    assert "开放的工作站" in client.get(reverse("rights:station-find")).content.decode()


def test_a_member_filters_by_city(client, city):
    make_station(city, name="本市工作站", region=make_region())
    make_station(city, name="外市工作站", region=make_region("230200", "另一市"))
    sign_in(client, make_member())
    page = client.get(reverse("rights:station-find"), {"region": "230200"}).content.decode()
    assert ("外市工作站" in page, "本市工作站" in page) == (True, False)


def test_the_city_next_door_neither_sees_nor_changes_it(client, city):
    station, shift = make_station(city), make_shift(make_station(city))
    sign_in(client, make_staff(make_organization(kind="city"), role=Role.CHAIR))
    for name in ("detail", "update", "shift", "pause", "end", "reopen"):
        assert client.get(reverse(f"rights:station-{name}", args=[station.pk])).status_code == 404
    assert client.post(reverse("rights:shift-remove", args=[shift.pk])).status_code == 404
    assert StationShift.objects.filter(pk=shift.pk).exists()


def test_no_rule_lets_in_who_has_no_duty(city):
    nobody, shift = make_member(organization=city), make_shift(make_station(city))
    found = (rules.can_edit_station, rules.can_change_station)
    assert [rule(nobody, shift.station) for rule in found] == [False, False]
    assert rules.can_edit_shift(nobody, shift) is False
    assert RightsStation.objects.reached_by(nobody, Capability.VIEW).count() == 0


def test_own_data_names_her_hours(city):
    shift = make_shift(make_station(city))
    sheet = next(source for source in own_data.SOURCES if source.code == "rights.shifts")
    assert sheet.rows(shift.member) == [(shift.station.name, "星期一", time(9), time(11, 30))]
    assert sheet.rows(make_member()) == []


def test_erasing_takes_her_off_the_roster_of_duty(city, chair):
    shift, other = make_shift(make_station(city)), make_shift(make_station(city))
    assert erasing.consequences(shift.member)[0][1] == 1
    erasing.erase(member=shift.member, actor=chair)
    erasing.erase(member=shift.member, actor=chair)
    assert list(StationShift.objects.all()) == [other]


def test_stations_go_over_when_unions_merge(city, chair):
    target, station = make_organization(kind="city"), make_station(city)
    assert merging.consequences(city)[0][1] == 1
    merging.absorb(actor=chair, source=city, target=target, on=None)
    station.refresh_from_db()
    assert station.organization == target


def test_the_register_takes_stations_of_ones_own_region_alone(city, chair):
    region, elsewhere = make_region("230100"), make_region("230200", "另一市")
    city.region = region
    city.save()
    make_station(city, name="已有的工作站", region=region)
    register = StationRegister()
    names = (("新的工作站", region), ("已有的工作站", region), ("外市工作站", elsewhere), ("新的工作站", region))
    rows = [
        Row(line=line, values={}, data={"name": name, "region": place.code})
        for line, (name, place) in enumerate(names, 2)
    ]
    context = register.prepare(actor=chair, organization=city, rows=rows)
    found = [(fault.line, fault.column, fault.level) for fault in register.check(context=context, rows=rows)]
    assert found == [
        (3, "name", FaultLevel.KNOWN),
        (4, "region", FaultLevel.FAULT),
        (5, "name", FaultLevel.FAULT),
    ]
