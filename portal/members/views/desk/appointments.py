"""Desk views of appointments that need a second person: list, detail, steps."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.members import rules
from portal.members.filters import AppointmentFilter
from portal.members.forms.people import ReasonForm
from portal.members.models import Appointment, Member
from portal.members.selectors import appointment_seconds, needs_second
from portal.members.services.appointments import appointment_approve, appointment_refuse, appointment_withdraw
from portal.members.tables import AppointmentTable
from portal.web.templatetags.portal_ui import badge
from portal.web.views import ActionView, DetailView, ListView

WORDS = {"propose": _("Proposed"), "pass": _("Passed to another level")}


class AppointsMixin:
    """Limits a page to actors who give or propose duties somewhere.

    404 for those who have no duty, 403 for other staff.
    """

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not rules.appoints_somewhere(request.user):
            if not request.user.is_desk:
                raise Http404
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AppointmentListView(AppointsMixin, ListView):
    """The list of appointments; without a choice of state, those that wait."""

    model = Appointment
    table_class = AppointmentTable
    filterset_class = AppointmentFilter
    title = _("Appointments")
    create_url_name = "members:duty-create"
    create_label = _("Assign a duty")
    empty_title = _("No pending appointments")
    empty_text = _("Duties that need a second person wait here and take effect once that person has approved them.")

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset if self.request.GET.get("state") else queryset.waiting()

    def can_create(self):
        return True


class AppointmentDetailView(AppointsMixin, DetailView):
    model = Appointment
    template_name = "members/appointment_detail.html"

    def get_title(self):
        return self.object.get_role_display()

    @cached_property
    def seconds(self):
        """The nearest members who can approve the appointment now."""
        return appointment_seconds(self.object) if self.object.is_waiting else None

    def why(self):
        row = self.object
        return needs_second(row.proposed_by, row.member, row.role, row.organization) if row.is_waiting else ""

    def get_context_data(self, **kwargs):
        row, actor = self.object, self.request.user
        return super().get_context_data(
            badge=badge(row.state, row.get_state_display(), tone="wait" if row.is_waiting else None),
            facts=[fact for fact in self.facts(row) if fact["value"]],
            may_decide=rules.can_decide_appointment(actor, row),
            may_withdraw=rules.can_withdraw_appointment(actor, row),
            is_proposer=row.is_waiting and row.proposed_by_id == actor.pk,
            entries=history(row, WORDS),
            **kwargs,
        )

    def facts(self, row):
        seen = Member.objects.visible_to(self.request.user).filter(pk=row.member_id).exists()
        replaced = row.replaces
        waits = row.is_waiting and row.waits_at
        people = self.seconds.people if self.seconds else []
        return [
            {"label": _("Person"), "value": row.member.name, "url": row.member.get_absolute_url() if seen else ""},
            {"label": _("Unit"), "value": row.member.organization.name if row.member.organization else ""},
            {"label": _("Organisation"), "value": row.organization.name},
            {"label": _("From"), "value": row.valid_from},
            {"label": _("Until (not included)"), "value": row.valid_until or _("until somebody ends it")},
            {"label": _("Replaces"), "value": replaced.member.name if replaced else ""},
            {"label": _("Stand-in for"), "value": row.stand_in_for.member.name if row.stand_in_for else ""},
            {"label": _("Proposed by"), "value": row.proposed_by.name},
            {"label": _("Duty proposed on"), "value": row.proposed_at},
            {"label": _("Why a second person is needed"), "value": self.why()},
            {
                "label": _("Added to the roster by"),
                "value": row.member.entered_by.name if row.member.entered_by else "",
            },
            {"label": _("Organisation that must approve"), "value": row.waits_at.name if waits else ""},
            {"label": _("At this organisation since"), "value": row.waits_since if waits else ""},
            {
                "label": _("Who can approve it"),
                "value": ", ".join(person.name for person in people),
                "quiet": self.seconds.place.label if people else "",
            },
            {"label": _("Decided by"), "value": row.decided_by.name if row.decided_by else ""},
            {"label": _("Decided at"), "value": row.decided_at},
            {"label": _("Reason"), "value": row.reason},
        ]


class AppointmentStepView(ActionView):
    model = Appointment
    rule = rules.can_decide_appointment
    row_name = "appointment"

    def get_context_data(self, **kwargs):
        row = self.object
        items = [f"{row.member.name} · {row.get_role_display()} · {row.organization.label}"]
        return super().get_context_data(**{"items": items, **kwargs})


class AppointmentApproveView(AppointmentStepView):
    service = appointment_approve
    title = _("Approve the appointment")
    action_label = _("Approve")
    success_message = _("Approved. The duty is now in effect; the proposer and the person have been notified.")

    def get_consequence(self):
        words = _(
            "As the second person you confirm that %(person)s is the right person for this duty. The "
            "duty takes effect at once, and your name is recorded together with the proposer's."
        ) % {"person": self.object.member.name}
        replaced = self.object.replaces
        if replaced is None:
            return words
        return f"{words} {_('The duty of %(person)s ends at once.') % {'person': replaced.member.name}}"


class AppointmentRefuseView(AppointmentStepView):
    service = appointment_refuse
    form_class = ReasonForm
    title = _("Reject the appointment")
    action_label = _("Reject")
    consequence = _("The proposer reads your reason. The duty does not take effect. Do not enter names or numbers.")
    danger = True
    success_message = _("Rejected. The proposer has been notified.")


class AppointmentWithdrawView(AppointmentStepView):
    service = appointment_withdraw
    rule = rules.can_withdraw_appointment
    title = _("Withdraw the appointment")
    action_label = _("Withdraw")
    consequence = _("The duty does not take effect. You can propose it again.")
    success_message = _("Withdrawn.")
