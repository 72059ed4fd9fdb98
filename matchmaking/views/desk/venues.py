"""Desk pages of venues."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.filters.venues import VenueFilter
from matchmaking.forms.venues import VenueForm, VenueUpdateForm
from matchmaking.models import Venue
from matchmaking.selectors.calendar import month_of, venue_month
from matchmaking.services.venues import venue_create, venue_update
from matchmaking.tables.venues import VenueTable
from matchmaking.views.desk.series import with_held
from portal.core.choices import Area
from portal.organizations.records import Records
from portal.web.views import DetailView, ListView


class VenueListView(ListView):
    table_class = VenueTable
    export_columns = (
        (_("Name"), "name"),
        (_("Kind"), "get_kind_display"),
        (_("Region code"), "region_id"),
        (_("Address"), "address"),
        (_("Capacity"), "capacity"),
        (_("Venue phone"), "desk_phone"),
        (_("Notes"), "notes"),
    )

    def get_queryset(self):
        return with_held(super().get_queryset(), self.request.user, "venue")


class VenueDetailView(DetailView):
    """A venue and its month: when it is taken, and by which event as far as the reader may see it."""

    template_name = "matchmaking/venue_detail.html"

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        venue, actor = self.object, self.request.user
        facts = [
            {"label": _("Kind"), "value": venue.get_kind_display()},
            {"label": _("Region"), "value": venue.region.name if venue.region else ""},
            {"label": _("Address"), "value": venue.address},
            {"label": _("Capacity"), "value": venue.capacity},
            {"label": _("Venue phone"), "value": venue.desk_phone},
            {"label": _("Entered by"), "value": venue.organization.label},
            {"label": _("Notes"), "value": venue.notes},
        ]
        first = month_of(self.request.GET.get("month"))
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"]],
            month=venue_month(venue, actor, first),
            edits=rules.can_edit_venue(actor, venue),
            **kwargs,
        )


class VenuePages(Records):
    model = Venue
    area = Area.MATCHMAKING
    prefix = "venue"
    path = "venues/"
    row_name = "venue"
    title = _("Venues")
    narrowed = False
    filterset_class = VenueFilter
    import_register = "matchmaking.venues"
    empty_title = _("No venues here yet")
    empty_text = _("Add the venues where you hold events, or import them from Excel.")
    create = venue_create
    create_form = VenueForm
    create_label = _("Add a venue")
    update = venue_update
    update_form = VenueUpdateForm
    edit_rule = rules.can_edit_venue
    edit_label = _("Edit the venue")
    list_view = VenueListView
    detail_view = VenueDetailView
