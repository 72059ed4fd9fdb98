"""Volunteer matchmakers on the desk: who helps, who carries how many, and the figures."""

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
    """Who helps, and who carries how many; whom they look after stands nowhere here."""

    model = Volunteer
    area = Area.MATCHMAKING
    table_class = VolunteerTable
    filterset_class = VolunteerFilter
    title = _("Volunteer matchmakers")
    create_url_name = "matchmaking:volunteer-create"
    create_label = _("Take on a matchmaker")
    empty_title = _("Nobody helps here yet")
    empty_text = _("Take on a member, or wait for members to apply on their own page.")
    export_columns = (
        (_("Full name"), "member__name"),
        (_("Unit"), "member__organization__name"),
        (_("Helps at"), "organization__name"),
        (_("State"), "get_state_display"),
        (_("Trained on"), "trained_on"),
        (_("Carries"), "load"),
        (_("People at a time, at most"), "most"),
    )

    def get_queryset(self):
        return super().get_queryset().with_load()


class VolunteerCreateView(CreateView):
    model = Volunteer
    area = Area.MATCHMAKING
    form_class = VolunteerCreateForm
    title = _("Take on a matchmaker")
    submit_label = _("Take her on")
    success_message = _("She was told. She signs the pledge on her own page; then write down her training.")

    service = volunteer_create


class VolunteerDetailView(RecordView):
    """A volunteer: where she stands, what is still missing, how many she carries."""

    model = Volunteer
    actions = VOLUNTEER
    facts = (
        (_("Unit"), "member__organization__name"),
        (_("Helps at"), "organization__name"),
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
    """Shares singles without a matchmaker evenly; says how many, never who."""

    model = Volunteer
    area = Area.MATCHMAKING
    form_class = ShareForm
    title = _("Share the singles")
    subtitle = _(
        "Singles nobody looks after are shared so that matchmakers carry the same, and none more than she may."
    )
    submit_label = _("Share them evenly")

    service = cases_assign

    def get_initial(self):
        return {"organization": places_of(self.request.user).first()}

    def next_url(self, result):
        words = ngettext("%(count)s single was shared.", "%(count)s singles were shared.", result)
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
