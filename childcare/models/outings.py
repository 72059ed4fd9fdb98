"""Outings and rides of a class, with a roll-call at both ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import OutingKind
from childcare.models.days import Attendance, ClassDay
from childcare.querysets.outings import OutingChildQuerySet, OutingQuerySet
from portal.core.fields import MomentField

if TYPE_CHECKING:
    from typing import Any


class Outing(models.Model):
    """Children who leave the house together, on foot or in a vehicle, and come back."""

    if TYPE_CHECKING:
        children: Any

    day = models.ForeignKey(
        ClassDay, on_delete=models.CASCADE, related_name="outings", verbose_name=_("Day of a class")
    )
    kind = models.CharField(_("Kind"), max_length=8, choices=OutingKind)
    title = models.CharField(_("Where to, and the number of the vehicle"), max_length=60)
    begun_at = MomentField(_("Begun at"), auto_now_add=True)
    ended_at = MomentField(_("Ended at"), null=True, editable=False)

    objects = OutingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Outing")
        verbose_name_plural = _("Outings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("childcare:outing-show", args=[self.pk])


class OutingChild(models.Model):
    """One child on an outing: counted when it leaves, and when it is back."""

    outing = models.ForeignKey(Outing, on_delete=models.CASCADE, related_name="children", verbose_name=_("Outing"))
    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="outings")
    out_at = MomentField(_("Left with the others at"), null=True, editable=False)
    back_at = MomentField(_("Back at"), null=True, editable=False)

    objects = OutingChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("Child on an outing")
        verbose_name_plural = _("Children on outings")
        constraints = [
            models.UniqueConstraint(fields=["outing", "attendance"], name="childcare_outing_once"),
            models.CheckConstraint(
                condition=Q(back_at__isnull=True) | Q(back_at__gte=F("out_at")), name="childcare_outing_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Child {self.pk}"

    def get_absolute_url(self) -> str:
        return self.outing.get_absolute_url()
