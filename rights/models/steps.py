"""What was done in a case, and its files."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.fields import DayField, EncryptedTextField, MomentField
from rights.choices.cases import StepKind
from rights.models.cases import RightsCase
from rights.querysets.cases import OfCaseQuerySet
from rights.querysets.steps import CaseStepQuerySet


class CaseStep(models.Model):
    """What was done in a case on a day; ``due_on`` is the last day of the legal deadline that the step started."""

    case = models.ForeignKey(RightsCase, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("Step"), max_length=20, choices=StepKind)
    on = DayField(_("Day"))
    note = EncryptedTextField(_("Note"), max_length=2000, null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Written by")
    )
    due_on = DayField(_("Due on"), null=True, blank=True)
    done_on = DayField(_("Done on"), null=True, blank=True)
    created_at = MomentField(auto_now_add=True)

    objects = CaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("Step of a case")
        verbose_name_plural = _("Steps of cases")
        indexes = [models.Index(fields=["case", "on", "id"], name="rights_step_case")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.case_id}"

    def get_absolute_url(self):
        return reverse("rights:case-detail", args=[self.case_id])


class CaseFile(models.Model):
    """An encrypted file of a case, bound to the case; ``author`` None: the applicant attached it."""

    case = models.ForeignKey(RightsCase, on_delete=models.CASCADE, related_name="files")
    stored = models.OneToOneField("exchange.StoredFile", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("File of a case")
        verbose_name_plural = _("Files of cases")

    def __str__(self):
        return f"File {self.pk}"

    def get_absolute_url(self):
        return reverse("rights:case-detail", args=[self.case_id])
