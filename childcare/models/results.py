"""What came of a class term: the figures that stay when the enrolments are deleted."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childcare.models.terms import ClassTerm
from childcare.querysets.results import TermResultQuerySet
from portal.core.bounds import PLANNED
from portal.core.fields import AmountField, DayField, MomentField


class TermResult(models.Model):
    """The settlement of a class term: counted from its rows, confirmed by a second person.

    Only confirmed results are in the statistics. ``incidents`` was stated by whoever settled the term, and equals the
    incidents reported: none is stated as 0, not left blank. ``subsidy`` is in yuan, by ``subsidy_rule``.
    """

    term = models.OneToOneField(
        ClassTerm, on_delete=models.PROTECT, related_name="result", verbose_name=_("Class term")
    )
    ended_on = DayField(_("Last day"), span=PLANNED, editable=False)
    children = models.PositiveIntegerField(_("Children who came"), editable=False)
    child_days = models.PositiveIntegerField(_("Days of children"), editable=False)
    class_days = models.PositiveIntegerField(_("Days held"), editable=False)
    teachers = models.PositiveIntegerField(_("Teachers and volunteers"), editable=False)
    incidents = models.PositiveIntegerField(_("Safety incidents"), editable=False)
    ratings = models.PositiveIntegerField(_("Parents who rated the class"), editable=False)
    rating_total = models.PositiveIntegerField(editable=False)
    is_new = models.BooleanField(_("First class of the site"), editable=False)
    subsidy = AmountField(_("Subsidy in yuan"), max_digits=10, decimal_places=2, editable=False)
    subsidy_rule = models.CharField(_("By rule"), max_length=200, editable=False)
    settled_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="+", verbose_name=_("Settled by"), editable=False
    )
    settled_at = MomentField(_("Settled at"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        "members.Member",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Confirmed as the second person by"),
        editable=False,
    )
    confirmed_at = MomentField(_("Confirmed at"), null=True, editable=False)

    objects = TermResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("Settlement of a class")
        verbose_name_plural = _("Settlements of classes")
        ordering = ["-ended_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by=F("settled_by"))),
                name="childcare_result_two_people",
            )
        ]

    def __str__(self) -> str:
        return self.term.title

    def get_absolute_url(self) -> str:
        return reverse("childcare:result-detail", args=[self.pk])

    @property
    def rating(self) -> Decimal | None:
        """The mean of the ratings from 1 to 5, with one decimal; None without a rating."""
        return round(Decimal(self.rating_total) / self.ratings, 1) if self.ratings else None
