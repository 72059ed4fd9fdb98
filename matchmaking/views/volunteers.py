"""Volunteer matchmakers on the desk: who helps, who carries how many, and the figures."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import generic

from matchmaking import forms, rules, selectors, services
from matchmaking.choices import IntroductionState, VolunteerState
from matchmaking.filters import VolunteerFilter
from matchmaking.forms.matchmakers import places_of
from matchmaking.models import Volunteer
from matchmaking.tables import VolunteerTable
from portal.audit.gate import can_step
from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.web.context import here_path
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView

HISTORY_WORDS = {
    "create": _("Taken on"),
    "pledge": _("Pledge signed"),
    "train": _("Training written down"),
    "hand_back": _("People handed back"),
}


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
    form_class = forms.VolunteerCreateForm
    title = _("Take on a matchmaker")
    submit_label = _("Take her on")
    success_message = _("She was told. She signs the pledge on her own page; then write down her training.")

    service = services.volunteer_create


class VolunteerDetailView(DetailView):
    """A volunteer: where she stands, what is still missing, how many she carries."""

    model = Volunteer
    template_name = "matchmaking/volunteer_detail.html"

    def get_queryset(self):
        return super().get_queryset().with_load()

    def get_title(self):
        return self.object.member.name

    def get_context_data(self, **kwargs):
        row = self.object
        facts = [
            {"label": _("Unit"), "value": row.member.organization.name if row.member.organization else ""},
            {"label": _("Helps at"), "value": row.organization.name},
            {"label": _("Pledge signed at"), "value": row.pledged_at or _("not yet")},
            {"label": _("Trained on"), "value": row.trained_on or _("not yet")},
            {"label": _("Why I want to help"), "value": row.motive or "–"},
        ]
        primary, menu = self.actions()
        return super().get_context_data(
            facts=facts, primary=primary, menu=menu, entries=history(row, HISTORY_WORDS), **kwargs
        )

    def actions(self):
        row, actor = self.object, self.request.user
        if not rules.can_run_volunteers(actor, row):
            return None, []

        def step(name, label, icon, **more):
            return {
                "url": reverse(f"matchmaking:volunteer-{name}", args=[row.pk]),
                "label": label,
                "icon": icon,
                **more,
            }

        steps = []
        if row.state != VolunteerState.ENDED:
            steps.append(step("train", _("Write down the training"), "certificate"))
        if can_step(row, VolunteerState.ACTIVE, actor):
            activate = step("activate", _("Let her begin"), "player-play")
            if row.pledged_at and row.trained_on:
                steps.insert(0, activate)
            else:
                steps.append({**activate, "disabled": True, "why": _("Pledge and training come first.")})
        if can_step(row, VolunteerState.RESTING, actor):
            steps.append(step("rest", _("Let her rest"), "player-pause"))
        if can_step(row, VolunteerState.ENDED, actor):
            steps.append(step("end", _("End her help"), "x", danger=True))
        primary = steps[0] if steps and not steps[0].get("danger") and not steps[0].get("disabled") else None
        return primary, steps[1:] if primary else steps


class VolunteerActionView(ActionView):
    model = Volunteer
    rule = rules.can_run_volunteers


class VolunteerTrainView(VolunteerActionView):
    form_class = forms.VolunteerTrainForm
    title = _("Write down the training")
    action_label = _("Keep the training")
    consequence = _("The day of her training, and how many people she looks after at most.")
    success_message = _("The training is written down.")

    row_name = "volunteer"
    service = services.volunteer_train


class VolunteerActivateView(VolunteerActionView):
    title = _("Let her begin")
    action_label = _("Let her begin")
    consequence = _("From now on singles can be shared with her. She sees her own people and nobody else's.")
    success_message = _("She can begin, and was told.")

    row_name = "volunteer"
    service = services.volunteer_activate


class VolunteerRestView(VolunteerActionView):
    title = _("Let her rest")
    action_label = _("Let her rest")
    success_message = _("She rests. Her people wait to be shared.")

    row_name = "volunteer"
    service = services.volunteer_rest

    def get_consequence(self):
        return _handed_back(self.object)


class VolunteerEndView(VolunteerActionView):
    title = _("End her help")
    action_label = _("End her help")
    danger = True
    success_message = _("She helps no more. Her people wait to be shared.")

    row_name = "volunteer"
    service = services.volunteer_end

    def get_consequence(self):
        return _handed_back(self.object)


def _handed_back(row):
    count = row.cases.filter(closed_on=None).count()
    return ngettext(
        "%(count)s person is handed back and waits for another matchmaker. She sees nothing of her any more.",
        "%(count)s people are handed back and wait for another matchmaker. She sees nothing of them any more.",
        count,
    ) % {"count": count}


class VolunteerShareView(CreateView):
    """Shares singles without a matchmaker evenly; says how many, never who."""

    model = Volunteer
    area = Area.MATCHMAKING
    form_class = forms.ShareForm
    title = _("Share the singles")
    subtitle = _(
        "Singles nobody looks after are shared so that matchmakers carry the same, and none more than she may."
    )
    submit_label = _("Share them evenly")

    service = services.cases_assign

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
        areas, totals = selectors.introduction_figures(volunteers)
        return super().get_context_data(
            areas=areas,
            totals=totals,
            states=[state.label for state in IntroductionState],
            active=active.count(),
            carried=sum(area.carried for area in areas),
            **kwargs,
        )
