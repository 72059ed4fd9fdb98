"""The abstract model of findings: what the inspected unit must rectify, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.audit.models import AuditEntry
from portal.core.fields import DayField, MomentField
from portal.inspections.choices import FINDING_TRANSITIONS, FindingState, Severity
from portal.inspections.models.rubrics import RubricItem

if TYPE_CHECKING:
    from portal.inspections.models.inspections import Inspection


class Finding(models.Model):
    """A fault that an inspection found; an area adds ``inspection``, a foreign key with the related name ``findings``.

    ``clock`` begins the codes of its clocks (``nursery.finding``), one for each severity. The day is counted from the
    day on which the inspection is finished, because the unit learns of the finding then, and again from the day on
    which a re-check opens it again. ``returned`` counts how often that happened.
    """

    clock: ClassVar[str] = ""

    if TYPE_CHECKING:
        inspection: Inspection
        inspection_id: int

        def get_absolute_url(self) -> str: ...

    item = models.ForeignKey(
        RubricItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Rubric item")
    )
    text = models.TextField(_("What was found"), max_length=600)
    severity = models.CharField(_("Severity"), max_length=10, choices=Severity, default=Severity.ORDINARY)
    state = StateField(FINDING_TRANSITIONS, default=FindingState.TO_RECTIFY)
    due_on = DayField(_("To be rectified by"), null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    created_at = MomentField(auto_now_add=True)
    answer = models.TextField(_("Answer"), max_length=1000, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    answered_at = MomentField(_("Answered at"), null=True, editable=False)
    file = models.OneToOneField(
        "exchange.StoredFile", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    rechecked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    rechecked_on = DayField(_("Re-checked on"), null=True, editable=False)
    recheck_note = models.CharField(_("Result of the re-check"), max_length=300, blank=True, editable=False)
    returned = models.PositiveSmallIntegerField(_("Opened again"), default=0, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"Finding {self.pk}"

    @staticmethod
    def finding_constraints(prefix: str) -> list[models.BaseConstraint]:
        """Return the constraints of every concrete finding: answered by one person, closed by another."""
        return [
            models.CheckConstraint(
                condition=~Q(state__in=[str(FindingState.TO_RECHECK), str(FindingState.CLOSED)])
                | Q(answered_by__isnull=False),
                name=f"{prefix}_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=str(FindingState.CLOSED))
                | (Q(rechecked_by__isnull=False) & ~Q(rechecked_by=F("answered_by"))),
                name=f"{prefix}_second",
                violation_error_message=_("Somebody other than the person who answered must re-check."),
            ),
        ]

    @property
    def answerer_pks(self) -> set[int]:
        """The numbers of everybody who has answered this finding, also before it was opened again."""
        answers = AuditEntry.objects.all().about(self).filter(to_state=FindingState.TO_RECHECK)
        found = {*answers.values_list("actor_id", flat=True), self.answered_by_id}
        return {pk for pk in found if pk is not None}

    @property
    def clock_code(self) -> str:
        """The code of the clock of this finding's severity."""
        return f"{self.clock}_{self.severity}"
