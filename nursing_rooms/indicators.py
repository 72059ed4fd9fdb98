"""The indicators of nursing rooms: rooms by type, public ones, new and upgraded ones, visits."""

from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import STANDING, RoomState, RoomType
from nursing_rooms.models import NursingRoom, RoomDay
from portal.core.choices import Area
from portal.core.figures import Flow, Indicator, Ratio, Stock, Sum

ROOMS = _("rooms")


def _counted(**fields):
    """Return the rooms that were ever opened; a withdrawn one counts until its last day."""
    return NursingRoom.objects.filter(state__in=[*STANDING, RoomState.RETIRED], opened_on__isnull=False, **fields)


def _stock(**fields):
    return Stock(lambda: _counted(**fields), organization="organization", since="opened_on", until="retired_on")


INDICATORS = [
    Indicator(
        "NR01",
        _("Nursing rooms"),
        _("Rooms of all types that exist on the last day of the period, without those withdrawn until then."),
        ROOMS,
        Area.NURSING_ROOMS,
        _stock(),
        order=401,
        headline=True,
        public=True,
    ),
    *(
        Indicator(
            f"NR01{letter}",
            kind.label,
            _("Of the nursing rooms, those of this type."),
            ROOMS,
            Area.NURSING_ROOMS,
            _stock(room_type=kind),
            order=402 + number,
        )
        for number, (letter, kind) in enumerate(zip("abcd", RoomType, strict=True))
    ),
    Indicator(
        "NR02",
        _("Public nursing rooms"),
        _("Of the nursing rooms, those that everybody may use."),
        ROOMS,
        Area.NURSING_ROOMS,
        _stock(is_public=True),
        order=406,
        headline=True,
        public=True,
    ),
    Indicator(
        "NR02n",
        _("Public nursing rooms on the map"),
        _("Of the public nursing rooms, those with a position to which navigation leads."),
        ROOMS,
        Area.NURSING_ROOMS,
        _stock(is_public=True, longitude__isnull=False),
        order=407,
    ),
    Indicator(
        "NR05",
        _("New nursing rooms"),
        _("Rooms opened in the period, by the day of opening."),
        ROOMS,
        Area.NURSING_ROOMS,
        Flow(_counted, organization="organization", on="opened_on"),
        order=408,
    ),
    Indicator(
        "NR05u",
        _("Upgraded nursing rooms"),
        _("Rooms upgraded in the period, by the day of the upgrade; counted apart from new ones."),
        ROOMS,
        Area.NURSING_ROOMS,
        Flow(lambda: _counted(renewed_on__isnull=False), organization="organization", on="renewed_on"),
        order=409,
    ),
    Indicator(
        "NR06",
        _("Visits to nursing rooms"),
        _("Visits counted at the doors, by day. A visit is one press of a button; nobody is identified."),
        _("visits"),
        Area.NURSING_ROOMS,
        Flow(lambda: RoomDay.objects.all(), organization="room__organization", on="on", measure=Sum("taps")),
        order=410,
        headline=True,
        public=True,
    ),
    Indicator(
        "NR07",
        _("Share of public rooms on the map"),
        _("Public nursing rooms with a position, divided by the public nursing rooms; both are summed first."),
        "%",
        Area.NURSING_ROOMS,
        Ratio("NR02n", "NR02"),
        order=411,
    ),
]
