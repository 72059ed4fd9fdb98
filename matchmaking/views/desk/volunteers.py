"""Desk pages of volunteer matchmakers: the list, their loads and the figures."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import generic

from matchmaking.actions.volunteers import VOLUNTEER
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.volunteers import VolunteerState
from matchmaking.filters.volunteers import VolunteerFilter
from matchmaking.forms.volunteers import ShareForm, VolunteerCreateForm, places_of
from matchmaking.models import Volunteer
from matchmaking.selectors.introductions import introduction_figures
from matchmaking.services.cases import cases_assign
from matchmaking.services.volunteers import volunteer_create
from matchmaking.tables.volunteers import VolunteerTable
from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.web.context import here_path
from portal.web.views import CapabilityMixin, CreateView, ListView


class VolunteerListView(CapabilityMixin, ListView):
    """Volunteers and their loads; the singles they look after are never shown."""

    model = Volunteer
    area = Area.MATCHMAKING
    table_class = VolunteerTable
    filterset_class = VolunteerFilter
    title = _("Volunteer matchmakers")
    create_url_name = "matchmaking:volunteer-create"
    create_label = _("Register a matchmaker")
    empty_title = _("No volunteer matchmakers here yet")
    empty_text = _("Register a member as a matchmaker, or wait for members to apply on their own page.")
    export_columns = (
        (_("Full name"), "member__name"),
        (_("Unit"), "member__organization__name"),
        (_("Serves at"), "organization__name"),
        (_("State"), "get_state_display"),
        (_("Trained on"), "trained_on"),
        (_("People assigned"), "load"),
        (_("Maximum number of people at a time"), "most"),
    )

    def get_queryset(self):
        return super().get_queryset().with_load()


class VolunteerCreateView(CreateView):
    model = Volunteer
    area = Area.MATCHMAKING
    form_class = VolunteerCreateForm
    title = _("Register a matchmaker")
    submit_label = _("Register as matchmaker")
    success_message = _(
        "The person was told. They sign the pledge on their own page; after that, record their training."
    )

    service = volunteer_create


class VolunteerDetailView(RecordView):
    """A volunteer: the state, what is still missing, and the load."""

    model = Volunteer
    actions = VOLUNTEER
    facts = (
        (_("Unit"), "member__organization__name"),
        (_("Serves at"), "organization__name"),
        (_("Pledge signed at"), lambda row: row.pledged_at or _("not yet")),
        (_("Trained on"), lambda row: row.trained_on or _("not yet")),
        (_("Why I want to help"), lambda row: row.motive or "–"),
    )
    template_name = "matchmaking/volunteer_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_load()

    def get_title(self):
        return self.object.member.name


class VolunteerShareView(CreateView):
    """Assign singles without a matchmaker evenly; the page says how many, never who."""

    model = Volunteer
    area = Area.MATCHMAKING
    form_class = ShareForm
    title = _("Assign the singles")
    subtitle = _(
        "Singles without a matchmaker are assigned evenly to the matchmakers; no matchmaker gets more than their limit."
    )
    submit_label = _("Assign them evenly")

    service = cases_assign

    def get_initial(self):
        return {"organization": places_of(self.request.user).first()}

    def next_url(self, result):
        words = ngettext("%(count)s single was assigned.", "%(count)s singles were assigned.", result)
        messages.success(self.request, words % {"count": result})
        return reverse("matchmaking:volunteer-list")


class VolunteerFiguresView(CapabilityMixin, generic.TemplateView):
    """Introductions by state and loads, as counts by organisation."""

    cost = "figures"
    area = Area.MATCHMAKING
    capability = Capability.VIEW
    template_name = "matchmaking/volunteer_figures.html"
    title = _("Figures of the matchmakers")

    def get_context_data(self, **kwargs):
        volunteers = Volunteer.objects.visible_to(self.request.user).below(here_path(self.request))
        active = volunteers.filter(state=VolunteerState.ACTIVE)
        areas, totals = introduction_figures(volunteers)
        return super().get_context_data(
            areas=areas,
            totals=totals,
            states=[state.label for state in IntroductionState],
            active=active.count(),
            carried=sum(area.carried for area in areas),
            **kwargs,
        )
