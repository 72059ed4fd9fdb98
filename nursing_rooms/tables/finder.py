"""How the finder shows a room: its words, its card in the list, its pin on the map.

A card depends only on the facts it is made of. Many visitors are shown the same rooms, so each process keeps the cards
and pins that it has drawn.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import strip_spaces_between_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext

from nursing_rooms.choices.reports import Trouble
from nursing_rooms.choices.rooms import Facility, RoomType
from portal.core.text import listed
from portal.locations.choices import Datum
from portal.locations.datums import Point, converted
from portal.locations.links import SERVICES
from portal.locations.maps import Pin

ICONS = {RoomType.ROOM: "door", RoomType.CORNER: "armchair", RoomType.BOX: "box", RoomType.MOBILE: "bus"}
# What a pin says of the type, and of a room that is closed, in one character each.
CHINESE_SIGNS = {RoomType.ROOM: "室", RoomType.CORNER: "角", RoomType.BOX: "箱", RoomType.MOBILE: "车", "closed": "休"}
ENGLISH_SIGNS = {RoomType.ROOM: "R", RoomType.CORNER: "C", RoomType.BOX: "B", RoomType.MOBILE: "M", "closed": "×"}
DAY = timedelta(days=1)
# All services on a card would double the size of the list.
MOST_USED = ("amap", "tencent")
# A card takes about 4 KB.
KEPT_CARDS = 2_000


def distance_words(metres):
    """Return a distance as people say it: 776 m, 7.4 km, 120 km."""
    if metres < 999.5:
        return gettext("%(number)s m") % {"number": round(metres)}
    kilometres = metres / 1000
    return gettext("%(number)s km") % {"number": f"{kilometres:.1f}" if kilometres < 99.95 else f"{kilometres:,.0f}"}


def time_words(moment, now):
    """Return the time of day, with the day if that is not today."""
    moment, now = timezone.localtime(moment), timezone.localtime(now)
    clock = f"{moment:%H:%M}"
    ahead = (moment.date() - now.date()).days
    if ahead == 0:
        return clock
    if ahead in (-1, 1):
        day = gettext("tomorrow") if ahead == 1 else gettext("yesterday")
    else:
        day = _day_words(moment.date(), get_language())
    return f"{day} {clock}"


@lru_cache(maxsize=500)
def _day_words(day, _language):
    words = {"weekday": formats.date_format(day, "D"), "day": formats.date_format(day, "MONTH_DAY_FORMAT")}
    return "{weekday} {day}".format(**words)


def cleaned_words(moment, now):
    """Return when a room was cleaned, with the day."""
    words = time_words(moment, now)
    is_today = timezone.localtime(moment).date() == timezone.localtime(now).date()
    return f"{gettext('today')} {words}" if is_today else words


def open_words(openness, closed_until, now):
    """Return what a visitor reads about whether a room is open, "" if nothing is known."""
    opening = openness.opening
    if openness.is_doubtful:
        return gettext("Was closed temporarily: please confirm by phone before you go")
    if openness.is_shut:
        day = formats.date_format(closed_until, "MONTH_DAY_FORMAT")
        return gettext("Temporarily closed until %(day)s (included)") % {"day": day}
    if opening.open:
        return _open_until(opening.until, now)
    if opening.open is None:
        return ""
    if opening.next_open is None:
        return gettext("Not open now")
    return gettext("Closed, opens %(time)s") % {"time": time_words(opening.next_open, now)}


def _open_until(until, now):
    if until is None:
        return gettext("Open now")
    if until - now < DAY:
        clock = timezone.localtime(until)
        ends = "24:00" if (clock.hour, clock.minute) == (0, 0) else f"{clock:%H:%M}"
        return gettext("Open now until %(time)s") % {"time": ends}
    return gettext("Open now until %(time)s") % {"time": time_words(until, now)}


def phone_url(phone):
    """Return the link that dials a phone number as it was written, "" without digits."""
    digits = "".join(char for char in phone if char.isdecimal() or char == "+")
    return f"tel:{digits}" if digits else ""


@dataclass(frozen=True)
class Card:
    """What a card and a pin say of a room, without the distance.

    ``open`` and ``cleaned`` are words in the language of the page. ``shut``: the reason while it is temporarily closed.
    """

    pk: int
    name: str
    room_type: str
    address: str
    floor: str
    landmark: str
    phone: str
    facilities: tuple
    troubles: tuple
    longitude: object
    latitude: object
    open: str
    cleaned: str
    shut: str
    is_open: bool
    is_known: bool
    is_doubtful: bool
    is_assumed: bool

    @property
    def key(self):
        """The id of the card in the list; the map finds it by this."""
        return f"place-{self.pk}"

    @property
    def url(self):
        return reverse("nursing_rooms:finder-place", args=[self.pk])

    @property
    def icon(self):
        return ICONS[self.room_type]

    @property
    def kind(self):
        return RoomType(self.room_type).label

    @property
    def tone(self):
        return "good" if self.is_open else "wait"

    @property
    def where(self):
        """Where the room is inside the building."""
        return " · ".join(part for part in (self.floor, self.landmark) if part)

    @property
    def facility_labels(self):
        return [Facility(name).label for name in self.facilities]

    @property
    def trouble_words(self):
        """What is reported about the room."""
        return listed(Trouble(trouble).label for trouble in self.troubles)

    @property
    def phone_url(self):
        return phone_url(self.phone)

    @property
    def point(self):
        return None if self.longitude is None else Point(self.longitude, self.latitude, Datum.WGS84)

    @property
    def ways(self):
        """Links to the room, as pairs of address and name: those most used, and its page for the other services."""
        if self.point is None:
            return []
        # Converted once to the datum that both services have.
        point = converted(self.point, Datum.GCJ02)
        named = [(one.link(point, self.name), one.label) for one in SERVICES if one.code in MOST_USED]
        return [*named, (f"{self.url}#ways", gettext("Other maps"))]


def card_of(found, moment):
    """Return the card of a room that was found."""
    room, openness, now = found.room, found.openness, moment.now
    return Card(
        room.pk,
        room.name,
        room.room_type,
        room.address,
        room.floor,
        room.landmark,
        room.phone,
        tuple(room.facilities),
        found.troubles,
        room.longitude,
        room.latitude,
        open_words(openness, room.closed_until, now),
        cleaned_words(room.cleaned_at, now) if room.cleaned_at else "",
        room.closed_reason if openness.is_shut else "",
        openness.is_open,
        openness.is_known,
        openness.is_doubtful,
        openness.opening.assumed and not openness.is_shut,
    )


def drawn(card):
    """Return the HTML of a card in the language of the page."""
    return _drawn(card, get_language())


@lru_cache(maxsize=KEPT_CARDS)
def _drawn(card, _language):
    html = render_to_string("nursing_rooms/_finder_card.html", {"card": card})
    return mark_safe(strip_spaces_between_tags(html.strip()))  # noqa: S308 - what the template has made


def pin_of(card):
    """Return the pin of a room with a position."""
    return _pin_of(card, get_language())


@lru_cache(maxsize=KEPT_CARDS)
def _pin_of(card, _language):
    return _pin(
        card.pk,
        card.name,
        card.room_type,
        card.point,
        card.is_known and not card.is_open,
        card.open,
        card.trouble_words,
    )


def tone_of(troubles):
    """Return the colour of a pin: green unless something is reported."""
    return "bad" if troubles else "good"


def pin_of_dot(dot):
    """Return the pin of a room of which only the place is shown, beginning with its floor."""
    openness, words = dot.openness, ""
    if openness.is_shut:
        words = gettext("Temporarily closed")
    elif openness.is_known:
        words = gettext("Open now") if openness.is_open else gettext("Not open now")
    name = f"{dot.floor} {dot.name}" if dot.floor else dot.name
    troubles = gettext("something is reported") if dot.is_troubled else ""
    is_closed = openness.is_known and not openness.is_open
    return _pin(dot.pk, name, dot.room_type, dot.point, is_closed, words, troubles)


def _pin(pk, name, room_type, point, is_closed, words, troubles):
    """Return a pin; its sign says the type, and whether the room is closed.

    ``words`` say whether it is open, ``troubles`` what is reported.
    """
    signs = CHINESE_SIGNS if (get_language() or "").startswith("zh") else ENGLISH_SIGNS
    label = listed(part for part in (f"{name} ({RoomType(room_type).label})", words, troubles) if part)
    return Pin(
        point,
        label,
        url=reverse("nursing_rooms:finder-place", args=[pk]),
        key=f"place-{pk}",
        tone=tone_of(troubles),
        sign=signs[room_type] + (signs["closed"] if is_closed else ""),
    )
