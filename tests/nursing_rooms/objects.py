"""What tests/layout and tests/access open in the nursing rooms area: the object of each address."""

from django.utils import timezone

from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.services.inspections import room_inspection_plan
from portal.core.choices import Area
from portal.inspections.models import Rubric
from portal.inspections.services import findings as finding_services
from portal.inspections.services import inspections as services
from portal.inspections.services.notices import notice_issue
from portal.inspections.services.scores import score_attach, score_set
from portal.organizations.models import LegalParameter
from tests.factories.inspections import make_rubric
from tests.factories.members import make_staff
from tests.factories.nursing_rooms import make_manager, make_plate, make_report, make_room
from tests.factories.organizations import make_unit
from tests.nursing_rooms.test_inspections import photo


def room_in(state):
    closing = {"closed_reason": "检修"} if state == RoomState.CLOSED else {}
    return lambda home: {"pk": make_room(home.city, state=state, **closing).pk}


def room_with_plate(home):
    return {"pk": make_plate(make_room(home.city)).about_id}


def door(home):
    return {"code": make_plate(make_room(home.city)).code}


def manager(home):
    return {"pk": make_manager(make_room(home.city)).pk}


def report(home):
    return {"pk": make_report(make_room(home.city)).pk}


def inspection_of(home, lead=None):
    """Return an inspection by the city of a room below it, planned for today."""
    if not Rubric.objects.filter(code="nursing_rooms.room").exists():
        make_rubric("nursing_rooms.room", Area.NURSING_ROOMS)
    lead = lead or home.chair
    return room_inspection_plan(
        actor=lead,
        room=make_room(make_unit(home.city)),
        organization=home.city,
        planned_on=timezone.localdate(),
        inspectors=[lead],
        lead=lead,
    )


def planned_inspection(home):
    return {"pk": inspection_of(home).pk}


def _begun(home, lead=None):
    row = inspection_of(home, lead)
    return services.inspection_start(actor=lead or home.chair, inspection=row)


def inspection_under_way(home):
    return {"pk": _begun(home).pk}


def inspection_group(home):
    return {"pk": _begun(home).pk, "group": 1}


def inspection_item(home):
    row = _begun(home)
    return {"pk": row.pk, "item": row.rubric_version.items.get().pk}


def inspection_file(home):
    row = _begun(home)
    item = row.rubric_version.items.get()
    return {
        "pk": row.pk,
        "score": score_attach(actor=home.chair, inspection=row, item=item, upload=photo()).pk,
    }


def _finished(home, lead, *, with_finding):
    for severity in ("ordinary", "serious"):
        LegalParameter.objects.get_or_create(
            key=f"nursing_rooms.finding_{severity}_days", valid_from="2021-01-01", defaults={"value": 9, "source": "a"}
        )
    row = _begun(home, lead)
    score_set(actor=lead, inspection=row, item=row.rubric_version.items.get(), points=9)
    if with_finding:
        finding_services.finding_add(actor=lead, inspection=row, text="没有标牌")
    return services.inspection_finish(actor=lead, inspection=row, minutes="现场", confirmed=True)


def finished_inspection(home):
    return {"pk": _finished(home, home.chair, with_finding=False).pk}


def finding(home):
    """Return a finding of another inspector, which the chair of the city may answer for the unit."""
    return {"pk": _finished(home, make_staff(home.city), with_finding=True).findings.get().pk}


def inspection_with_finding(home):
    return {"pk": _finished(home, home.chair, with_finding=True).pk}


def inspection_with_notice(home):
    row = _finished(home, home.chair, with_finding=True)
    return {"pk": notice_issue(actor=home.chair, inspection=row).pk}


def answered_finding(home):
    row = _finished(home, home.chair, with_finding=True)
    answered = finding_services.finding_answer(
        actor=make_staff(row.unit), finding=row.findings.get(), answer="已挂", upload=photo()
    )
    return {"pk": answered.pk}


def public_room(home):
    return {"pk": make_room(home.city).pk}


PUBLIC = {
    "nursing_rooms:finder-list": "visitors look for a nursing room",
    "nursing_rooms:finder-pins": "the map of the public nursing rooms",
    "nursing_rooms:finder-place": "a public nursing room",
} | {
    f"nursing_rooms:door-{page}": "whoever stands at the door of a room needs no account, and leaves no trace"
    for page in ("show", "visit", "report")
}
OTHER_THINGS = {
    "nursing_rooms": {
        "door": "a room as visitors see it who scan its plate",
        "finder": "rooms as visitors find them: a search, and public rooms by their number",
    }
}
OBJECTS = {
    **{
        f"nursing_rooms:room-{page}": room_in(RoomState.OPEN)
        for page in ("detail", "update", "plate", "clean", "manager", "close", "retire")
    },
    "nursing_rooms:room-check": room_in(RoomState.APPLIED),
    "nursing_rooms:room-accept": room_in(RoomState.CHECKED),
    "nursing_rooms:room-reopen": room_in(RoomState.CLOSED),
    **{f"nursing_rooms:room-{page}": room_with_plate for page in ("print", "document", "replace")},
    "nursing_rooms:manager-remove": manager,
    **{f"nursing_rooms:report-{page}": report for page in ("detail", "fix", "clear")},
    **{f"nursing_rooms:inspection-{page}": planned_inspection for page in ("cancel", "detail", "start", "team")},
    **{f"nursing_rooms:inspection-{page}": inspection_under_way for page in ("finding", "finish", "score")},
    "nursing_rooms:inspection-close": finished_inspection,
    "nursing_rooms:inspection-notice": inspection_with_finding,
    "nursing_rooms:inspection-document": inspection_with_notice,
    "nursing_rooms:inspection-file": inspection_file,
    "nursing_rooms:inspection-group": inspection_group,
    "nursing_rooms:inspection-item": inspection_item,
    **{f"nursing_rooms:finding-{page}": finding for page in ("answer", "detail", "withdraw")},
    **{f"nursing_rooms:finding-{page}": answered_finding for page in ("file", "recheck")},
    "nursing_rooms:room-inspect": lambda home: {"pk": make_room(home.city).pk},
}
ANYONES = {"nursing_rooms:finder-place": (public_room, "everybody may find a public room")} | {
    f"nursing_rooms:door-{page}": (door, "whoever stands at the door and scans the plate")
    for page in ("show", "visit", "report")
}
