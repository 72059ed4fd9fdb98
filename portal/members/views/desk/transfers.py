"""Desk views of transfers, for the requesting unit, the unit that is left, and the member."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.text import mask_identity
from portal.members import rules
from portal.members.choices import asks_for_transfer, decides_transfer
from portal.members.filters import TransferFilter
from portal.members.forms.people import ReasonForm
from portal.members.forms.transfers import TransferForm
from portal.members.lookups import term_kept
from portal.members.models import Transfer, Vouching
from portal.members.selectors import rosters_of
from portal.members.services.transfers import (
    transfer_ask,
    transfer_ask_for,
    transfer_confirm,
    transfer_refuse,
    transfer_withdraw,
)
from portal.members.tables import TransferTable
from portal.members.views.desk.places import PlacesOfferedMixin
from portal.organizations.selectors import working_calendar
from portal.web.forms import ConfirmForm
from portal.web.templatetags.portal_ui import badge, due
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView


class TransferListView(CapabilityMixin, ListView):
    """Transfer requests from and to the organisations that the actor reaches.

    Names appear only where the actor may read the roster that is left.
    """

    model = Transfer
    area = Area.MEMBERS
    table_class = TransferTable
    filterset_class = TransferFilter
    title = _("Transfers")
    create_url_name = "members:transfer-create"
    create_label = _("Request a transfer")
    empty_title = _("No transfers here")
    empty_text = _(
        "Here you request the transfer of people who are on another unit's roster; that "
        "unit or the person must confirm."
    )

    def get_queryset(self):
        return super().get_queryset().exclude(member=self.request.user)

    def can_create(self):
        return bool(self.request.user.reach(Area.MEMBERS, Capability.EDIT))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["table"].calendar = working_calendar()
        context["table"].reader = self.request.user
        return context


class TransferCreateView(PlacesOfferedMixin, CreateView):
    model = Transfer
    template_name = "members/transfer_create.html"
    area = Area.MEMBERS
    form_class = TransferForm
    title = _("Request a transfer")
    subtitle = _("You see nothing of the person's data until they or their unit have confirmed.")
    submit_label = _("Request a transfer")
    success_message = _(
        "Requested. The person and their present unit have been notified; you will "
        "be notified as soon as it is decided."
    )

    service = transfer_ask

    def reached(self):
        return rosters_of(self.request.user)

    def get_context_data(self, **kwargs):
        mark = self.request.GET.get("from", "")
        return super().get_context_data(kept={"from": mark} if mark else {}, **kwargs)

    def get_initial(self):
        number = term_kept(self.request.session, self.request.GET.get("from", ""))
        return {**super().get_initial(), "identity_number": number}


class TransferDetailView(DetailView):
    """A transfer request: each side sees what it needs to decide or to wait, and no more."""

    model = Transfer
    shell = None
    template_name = "members/transfer_detail.html"

    def get_title(self):
        return _("Transfer %(number)s") % {"number": self.object.pk}

    def get_context_data(self, **kwargs):
        row, me = self.object, self.request.user
        own = row.member_id == me.pk
        asking = me.can(Area.MEMBERS, Capability.VIEW, row.organization.path)
        leaving = rules.reads_left_roster(me, row)
        return super().get_context_data(
            badge=badge(row.state, row.get_state_display(), tone="wait" if row.is_open else None),
            facts=[fact for fact in self.facts(row, own, asking, leaving) if fact["value"]],
            words=self.words(own, leaving) if row.is_open else "",
            may_decide=row.is_open and decides_transfer(me, row),
            may_withdraw=row.is_open and asks_for_transfer(me, row),
            vouch_url=self.vouch_url(row, asking),
            back=reverse("members:me" if own else "members:transfer-list"),
            entries=history(row, {"ask": _("Requested")}) if asking and leaving else [],
            **kwargs,
        )

    @staticmethod
    def facts(row, own, asking, leaving):
        number = mask_identity(row.member.identity_number) if asking and row.is_open else ""
        name = {"label": _("Full name"), "value": row.member.name if leaving and not own else ""}
        if leaving and row.is_open and not own:
            name["url"] = row.member.get_absolute_url()
        term = working_calendar().term(row.due_on, timezone.localdate()) if row.is_open else None
        return [
            name,
            {"label": _("Identity number"), "value": number},
            {"label": _("Requesting unit"), "value": row.organization.name if asking or own else _("another unit")},
            {
                "label": _("Previous unit"),
                "value": (row.from_organization.name if row.from_organization else _("none"))
                if leaving or own
                else _("in another unit"),
            },
            {"label": _("Requested on"), "value": row.asked_at},
            {"label": _("Due on"), "value": due(term) if term else ""},
            {"label": _("Decided on"), "value": row.decided_at},
            {"label": _("Reason"), "value": row.reason},
        ]

    @staticmethod
    def words(own, leaving):
        if own:
            return _(
                "Confirm if you work there now. Your duties at your present unit end, and the "
                "new unit vouches for you again."
            )
        if leaving:
            return _(
                "Confirm if this person has left your unit. Their duties in your unit end, and "
                "you can no longer see their data."
            )
        return _("The person's present unit or the person must confirm. Only after that can you see their data.")

    @staticmethod
    def vouch_url(row, asking):
        """Return the URL of the next page for the unit that got the member, or ''."""
        moved = row.state == "confirmed" and row.member.organization_id == row.organization_id
        return row.member.get_absolute_url() if asking and moved and not row.member.erased_at else ""


class TransferActionView(ActionView):
    model = Transfer
    shell = None
    rule = rules.can_decide_transfer


class TransferConfirmView(TransferActionView):
    form_class = ConfirmForm
    title = _("Confirm the transfer")
    action_label = _("Confirm")
    success_message = _("Confirmed. The requesting unit has been notified.")

    row_name = "transfer"
    service = transfer_confirm

    def get_consequence(self):
        if self.object.member_id == self.request.user.pk:
            words = _("You move to the roster of %(unit)s. Duties at your present unit end.")
            return words % {"unit": self.object.organization.name}
        return _(
            "This person leaves your roster at once, and their duties in your unit end. You cannot undo this here."
        )

    def next_url(self, result):
        return self.object.get_absolute_url()


class TransferRefuseView(TransferActionView):
    form_class = ReasonForm
    title = _("Reject the transfer")
    action_label = _("Reject")
    consequence = _("The requesting unit reads your reason. Do not enter names or numbers.")
    danger = True
    success_message = _("The request is rejected.")

    row_name = "transfer"
    service = transfer_refuse


class TransferWithdrawView(TransferActionView):
    shell = "desk"
    rule = rules.can_withdraw_transfer
    form_class = ConfirmForm
    title = _("Withdraw the request")
    action_label = _("Withdraw the request")
    consequence = _("No roster is changed.")
    success_message = _("The request is withdrawn.")

    row_name = "transfer"
    service = transfer_withdraw


class VouchingTransferView(ActionView):
    """Requests a transfer of a person who asked to be vouched for and is on another roster."""

    model = Vouching
    rule = rules.can_vouch
    title = _("Request a transfer")
    action_label = _("Request a transfer")
    consequence = _(
        "The person's present unit or the person must confirm; before that you see "
        "nothing of their data. This request stays open."
    )
    success_message = _(
        "Requested. The person and their present unit have been notified; you will "
        "be notified as soon as it is decided."
    )

    row_name = "vouching"
    service = transfer_ask_for

    def next_url(self, result):
        return result.get_absolute_url()
