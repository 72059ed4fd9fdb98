"""Desk pages to vet singles: profiles to confirm, appeals to decide.

The texts, photos and wishes of a single are never shown.
"""

from datetime import timedelta

from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import consents, rules
from matchmaking.choices.vetting import AppealState
from matchmaking.filters.vetting import AppealFilter
from matchmaking.forms.vetting import AppealDecideForm, ConfirmUntilForm
from matchmaking.models import ProfileAppeal, SingleProfile
from matchmaking.selectors.profiles import vetting_due
from matchmaking.services.vetting import appeal_decide, profile_confirm, profile_refuse
from matchmaking.tables.vetting import AppealTable, VettingTable
from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.text import mask_name
from portal.members.models import Member
from portal.web.forms import ReasonForm
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView

YEAR = timedelta(days=365)


class ToVetMixin:
    """Profiles that wait for the actor's decision; all others are not found."""

    model = SingleProfile

    def get_queryset(self):
        return SingleProfile.objects.to_vet(self.request.user).for_list().select_related("vetting_organization")


class VettingListView(CapabilityMixin, ToVetMixin, ListView):
    area = Area.MATCHMAKING
    capability = Capability.APPROVE
    table_class = VettingTable
    title = _("Singles to confirm")
    empty_title = _("No profiles waiting for confirmation")
    empty_text = _(
        "This list shows singles who asked this organisation to confirm that they work there and are single."
    )

    def can_create(self):
        return False


def vetting_facts(profile, actor):
    """Return what the vetting organisation sees of a profile.

    This is the masked name, the unit, the roster's entry and the declaration.
    """
    member = profile.member
    on_roster = Member.objects.visible_to(actor).filter(pk=member.pk).exists()
    return [
        {
            "label": _("Full name"),
            "value": mask_name(member.name),
            "url": member.get_absolute_url() if on_roster else "",
        },
        {"label": _("Unit"), "value": member.organization.name if member.organization else ""},
        {"label": _("Marital status as stated by the unit"), "value": member.get_marital_status_display()},
        {"label": _("Declared single at"), "value": timezone.localtime(profile.declared_at).strftime("%Y-%m-%d %H:%M")},
        {"label": _("Version of the declaration"), "value": profile.declaration_version},
    ]


class VettingDetailView(ToVetMixin, DetailView):
    template_name = "matchmaking/vetting_detail.html"

    def get_title(self):
        return _("Profile %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            facts=vetting_facts(self.object, self.request.user),
            purpose=consents.SINGLE,
            due=vetting_due(self.object),
            **kwargs,
        )


class VettingActionView(ToVetMixin, ActionView):
    capability = Capability.VIEW
    success_url = reverse_lazy("matchmaking:vetting-list")

    def back_url(self):
        return reverse_lazy("matchmaking:vetting-detail", args=[self.object.pk])


class VettingConfirmView(VettingActionView):
    form_class = ConfirmUntilForm
    title = _("Confirm")
    action_label = _("Confirm")
    consequence = _(
        "You confirm that this person works here and, as far as you know, is single. The person will be told."
    )
    success_message = _("Confirmed. The person was told and decides when others can find them.")

    row_name = "profile"
    service = profile_confirm

    def get_initial(self):
        return {"until": timezone.localdate() + YEAR}


class VettingRefuseView(VettingActionView):
    form_class = ReasonForm
    title = _("Reject")
    action_label = _("Reject with this reason")
    consequence = _(
        "The person will see the reason and can correct the profile or appeal; the level above decides on the appeal."
    )
    success_message = _("Rejected. The person was told the reason.")

    row_name = "profile"
    service = profile_refuse


class AppealListView(CapabilityMixin, ListView):
    model = ProfileAppeal
    area = Area.MATCHMAKING
    capability = Capability.APPROVE
    table_class = AppealTable
    filterset_class = AppealFilter
    title = _("Appeals against rejections")
    empty_title = _("No appeals")
    empty_text = _("This list shows singles who appeal against a rejection by a unit below this organisation.")

    def can_create(self):
        return False


class AppealDetailView(DetailView):
    model = ProfileAppeal
    template_name = "matchmaking/appeal_detail.html"

    def get_title(self):
        return _("Appeal %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        appeal, actor = self.object, self.request.user
        return super().get_context_data(
            facts=vetting_facts(appeal.profile, actor),
            decides=rules.can_decide_appeal(actor, appeal),
            is_open=appeal.state == AppealState.OPEN,
            entries=history(appeal),
            **kwargs,
        )


class AppealDecideView(ActionView):
    model = ProfileAppeal
    rule = rules.can_decide_appeal
    form_class = AppealDecideForm
    title = _("Decide on the appeal")
    action_label = _("Decide")
    consequence = _(
        "If the appeal is upheld, this organisation confirms the profile in place of the unit. In "
        "either case the person will see your answer."
    )
    success_message = _("Decided. The person was told.")

    def get_initial(self):
        return {"until": timezone.localdate() + YEAR}

    def perform(self, form):
        data = form.cleaned_data
        appeal_decide(
            appeal=self.object,
            actor=self.request.user,
            upheld=data["upheld"],
            answer=data["answer"],
            until=data["until"],
        )
