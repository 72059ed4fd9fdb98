"""Models of blocks and reports."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.safety import REPORT_TRANSITIONS, ReportKind, ReportState
from matchmaking.querysets.safety import AbuseReportQuerySet, BlockQuerySet
from portal.audit.gate import StateField
from portal.core.fields import DayField, EncryptedTextField, MomentField


class Block(models.Model):
    """A person's wish not to meet another again, anywhere in matchmaking.

    It works in both directions, and nobody is told. ``label`` is what the blocker saw of the other (a nickname, a card
    number), for the blocker's own list: from there a report remains possible.
    """

    blocker = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=40)
    created_at = MomentField(auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("Block")
        verbose_name_plural = _("Blocks")
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="matchmaking_block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="matchmaking_block_other"),
        ]

    def __str__(self):
        return f"Block {self.pk}"


class AbuseReport(models.Model):
    """A report by one person about another.

    It is never handled by the unit of either: ``organization`` is above both.
    """

    reporter = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        "matchmaking.MatchEvent", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Event")
    )
    kind = models.CharField(_("What happened"), max_length=20, choices=ReportKind)
    words = EncryptedTextField(_("In your own words"), max_length=2000)
    state = StateField(REPORT_TRANSITIONS, default=ReportState.OPEN)
    handler = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    due_on = DayField(_("Due"), editable=False)
    answer = EncryptedTextField(_("Answer to the person who reported"), max_length=1000, blank=True)
    settled_at = MomentField(null=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = AbuseReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Abuse report")
        verbose_name_plural = _("Abuse reports")
        indexes = [models.Index(fields=["state", "due_on"], name="matchmaking_report_due")]
        constraints = [
            models.CheckConstraint(condition=~Q(reporter=F("about")), name="matchmaking_report_other"),
        ]

    def __str__(self):
        return f"Report {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:report-detail", args=[self.pk])
