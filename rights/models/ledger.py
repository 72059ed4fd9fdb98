"""What the statistics count of cases: without the case."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.fields import DayField
from rights.choices.cases import CaseCategory, LedgerKind, Outcome
from rights.querysets.ledger import LedgerQuerySet


class CaseLedgerEntry(models.Model):
    """What the statistics count: that a union received, accepted or closed a case, by day.

    It names no case and no person. It is counted and shown only once its month is over (``released``): otherwise the
    figure of a county would tell on the same day that somebody asked.
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Union in charge")
    )
    kind = models.CharField(_("What is counted"), max_length=20, choices=LedgerKind)
    on = DayField(_("Day"))
    category = models.CharField(_("What it is about"), max_length=20, choices=CaseCategory)
    outcome = models.CharField(_("Outcome"), max_length=20, choices=Outcome, blank=True)
    released = models.BooleanField(default=False, editable=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Ledger entry")
        verbose_name_plural = _("Ledger of cases")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["kind", "on", "organization"], name="rights_ledger_kind")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.on}"

    def get_absolute_url(self):
        return reverse("rights:ledger-list")
