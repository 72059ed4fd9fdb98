"""Builders of the rights area."""

from datetime import time
from itertools import count

from portal.organizations.models import Region
from rights.choices.stations import HostKind, Weekday
from rights.models import RightsStation, StationShift
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member
from tests.factories.organizations import make_organization

_numbers = count(1)


def make_station(organization=None, **fields):
    fields = {
        "name": f"示例维权工作站{next(_numbers)}",
        "host_kind": HostKind.ARBITRATION,
        "host": "示例区仲裁院",
        "address": "示例路1号",
        "hours": "工作日9:00-17:00",
        **fields,
    }
    region = fields.pop("region", None) or Region.objects.filter(level=2).first() or make_region()
    return RightsStation.objects.create(organization=organization or make_organization(), region=region, **fields)


def make_shift(station=None, member=None, **fields):
    station = station or make_station()
    member = member or make_member(organization=station.organization)
    fields = {"weekday": Weekday.MONDAY, "starts": time(9), "ends": time(11, 30), **fields}
    return StationShift.objects.create(station=station, member=member, **fields)
