"""Safety incidents in classes, and what was added to a report later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.incidents import INCIDENT_TRANSITIONS, IncidentKind, IncidentState
from childcare.models.days import Attendance
from childcare.models.terms import ClassTerm
from childcare.querysets.incidents import IncidentNoteQuerySet, IncidentQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import PAST
from portal.core.fields import DayField, EncryptedTextField, MomentField

if TYPE_CHECKING:
    from typing import Any


class Incident(models.Model):
    """A safety incident, reported by a teacher; the union has until ``due_at`` to acknowledge it.

    The text is never changed: more is added below it (``IncidentNote``). ``attendance`` is the child concerned, which
    only the teachers of the class see. Reports are kept when the enrolments of the class are deleted.
    """

    if TYPE_CHECKING:
        notes: Any

    term = models.ForeignKey(
        ClassTerm, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("Class term")
    )
    attendance = models.ForeignKey(Attendance, on_delete=models.SET_NULL, null=True, related_name="incidents")
    kind = models.CharField(_("Kind"), max_length=20, choices=IncidentKind)
    happened_on = DayField(_("Day"), span=PAST)
    happened_at = MomentField(_("Happened at"), span=PAST)
    text = EncryptedTextField(_("What happened, and what was done"), max_length=2000)
    state = StateField(INCIDENT_TRANSITIONS, default=IncidentState.ALARMED)
    due_at = MomentField(_("To be acknowledged by"), editable=False)
    reported_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="+", verbose_name=_("Reported by"), editable=False
    )
    reported_at = MomentField(_("Reported at"), auto_now_add=True)
    noted_at = MomentField(_("Acknowledged at"), null=True, editable=False)
    noted_by = models.ForeignKey(
        "members.Member",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Acknowledged by"),
        editable=False,
    )
    alert_level = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Safety incident")
        verbose_name_plural = _("Safety incidents")
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.happened_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:incident-detail", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether nobody acknowledged it in time."""
        return self.state == IncidentState.ALARMED and self.due_at < timezone.now()


class IncidentNote(models.Model):
    """Something added to the report of an incident; it is never changed."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="notes", verbose_name=_("Incident"))
    text = EncryptedTextField(_("Text"), max_length=2000)
    written_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    written_at = MomentField(auto_now_add=True)

    objects = IncidentNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("Note on an incident")
        verbose_name_plural = _("Notes on incidents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Note {self.pk}"

    def get_absolute_url(self) -> str:
        return self.incident.get_absolute_url()
