"""What events are planned from: series, themes, the library of venues, partners, the months."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import rules
from matchmaking.filters.planning import VenueFilter
from matchmaking.forms.planning import PartnerForm, SeriesForm, SeriesUpdateForm, ThemeForm, VenueForm, VenueUpdateForm
from matchmaking.models import EventPartner, EventSeries, EventTheme, MatchEvent, Venue
from matchmaking.selectors.events import event_figures, with_counts
from matchmaking.selectors.planning import events_of_month, month_of, partner_share, venue_month
from matchmaking.services.planning import (
    partner_add,
    partner_remove,
    series_create,
    series_update,
    theme_create,
    theme_update,
    venue_create,
    venue_update,
)
from matchmaking.tables.planning import PartnerTable, SeriesTable, ThemeTable, VenueTable
from matchmaking.views.participants import OfEventFormView
from portal.core.choices import Area
from portal.organizations.records import Records
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, UpdateView


def with_held(rows, actor, field):
    """Annotate ``rows`` with ``held``: how many events that ``actor`` sees name them in ``field``."""
    events = MatchEvent.objects.visible_to(actor).filter(**{field: OuterRef("pk")}).order_by().values(field)
    counted = events.annotate(n=Count("pk")).values("n")
    return rows.annotate(held=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


class SeriesListView(ListView):
    table_class = SeriesTable
    empty_text = _("A series is the brand under which events are held year after year.")

    def get_queryset(self):
        return with_held(super().get_queryset(), self.request.user, "series")


class SeriesDetailView(DetailView):
    """A series and its latest events, as far as she sees them."""

    template_name = "matchmaking/series_detail.html"

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        events = MatchEvent.objects.visible_to(self.request.user).filter(series=self.object).for_list()
        return super().get_context_data(
            events=with_counts(events).order_by("-starts_at")[:20],
            edits=rules.can_edit_series(self.request.user, self.object),
            **kwargs,
        )


class SeriesPages(Records):
    model = EventSeries
    area = Area.MATCHMAKING
    prefix = "series"
    path = "series/"
    row_name = "series"
    title = _("Event series")
    narrowed = False
    empty_title = _("No series here yet")
    create = series_create
    create_form = SeriesForm
    create_label = _("Lay down a series")
    update = series_update
    update_form = SeriesUpdateForm
    edit_rule = rules.can_edit_series
    edit_label = _("Edit the series")
    list_view = SeriesListView
    detail_view = SeriesDetailView


class ThemeListView(CapabilityMixin, ListView):
    model = EventTheme
    area = Area.MATCHMAKING
    table_class = ThemeTable
    title = _("Themes of events")
    narrowed = False
    create_url_name = "matchmaking:theme-create"
    create_label = _("Add a theme")
    empty_title = _("No themes yet")
    empty_text = _("A theme has a text that new events start from.")

    def get_queryset(self):
        return with_held(EventTheme.objects.all(), self.request.user, "theme")

    def can_create(self):
        return rules.can_edit_theme(self.request.user, None)

    def export_area(self):
        return None

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), "may_edit": self.can_create()}


class KeepsThemesMixin:
    """Themes are the same for all: whoever edits at the top of the tree keeps them."""

    success_message = _("Saved.")
    submit_label = _("Save")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not rules.can_edit_theme(request.user, None):
            raise PermissionDenied if request.user.is_desk else Http404
        return super().dispatch(request, *args, **kwargs)

    def next_url(self, result):
        return reverse("matchmaking:theme-list")


class ThemeCreateView(KeepsThemesMixin, CreateView):
    area = Area.MATCHMAKING
    form_class = ThemeForm
    title = _("Add a theme")

    service = theme_create


class ThemeUpdateView(KeepsThemesMixin, UpdateView):
    model = EventTheme
    form_class = ThemeForm
    rule = rules.can_edit_theme
    title = _("Edit the theme")

    row_name = "theme"
    service = theme_update

    def get_queryset(self):
        return EventTheme.objects.all()

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=reverse("matchmaking:theme-list"), **kwargs)


class VenueListView(ListView):
    table_class = VenueTable
    export_columns = (
        (_("Name"), "name"),
        (_("Kind"), "get_kind_display"),
        (_("Region code"), "region_id"),
        (_("Address"), "address"),
        (_("People at most"), "capacity"),
        (_("Number of the house"), "desk_phone"),
        (_("Good to know"), "notes"),
    )

    def get_queryset(self):
        return with_held(super().get_queryset(), self.request.user, "venue")


class VenueDetailView(DetailView):
    """A venue and its month: when it is taken, and by what as far as she may see that."""

    template_name = "matchmaking/venue_detail.html"

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        venue, actor = self.object, self.request.user
        facts = [
            {"label": _("Kind"), "value": venue.get_kind_display()},
            {"label": _("Region"), "value": venue.region.name if venue.region else ""},
            {"label": _("Address"), "value": venue.address},
            {"label": _("People at most"), "value": venue.capacity},
            {"label": _("Number of the house"), "value": venue.desk_phone},
            {"label": _("Entered by"), "value": venue.organization.label},
            {"label": _("Good to know"), "value": venue.notes},
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
    empty_text = _("Enter the places where you hold events, or import them from Excel.")
    create = venue_create
    create_form = VenueForm
    create_label = _("Enter a venue")
    update = venue_update
    update_form = VenueUpdateForm
    edit_rule = rules.can_edit_venue
    edit_label = _("Edit the venue")
    list_view = VenueListView
    detail_view = VenueDetailView


class EventCalendarView(CapabilityMixin, generic.TemplateView):
    """The events of a month in her reach."""

    area = Area.MATCHMAKING
    template_name = "matchmaking/event_calendar.html"
    title = _("Calendar of events")

    def get_context_data(self, **kwargs):
        first = month_of(self.request.GET.get("month"))
        events = MatchEvent.objects.visible_to(self.request.user).for_list()
        return super().get_context_data(month=events_of_month(events, first), **kwargs)


class EventPartnersView(OfEventFormView):
    """The partners of an event, and adding one."""

    template_name = "matchmaking/event_partners.html"
    form_class = PartnerForm
    title = _("Partners")
    success_message = _("The partner is on the list.")

    def get_context_data(self, **kwargs):
        partners = self.event.partners.select_related("organization").order_by("pk")
        return super().get_context_data(partners=partners, **kwargs)

    def perform(self, form):
        partner_add(actor=self.request.user, event=self.event, **form.cleaned_data)

    def next_url(self, result):
        return reverse("matchmaking:event-partners", args=[self.event.pk])


class PartnerRemoveView(ActionView):
    model = EventPartner
    rule = rules.can_edit_of_event
    title = _("Take the partner off")
    action_label = _("Take off the list")
    consequence = _("It no longer stands on poster and report, and its staff no longer see the figures.")
    danger = True
    success_message = _("The partner is off the list.")

    row_name = "partner"
    service = partner_remove

    def back_url(self):
        return reverse("matchmaking:event-partners", args=[self.object.event_id])

    def next_url(self, result):
        return self.back_url()


class PartnerListView(CapabilityMixin, ListView):
    """Events that others hold together with a union of her reach."""

    model = EventPartner
    area = Area.MATCHMAKING
    table_class = PartnerTable
    title = _("Held together with us")
    narrowed = False
    empty_title = _("No event is held together with you")
    empty_text = _("When another union names yours as its partner, its figures stand here.")

    def get_queryset(self):
        return EventPartner.objects.shared_with(self.request.user).for_list()

    def can_create(self):
        return False


class PartnerFiguresView(DetailView):
    """The figures of an event, for the staff of a union that holds it too: numbers alone, no people."""

    model = EventPartner
    template_name = "matchmaking/partner_figures.html"

    def get_queryset(self):
        return EventPartner.objects.shared_with(self.request.user).for_list()

    def get_title(self):
        return self.object.event.title

    def get_context_data(self, **kwargs):
        event = self.object.event
        facts = [
            {"label": _("Held by"), "value": event.organization.name},
            {"label": _("Mode"), "value": event.get_mode_display()},
            {"label": _("Places"), "value": _("%(men)s men, %(women)s women") % {
                "men": event.men_quota, "women": event.women_quota}},
        ]  # fmt: skip
        return super().get_context_data(
            event=event,
            facts=facts,
            figures=event_figures(event),
            share=partner_share(self.object),
            **kwargs,
        )
