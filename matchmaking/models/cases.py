"""Cases of volunteer matchmakers (红娘): the singles they look after, and the log of contacts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.cases import CaseBlock, ContactKind
from matchmaking.models.volunteers import Volunteer
from matchmaking.querysets.cases import CaseQuerySet
from portal.core.bounds import PAST, PLANNED
from portal.core.fields import DayField, EncryptedTextField, MomentField


class MatchCase(models.Model):
    """A single in the care of a matchmaker: next action, its due day, and what the case waits for."""

    profile = models.ForeignKey("matchmaking.SingleProfile", on_delete=models.PROTECT, related_name="cases")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="cases")
    opened_on = DayField(_("Since"))
    closed_on = DayField(_("Until"), null=True, editable=False)
    next_action = models.CharField(_("Next step"), max_length=120, blank=True)
    next_due = DayField(_("Deadline"), span=PLANNED, null=True, blank=True)
    block = models.CharField(_("Waiting for"), max_length=20, choices=CaseBlock, default=CaseBlock.NONE)
    last_contact_at = MomentField(_("Last contact"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Matchmaker case")
        verbose_name_plural = _("Matchmaker cases")
        constraints = [
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(closed_on=None),
                name="matchmaking_case_once",
                violation_error_message=_("This person already has a matchmaker."),
            )
        ]
        indexes = [models.Index(fields=["volunteer", "closed_on", "next_due"], name="matchmaking_case_due")]

    def __str__(self):
        return f"Case {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:case-detail", args=[self.pk])


class ContactLog(models.Model):
    """A matchmaker's note on a contact; only the matchmaker reads it."""

    case = models.ForeignKey(MatchCase, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("Kind"), max_length=20, choices=ContactKind)
    words = EncryptedTextField(_("Note"), max_length=1000)
    at = MomentField(_("Time"), span=PAST)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        verbose_name = _("Contact")
        verbose_name_plural = _("Contacts")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"Contact {self.pk}"
