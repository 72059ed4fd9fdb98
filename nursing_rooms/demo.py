"""Demo rows of nursing rooms: rooms in each city, with managers, reports from the door and plates."""

import random
from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import Facility, RoomState, RoomType
from nursing_rooms.facilities import REQUIRED
from nursing_rooms.models import RoomDay
from nursing_rooms.services import plates, reports
from nursing_rooms.services import rooms as services
from nursing_rooms.services.inspections import room_inspection_plan
from portal.core.choices import Area, Capability
from portal.inspections.choices import EvidenceKind, Severity
from portal.inspections.services import findings, inspections
from portal.inspections.services.notices import notice_issue
from portal.inspections.services.scores import score_attach, score_set
from portal.locations.choices import Datum
from portal.locations.datums import Point
from portal.locations.reading import read_hours
from portal.messaging.services.touching import touch
from portal.organizations.models import Region

SEED = 20260308
# Rooms in each city; the first two cities have the reports and the plates.
ROOMS, BUSY = 24, 2
HOSTS = (
    "示例商场",
    "示例医院",
    "示例客运站",
    "示例政务服务中心",
    "示例公园",
    "示例制造有限公司",
    "示例银行网点",
    "示例图书馆",
)
HOURS = ("每天 9:00-21:00", "工作日 8:30-16:30", "周一至周六 8:00-20:00", "每天 10:00-22:00", "24小时", "")
LANDMARKS = ("东门电梯旁", "三号扶梯旁", "服务台对面", "母婴用品区旁", "候车厅西侧")
# The middle of each city (WGS-84), by region code; other cities get rooms without a position.
MIDDLES = {
    "230100": (126.6425, 45.7567),
    "230200": (123.9116, 47.3523),
    "230300": (130.9620, 45.2929),
    "230400": (130.2901, 47.3475),
    "230700": (128.8341, 47.7253),
    "230900": (130.9955, 45.7695),
    "231000": (129.6261, 44.5497),
    "231100": (127.5210, 50.2435),
    "231200": (126.9626, 46.6520),
    "232700": (124.7038, 52.3338),
}


def load(world):
    """Register rooms in each city of ``world``; some wait for their check or acceptance, some are closed."""
    chance = random.Random(SEED)  # noqa: S311 - invented data, the same each time
    for number, city in enumerate(world.cities):
        rooms = _register(chance, city)
        if number < BUSY:
            _live(chance, world, city, rooms)


def _register(chance, city):
    regions = list(Region.objects.filter(parent=city.region, level=3, statistical=False).order_by("code"))
    today = timezone.localdate()
    rows = []
    for number in range(ROOMS):
        kind = chance.choices(list(RoomType), weights=(70, 18, 8, 4))[0]
        public = number % 3 == 0
        host = f"{HOSTS[number % len(HOSTS)]}（{city.region.short_name}{number + 1}）"
        extra = chance.sample(list(Facility), k=chance.randint(1, 5))
        opened = today - timedelta(days=chance.randint(60, 1700))
        rows.append(
            {
                "organization": city,
                "number": f"{city.region_id}-{number + 1:03d}",
                "name": f"{city.region.short_name}妈咪小屋{number + 1}号",
                "room_type": kind,
                "is_public": public,
                "host": host,
                "region": chance.choice(regions) if regions else city.region,
                "address": f"示例大街{chance.randint(1, 300)}号",
                "floor": chance.choice(("一层", "二层", "三层", "负一层")),
                "landmark": chance.choice(LANDMARKS),
                "phone": "",
                "area_m2": round(min(30, max(4, chance.gauss(12, 5))), 1),
                "hours": read_hours(HOURS[number % len(HOURS)]),
                "facilities": [str(one) for one in Facility if one in REQUIRED[kind] or one in extra],
                "state": RoomState.OPEN,
                "opened_on": opened,
                "renewed_on": today - timedelta(days=30) if number % 9 == 4 else None,
                "verified_at": timezone.now(),
                "cleaned_at": timezone.now() - timedelta(hours=chance.randint(1, 40)),
                "star": chance.choices((None, 3, 4, 5), weights=(55, 25, 15, 5))[0],
                "point": _point(chance, city),
            }
        )
    return services.rooms_bulk_create(rows=rows)


def _point(chance, city):
    middle = MIDDLES.get(city.region_id)
    if middle is None:
        return None
    east, north = middle[0] + chance.uniform(-0.04, 0.04), middle[1] + chance.uniform(-0.025, 0.025)
    return Point(round(east, 6), round(north, 6), Datum.WGS84)


def _live(chance, world, city, rooms):
    """Give rooms managers, plates, visits and reports; leave one applied for, one closed, one withdrawn."""
    staff = [one for one in world.staff.values() if one.can(Area.NURSING_ROOMS, Capability.EDIT, city.path)]
    actor = next((one for one in staff if one.organization_id == city.pk), staff[0])
    members = [
        one for one in world.members.values() if one.organization and one.organization.path.startswith(city.path)
    ]
    public = [room for room in rooms if room.is_public]
    for room, member in zip(public[:4], members[:4], strict=False):
        services.manager_add(actor=actor, room=room, member=member)
    for room in public:
        plates.plate_issue(actor=actor, room=room)
        _visits(chance, room)
    reports.report_tap(room=public[0], trouble=Trouble.DIRTY)
    reports.report_tap(room=public[0], trouble=Trouble.DIRTY)
    reports.report_tap(room=public[1], trouble=Trouble.BROKEN, note="门锁坏了")
    reports.report_tap(room=public[2], trouble=Trouble.MISUSED)
    fixed = reports.report_tap(room=public[3], trouble=Trouble.LOCKED)
    reports.report_fix(actor=actor, report=fixed, answer="已与物业确认，开放时间内不再上锁。")
    services.room_close(
        actor=actor, room=public[4], closed_until=timezone.localdate() + timedelta(days=10), reason="更换护理台"
    )
    _inspect(actor, city, rooms[2])
    services.room_retire(actor=actor, room=rooms[1], reason="所在单位搬迁")
    services.room_create(
        actor=actor,
        organization=city,
        name=f"{city.region.short_name}新申报小屋",
        room_type=RoomType.ROOM,
        is_public=True,
        host="示例新商场",
        region=city.region,
        address="示例新街1号",
        facilities=[str(one) for one in REQUIRED[RoomType.ROOM]],
    )


def _inspect(actor, city, room):
    """Inspect a room by the rubric; two findings must be rectified."""
    inspection = room_inspection_plan(
        actor=actor, room=room, organization=city, planned_on=timezone.localdate(), inspectors=[actor], lead=actor
    )
    inspection = inspections.inspection_start(actor=actor, inspection=inspection)
    for item in inspection.rubric_version.items.order_by("number"):
        answer = {"met": True} if item.veto or not item.points else {"points": item.points}
        number = {"number": 12} if item.evidence == EvidenceKind.NUMBER else {}
        score_set(actor=actor, inspection=inspection, item=item, **answer, **number)
        if item.evidence == EvidenceKind.PHOTO:
            score_attach(actor=actor, inspection=inspection, item=item, upload=("photo.jpg", _photo(), "image/jpeg"))
    findings.finding_add(actor=actor, inspection=inspection, text="清洁记录缺两天。")
    findings.finding_add(actor=actor, inspection=inspection, text="门锁松动，关不严。", severity=Severity.SERIOUS)
    inspection = inspections.inspection_finish(
        actor=actor, inspection=inspection, minutes="现场查看并逐项核对，管理员在场。", confirmed=True
    )
    notice_issue(actor=actor, inspection=inspection)


def _photo():
    stream = BytesIO()
    Image.new("RGB", (320, 240), "seagreen").save(stream, "JPEG")
    return stream.getvalue()


def _visits(chance, room):
    today = timezone.localdate()
    RoomDay.objects.bulk_create(
        [RoomDay(room=room, on=today - timedelta(days=day), taps=chance.randint(0, 12)) for day in range(1, 30)]
    )
    touch(RoomDay._meta.label_lower, room.organization_id, today - timedelta(days=30), today)
