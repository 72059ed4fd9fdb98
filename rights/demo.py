"""Demo rows of the rights area: a station in each city, with hours of duty by its cadres."""

from datetime import time

from portal.core.choices import Area, Capability
from rights.choices.stations import HostKind, Weekday
from rights.services import stations as services

HOSTS = (
    (HostKind.ARBITRATION, "劳动人事争议仲裁院"),
    (HostKind.COURT, "基层法院诉讼服务中心"),
    (HostKind.MEDIATION, "矛盾纠纷调解中心"),
    (HostKind.LEGAL_AID, "法律援助中心"),
    (HostKind.UNION, "职工服务中心"),
    (HostKind.PARK, "开发区管委会"),
)
SHIFTS = ((Weekday.MONDAY, time(9), time(11, 30)), (Weekday.THURSDAY, time(13, 30), time(16, 30)))
PAUSED, ENDED = 4, 9


def load(world):
    """Open a station in each city of ``world``; one of them is paused, one is ended."""
    for number, city in enumerate(world.cities):
        keepers = [one for one in world.staff.values() if one.can(Area.RIGHTS, Capability.EDIT, city.path)]
        own = [one for one in keepers if one.organization_id == city.pk] or keepers
        station = _open(number, city, own[0])
        for member, (weekday, starts, ends) in zip(own, SHIFTS, strict=False):
            services.shift_add(actor=own[0], station=station, member=member, weekday=weekday, starts=starts, ends=ends)
        if number == PAUSED:
            services.station_pause(actor=own[0], station=station, reason="办公场所装修")
        if number == ENDED:
            services.station_end(actor=own[0], station=station, reason="并入市职工服务中心")


def _open(number, city, actor):
    kind, host = HOSTS[number % len(HOSTS)]
    place = city.region.short_name
    return services.station_create(
        actor=actor,
        organization=city,
        name=f"{place}女职工维权工作站",
        host_kind=kind,
        host=f"{place}{host}",
        region=city.region,
        address=f"示例路{number + 1}号一楼",
        hours="工作日9:00至11:30、13:30至17:00",
        notes="可先打12351咨询；来访请带身份证和劳动合同。",
    )
