"""Hotline tickets: questions of callers, and who answers them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.hotline import TICKET_TRANSITIONS, TicketKind, TicketState
from matchmaking.querysets.hotline import TicketQuerySet
from portal.audit.gate import StateField
from portal.core.fields import DayField, EncryptedTextField, MomentField


class HotlineTicket(models.Model):
    """A hotline ticket: the question, who answers it, and by when; the caller need not give a name."""

    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Responsible organisation"),
    )
    kind = models.CharField(_("Ticket category"), max_length=20, choices=TicketKind)
    subject = models.CharField(_("Subject, without names"), max_length=80)
    words = EncryptedTextField(_("Content of the call"), max_length=2000)
    caller = EncryptedTextField(_("Caller"), max_length=60, blank=True)
    caller_phone = EncryptedTextField(_("Callback number"), max_length=20, blank=True)
    caller_unit = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("The caller's unit"),
    )
    state = StateField(TICKET_TRANSITIONS, default=TicketState.OPEN)
    due_on = DayField(_("Due"))
    handler = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    answer = EncryptedTextField(_("Answer"), max_length=2000, blank=True)
    taken_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    answered_at = MomentField(_("Answered at"), null=True, editable=False)
    closed_at = MomentField(_("Closed at"), null=True, editable=False)
    created_at = MomentField(_("Called at"), auto_now_add=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("Hotline ticket")
        verbose_name_plural = _("Hotline tickets")
        indexes = [models.Index(fields=["state", "due_on"], name="matchmaking_ticket_due")]

    def __str__(self):
        return f"Ticket {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:ticket-detail", args=[self.pk])
