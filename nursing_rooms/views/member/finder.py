"""The finder of nursing rooms, open to everybody: by place or "near me", as a list with a map, and each room's page.

The position of a visitor comes in the body of a POST request. It is in no address, and neither stored nor kept by the
browser.
"""

from dataclasses import replace

from django.http import Http404, JsonResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django.views.decorators.debug import sensitive_post_parameters

from nursing_rooms.forms.finder import FinderForm
from nursing_rooms.selectors import finder
from nursing_rooms.tables.finder import (
    card_of,
    distance_words,
    drawn,
    phone_url,
    pin_of,
    pin_of_dot,
    time_words,
    tone_of,
)
from portal.core.guard import each
from portal.core.text import whole_number
from portal.locations.forms import HereForm
from portal.locations.hours import hours_text
from portal.locations.links import map_links
from portal.locations.maps import LEAST_ZOOM, MOST_ZOOM, Map, Pin, clustered, pins_data, read_window
from portal.organizations.selectors import working_calendar
from portal.web.middleware import public_page
from portal.web.views import ShellMixin

# At this zoom only rooms of one building are one pin.
ONE_BUILDING = MOST_ZOOM + 4
MOST_PINS = 200
MOST_PAGES = 9_999
PLACES, FILTERS = ("city", "district", "place"), ("open", "type", "facilities")
UNPLACED = _("Your position is not known. Choose a city or district.")


class FinderMixin(ShellMixin):
    """The moment of the search and the places that can be chosen, read once."""

    shell = None
    provisional = True

    @cached_property
    def moment(self):
        return finder.Moment(timezone.now(), working_calendar())

    @cached_property
    def places(self):
        return finder.places()


@public_page
@method_decorator(sensitive_post_parameters("longitude", "latitude"), name="dispatch")
class FinderListView(FinderMixin, generic.TemplateView):
    """The search: a GET request for a place, a POST request for the rooms nearest to the visitor."""

    template_name = "nursing_rooms/finder_list.html"
    fragment_name = "nursing_rooms/_finder_found.html"
    form_class = FinderForm
    title = _("Find a nursing room")

    def get_template_names(self):
        if self.request.htmx and not self.request.htmx.boosted:
            return [self.fragment_name]
        return [self.template_name]

    def get(self, request, *args, **kwargs):
        return self.answer(request.GET)

    def post(self, request, *args, **kwargs):
        here = HereForm(request.POST)
        if here.is_valid():
            response = self.answer(request.POST, here.cleaned_data["point"])
        else:
            response = self.answer(request.POST, said=UNPLACED)
            # The browser shows a refusal of a whole page, not that of a part of it.
            response.status_code = 200 if request.htmx else 422
        patch_cache_control(response, no_store=True)
        return response

    def answer(self, asked, point=None, said=""):
        """Return the page of what is asked for; ``said`` is a sentence above it."""
        form = FinderForm(asked, places=self.places)
        search = form.search(point)
        number = whole_number(asked.get("page", ""), MOST_PAGES) or 1
        results = finder.rooms_found(search, self.moment, self.places, number)
        rows = list(each(results.found, self.row))
        context = self.get_context_data(
            form=form,
            here=point,
            said=said,
            results=results,
            known=[row for row in rows if row["card"].is_known],
            unknown=[row for row in rows if not row["card"].is_known],
            far=self.far_words(results),
            map=self.map_of(rows, form, point),
            is_filtered=bool(search.open_now or search.room_type or search.facilities),
            is_searched=bool(search.words or search.place),
            search=search,
            total=f"{results.total:,}" if results.total is not None else "",
            previous=number - 1,
            following=number + 1 if results.has_more else 0,
            asked=filters_of(form, FILTERS),
            elsewhere=address_of("finder-list", filters_of(form, FILTERS)),
        )
        return self.render_to_response(context)

    def row(self, found):
        """Return a room that was found as the list and the map show it."""
        card = card_of(found, self.moment)
        distance = distance_words(found.metres) if found.metres is not None else ""
        return {"card": card, "distance": distance, "html": drawn(card), "pin": pin_of(card) if card.point else None}

    def far_words(self, results):
        """Return what a visitor reads if no room near them is open."""
        if not results.is_none_near or not (results.found or results.nearest_closed):
            return ""
        words = [gettext("No room within 3 km is known to be open.")]
        if results.nearest_open is not None:
            away = {"distance": distance_words(results.nearest_open.metres)}
            words.append(gettext("The nearest open room is %(distance)s away.") % away)
        if results.nearest_closed is not None:
            closed = results.nearest_closed
            words.append(
                gettext("The nearest closed room is %(distance)s away and opens %(time)s.")
                % {
                    "distance": distance_words(closed.metres),
                    "time": time_words(closed.openness.opening.next_open, self.moment.now),
                }
            )
        return "".join(words) if (get_language() or "").startswith("zh") else " ".join(words)

    @staticmethod
    def map_of(rows, form, point):
        """Return the map of one page of results; it reads the pins of other parts by the same filters."""
        asked = filters_of(form, FILTERS if point else (*PLACES, *FILTERS))
        pins = [row["pin"] for row in rows if row["pin"] is not None]
        return Map(tuple(clustered(pins, ONE_BUILDING)), point, address_of("finder-pins", asked))


def address_of(name, asked):
    """Return the address of a page of the finder with these filters."""
    url = reverse(f"nursing_rooms:{name}")
    return f"{url}?{urlencode(asked)}" if asked else url


def filters_of(form, names):
    """Return the (name, value) pairs of what is asked for in these fields, as an address holds them."""
    found = []
    for name in names:
        value = form.cleaned_data.get(name)
        if isinstance(value, list):
            found += [(name, one) for one in value]
        elif value:
            found.append((name, "1" if value is True else value))
    return found


@public_page
class FinderPinsView(FinderMixin, generic.View):
    """The pins of the part of the earth that the map shows, those too close together as one."""

    http_method_names = ("get", "head")

    def get(self, request, *args, **kwargs):
        search = FinderForm(request.GET, places=self.places).search()
        window = read_window(request.GET)
        dots = {f"place-{dot.pk}": dot for dot in finder.dots(search, window, self.moment, self.places)}
        # Thousands of rooms become a few pins, and only these get words.
        bare = [Pin(dot.point, "", key=key, tone=tone_of(dot.is_troubled)) for key, dot in dots.items()]
        zoom = window.zoom if window is not None else LEAST_ZOOM
        shown = clustered(bare, zoom if zoom < MOST_ZOOM else ONE_BUILDING)
        while len(shown) > MOST_PINS and zoom > LEAST_ZOOM:
            zoom -= 1
            shown = clustered(bare, zoom)
        worded = lambda one: pin_of_dot(dots[one.key]) if one.key else with_words(one)  # noqa: E731
        with_words = lambda one: replace(one, members=tuple(map(worded, one.members)))  # noqa: E731
        return JsonResponse({"pins": pins_data(map(worded, shown))})


@public_page
class FinderPlaceView(FinderMixin, generic.TemplateView):
    """Everything about one public room; any other number is answered as a number that does not exist."""

    template_name = "nursing_rooms/finder_place.html"

    def get(self, request, *args, **kwargs):
        self.found = finder.room_found(kwargs["pk"], self.moment)
        if self.found is None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_title(self):
        return self.found.room.name

    def get_context_data(self, **kwargs):
        found, room = self.found, self.found.room
        card, beside = card_of(found, self.moment), finder.rooms_beside(room, self.moment)
        return super().get_context_data(
            card=card,
            hours=hours_text(room.hours),
            facts=facts_of(room),
            links=map_links(room.point, room.name) if room.point else (),
            shut=room if found.openness.is_shut else None,
            beside=[
                {"html": drawn(card_of(one, self.moment)), "distance": distance_words(one.metres) if one.metres else ""}
                for one in beside
            ],
            map=Map((pin_of(card),) if card.point else ()),
            **kwargs,
        )


def facts_of(room):
    """Return the facts of a room that everybody may read."""
    day = lambda value: formats.date_format(value, "DATE_FORMAT")  # noqa: E731
    shown = [
        (_("Type"), room.get_room_type_display()),
        (_("Region"), room.region),
        (_("Address"), room.address),
        (_("Floor"), room.floor),
        (_("Nearest shop or lift"), room.landmark),
        (_("Unit that hosts it"), room.host),
        (_("Managed by"), room.organization.label),
        (_("Area in m²"), room.area_m2),
        (_("Stars"), room.star),
        (_("Opened on"), day(room.opened_on) if room.opened_on else ""),
        (_("Upgraded on"), day(room.renewed_on) if room.renewed_on else ""),
        (_("Last seen on site"), day(timezone.localtime(room.verified_at)) if room.verified_at else ""),
    ]
    facts = [{"label": label, "value": value} for label, value in shown if value not in (None, "")]
    if room.phone:
        facts.append({"label": _("Phone of the room"), "value": room.phone, "url": phone_url(room.phone)})
    return facts
