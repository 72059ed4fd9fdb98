"""Desk pages of series and themes of events."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.forms.series import SeriesForm, SeriesUpdateForm, ThemeForm
from matchmaking.models import EventSeries, EventTheme, MatchEvent
from matchmaking.selectors.events import with_counts
from matchmaking.services.series import series_create, series_update, theme_create, theme_update
from matchmaking.tables.series import SeriesTable, ThemeTable
from portal.core.choices import Area
from portal.organizations.records import Records
from portal.web.views import CapabilityMixin, CreateView, DetailView, ListView, UpdateView


def with_held(rows, actor, field):
    """Annotate ``rows`` with ``held``: how many events seen by ``actor`` refer to them in ``field``."""
    events = MatchEvent.objects.visible_to(actor).filter(**{field: OuterRef("pk")}).order_by().values(field)
    counted = events.annotate(n=Count("pk")).values("n")
    return rows.annotate(held=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


class SeriesListView(ListView):
    table_class = SeriesTable
    empty_text = _("A series is a brand of events that are held year after year.")

    def get_queryset(self):
        return with_held(super().get_queryset(), self.request.user, "series")


class SeriesDetailView(DetailView):
    """A series and its latest events, as far as the reader may see them."""

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
    create_label = _("Create series")
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
    title = _("Event themes")
    narrowed = False
    create_url_name = "matchmaking:theme-create"
    create_label = _("Add a theme")
    empty_title = _("No themes yet")
    empty_text = _("A theme has an introductory text that new events can use.")

    def get_queryset(self):
        return with_held(EventTheme.objects.all(), self.request.user, "theme")

    def can_create(self):
        return rules.can_edit_theme(self.request.user, None)

    def export_area(self):
        return None

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), "may_edit": self.can_create()}


class KeepsThemesMixin:
    """A page to edit themes, which are the same for all: only editors at the top of the tree may."""

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
