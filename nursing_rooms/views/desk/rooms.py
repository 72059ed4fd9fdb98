"""Pages of nursing rooms: the register, and one room for staff and for whoever looks after it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nursing_rooms import rules
from nursing_rooms.actions.rooms import ROOM
from nursing_rooms.choices.rooms import RoomState
from nursing_rooms.facilities import missing_facilities
from nursing_rooms.filters.rooms import RoomFilter
from nursing_rooms.forms.rooms import RoomForm, RoomUpdateForm
from nursing_rooms.models import NursingRoom, RoomManager, RoomReport
from nursing_rooms.selectors.plates import plate_of
from nursing_rooms.selectors.rooms import city_of_position, maybe_the_same
from nursing_rooms.services import rooms as services
from nursing_rooms.tables.rooms import RoomTable
from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.locations.hours import hours_text
from portal.organizations.records import Records
from portal.web.views import ListView

SHOWN_DAYS = 30


class RoomListView(ListView):
    table_class = RoomTable
    export_columns = (
        "number",
        "name",
        "room_type",
        "is_public",
        "host",
        "region",
        "address",
        "floor",
        "area_m2",
        "state",
        "star",
        "opened_on",
        "organization",
    )


class RoomDetailView(RecordView):
    """A room, with its facilities, its managers, its open reports and its visits of the last thirty days.

    Its managers have no desk; they read neither who else looks after the room nor its history.
    """

    shell = None
    template_name = "nursing_rooms/room_detail.html"

    def facts_of(self, room):
        facts = super().facts_of(room)
        facts.append({"label": _("Opening hours"), "value": hours_text(room.hours) if room.hours else _("not known")})
        if room.point is not None:
            place = f"{room.given_longitude}, {room.given_latitude} ({room.get_given_datum_display()})"
            facts.append({"label": _("Position as entered"), "value": place})
        if plate := plate_of(room):
            facts.append({"label": _("Plate"), "value": plate.number})
        return facts

    def get_context_data(self, **kwargs):
        room, actor = self.object, self.request.user
        labels = dict(NursingRoom._meta.get_field("facilities").base_field.flatchoices)
        days = list(room.days.filter(on__gt=timezone.localdate() - timedelta(days=SHOWN_DAYS)).order_by("-on"))
        staff = actor.can(Area.NURSING_ROOMS, Capability.VIEW, room.organization.path)
        others = {} if staff else {"entries": [], "back_url": reverse("nursing_rooms:room-mine")}
        return super().get_context_data(
            staff=staff,
            facilities=[labels[name] for name in room.facilities],
            missing=missing_facilities(room.room_type, room.facilities),
            managers=list(RoomManager.objects.filter(room=room).current().for_list()) if staff else [],
            lies_in=city_of_position(room) if staff else None,
            same=maybe_the_same(room, actor) if staff and room.state != RoomState.RETIRED else [],
            changes=rules.can_change_room(actor, room),
            reports=list(RoomReport.objects.visible_to(actor).filter(room=room).open().order_by("due_on", "pk")),
            days=days,
            taps=sum(day.taps for day in days),
            **{**others, **kwargs},
        )


class RoomPages(Records):
    model = NursingRoom
    area = Area.NURSING_ROOMS
    prefix = "room"
    path = "rooms/"
    row_name = "room"
    title = _("Nursing rooms")
    create = services.room_create
    create_form = RoomForm
    create_label = _("Apply for a room")
    update = services.room_update
    update_form = RoomUpdateForm
    edit_rule = rules.can_change_room
    edit_label = _("Edit the room")
    empty_title = _("No nursing rooms here yet")
    empty_text = _("Apply for a room, or import the register from Excel.")
    facts = (
        "number",
        "room_type",
        "is_public",
        "host",
        "region",
        "address",
        "floor",
        "landmark",
        "phone",
        "area_m2",
        "star",
        "organization",
        "opened_on",
        "renewed_on",
        "closed_until",
        "closed_reason",
        "cleaned_at",
        "verified_at",
    )
    filterset_class = RoomFilter
    import_register = "nursing_rooms.rooms"
    actions = ROOM
    list_view = RoomListView
    detail_view = RoomDetailView
