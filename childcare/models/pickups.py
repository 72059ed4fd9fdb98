"""Who may collect a child, the codes of a day, and each attempt to collect one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import PickUpOutcome
from childcare.models.days import Attendance
from childcare.models.sites import CareSite
from childcare.querysets.pickups import (
    PickUpAttemptQuerySet,
    PickUpBarQuerySet,
    PickUpCodeQuerySet,
    PickUpPersonQuerySet,
)
from portal.core.bounds import PAST, VALIDITY
from portal.core.fields import DayField, EncryptedTextField, MomentField


class PickUpPerson(models.Model):
    """An adult who may collect a child besides its guardian, listed by the guardian.

    One listed for a single day collects once: ``used_at`` is when.
    """

    child = models.ForeignKey("members.Child", on_delete=models.CASCADE, related_name="pickups")
    name = EncryptedTextField(_("Full name"), max_length=60)
    phone = EncryptedTextField(_("Mobile number"), max_length=20)
    relation = models.CharField(_("What the person is to the child"), max_length=30)
    born_on = DayField(_("Birth date"), span=PAST)
    valid_from = DayField(_("Valid from"), span=VALIDITY)
    valid_until = DayField(_("Valid until (included)"), span=VALIDITY, null=True, blank=True)
    used_at = MomentField(null=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = PickUpPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pick-up person")
        verbose_name_plural = _("Pick-up persons")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="childcare_pickup_days",
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"Pick-up person {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:class-find")

    @property
    def is_for_one_day(self) -> bool:
        return self.valid_from == self.valid_until


class PickUpBar(models.Model):
    """Somebody who must not collect a child, by the decision of a court or an authority; it overrides any code.

    ``document`` is the number of the decision. The guardian or a teacher enters it; what a teacher entered, another
    teacher ends.
    """

    child = models.ForeignKey("members.Child", on_delete=models.CASCADE, related_name="bars")
    name = EncryptedTextField(_("Full name"), max_length=60)
    phone = EncryptedTextField(_("Mobile number"), max_length=20, null=True, blank=True)
    document = models.CharField(_("Number of the decision"), max_length=60)
    entered_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(auto_now_add=True)
    ended_at = MomentField(null=True, editable=False)
    ended_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = PickUpBarQuerySet.as_manager()

    class Meta:
        verbose_name = _("Bar from collecting")
        verbose_name_plural = _("Bars from collecting")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Bar {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:class-find")


class PickUpCode(models.Model):
    """A code of six digits for one adult, one site and one day, which releases the children it names, once.

    ``person`` is empty for the guardian. A newer code replaces the older one of the same adult.
    """

    guardian = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PickUpPerson, on_delete=models.CASCADE, null=True, related_name="codes")
    site = models.ForeignKey(CareSite, on_delete=models.CASCADE, related_name="+")
    on = DayField(_("Day"), span=VALIDITY)
    code = EncryptedTextField(_("Code"), max_length=6)
    children = models.ManyToManyField("members.Child", related_name="+")
    made_at = MomentField(auto_now_add=True)
    replaced_at = MomentField(null=True, editable=False)
    used_at = MomentField(null=True, editable=False)

    objects = PickUpCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("Pick-up code")
        verbose_name_plural = _("Pick-up codes")
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "person", "site", "on"],
                condition=Q(replaced_at__isnull=True, used_at__isnull=True),
                nulls_distinct=False,
                name="childcare_code_one_valid",
            )
        ]

    def __str__(self) -> str:
        return f"Pick-up code {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:class-find")


class PickUpAttempt(models.Model):
    """One attempt to collect a child, by whoever came; most of them release the child.

    ``adult`` is the name of whoever came, ``by_code`` whether a code was shown; else the identity card was compared.
    """

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="attempts")
    outcome = models.CharField(_("Result"), max_length=12, choices=PickUpOutcome)
    adult = EncryptedTextField(_("Who came"), max_length=60, null=True)
    person = models.ForeignKey(PickUpPerson, on_delete=models.SET_NULL, null=True, related_name="+")
    by_code = models.BooleanField(_("With a code"))
    at = MomentField(_("At"), auto_now_add=True)
    teacher = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="+", verbose_name=_("Entered by")
    )

    objects = PickUpAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("Attempt to collect a child")
        verbose_name_plural = _("Attempts to collect children")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Attempt {self.pk}"

    def get_absolute_url(self) -> str:
        return self.attendance.get_absolute_url()

    @property
    def is_released(self) -> bool:
        """Whether the child was given to whoever came."""
        return self.outcome == PickUpOutcome.RELEASED
