"""Desk views of vouching, in which the unit answers a person who asked."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.core.choices import Area
from portal.core.text import mask_identity, mask_phone
from portal.members import rules
from portal.members.choices import VouchingState
from portal.members.filters import VouchingFilter
from portal.members.forms.people import ReasonForm
from portal.members.forms.vouching import VouchingGrantForm
from portal.members.models import Vouching
from portal.members.services.transfers import person_elsewhere
from portal.members.services.vouching import standing_prolong, vouching_grant, vouching_refuse
from portal.members.tables import VouchingTable
from portal.members.views.desk.restoring import PersonActionView
from portal.web.views import ActionView, CapabilityMixin, DetailView, ListView

YEAR = timedelta(days=365)


class VouchingListView(CapabilityMixin, ListView):
    model = Vouching
    area = Area.MEMBERS
    table_class = VouchingTable
    filterset_class = VouchingFilter
    title = _("Vouching")
    empty_title = _("No requests yet")
    empty_text = _(
        "People who are on no roster can sign in, enter their unit and ask it to vouch "
        "for them; their requests are listed here."
    )


class VouchingDetailView(DetailView):
    model = Vouching
    template_name = "members/vouching_detail.html"

    def get_title(self):
        return _("Vouching %(number)s") % {"number": self.object.pk}

    @staticmethod
    def elsewhere(row):
        """Return whether the identity number in the request is on another roster.

        Such a person must be requested by a transfer, not vouched for.
        """
        waiting = row.state == VouchingState.ASKED and row.identity_number
        return bool(waiting) and person_elsewhere(row.identity_number, row.organization) is not None

    def get_context_data(self, **kwargs):
        row = self.object
        facts = [
            {"label": _("Unit"), "value": row.organization.name},
            {"label": _("Full name"), "value": row.member.name if row.member else row.name},
            {"label": _("Identity number"), "value": mask_identity(row.identity_number)},
            {"label": _("Mobile number"), "value": mask_phone(row.phone)},
            {"label": _("Requested on"), "value": row.asked_at},
            {"label": _("Decided on"), "value": row.decided_at},
            {"label": _("Decided by"), "value": row.decided_by.name if row.decided_by else ""},
            {"label": _("Valid until (not included)"), "value": row.until},
            {"label": _("Reason"), "value": row.reason},
        ]
        return super().get_context_data(
            facts=[fact for fact in facts if fact["value"]],
            may_answer=rules.can_vouch(self.request.user, row),
            elsewhere=self.elsewhere(row),
            member_url=row.member.get_absolute_url() if row.member else "",
            entries=history(row),
            **kwargs,
        )


class VouchingGrantView(ActionView):
    model = Vouching
    rule = rules.can_vouch
    form_class = VouchingGrantForm
    title = _("Vouch for this person")
    action_label = _("Vouch for this person")
    consequence = _(
        "You confirm that this person belongs to this unit and that you have compared their name and "
        "number. The person is put on the roster and can sign in at once."
    )
    success_message = _("The person is on the roster and is notified by text message.")

    row_name = "vouching"
    service = vouching_grant

    def get_initial(self):
        return {"until": timezone.localdate() + YEAR}


class VouchingRefuseView(ActionView):
    model = Vouching
    rule = rules.can_vouch
    form_class = ReasonForm
    title = _("Reject")
    action_label = _("Reject")
    consequence = _("The person reads your reason at their next sign-in and can ask another unit.")
    danger = True
    success_message = _("The request is rejected.")

    row_name = "vouching"
    service = vouching_refuse


class MemberVouchView(PersonActionView):
    """Renews the standing of a person on the roster."""

    rule = rules.can_prolong
    form_class = VouchingGrantForm
    title = _("Renew the standing")
    action_label = _("Vouch for this person")
    consequence = _("You confirm that this person belongs to this unit until that day.")
    success_message = _("The standing of this person is renewed.")

    row_name = "member"
    service = standing_prolong

    def get_initial(self):
        return {"until": timezone.localdate() + YEAR}
