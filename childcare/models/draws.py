"""Draws of the places of a class term: a frozen list, a seed that comes later, and what follows from both."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.models.terms import ClassTerm
from childcare.querysets.draws import TermDrawQuerySet
from portal.core.bounds import PLANNED
from portal.core.fields import MomentField


class TermDraw(models.Model):
    """The draw of a class term (portal/signups/draws.py).

    ``frozen`` is the list of applications by number, as text whose SHA-256 is ``list_hash``; both are public from the
    freeze on. The seed comes from ``seed_source``, named beforehand, and is known after ``seed_after``. ``published``
    is the file by which anybody can repeat the draw. No name is in any of them.
    """

    term = models.OneToOneField(ClassTerm, on_delete=models.PROTECT, related_name="draw", verbose_name=_("Class term"))
    frozen = models.TextField(editable=False)
    list_hash = models.CharField(_("Check sum of the list (SHA-256)"), max_length=64, editable=False)
    seed_source = models.CharField(_("Where the seed comes from"), max_length=200)
    seed_after = MomentField(_("The seed is known after"), span=PLANNED)
    frozen_at = MomentField(_("List frozen at"), auto_now_add=True)
    frozen_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, related_name="+", verbose_name=_("Frozen by")
    )
    seed = models.CharField(_("Seed"), max_length=200, blank=True, editable=False)
    published = models.JSONField(null=True, editable=False)
    drawn_at = MomentField(_("Drawn at"), null=True, editable=False)
    drawn_by = models.ForeignKey(
        "members.Member",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("Drawn by"),
    )

    objects = TermDrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("Draw")
        verbose_name_plural = _("Draws")
        constraints = [
            models.CheckConstraint(
                condition=Q(seed="", published__isnull=True, drawn_at__isnull=True, drawn_by__isnull=True)
                | (~Q(seed="") & Q(published__isnull=False, drawn_at__isnull=False, drawn_by__isnull=False)),
                name="childcare_draw_whole",
            )
        ]

    def __str__(self) -> str:
        return f"Draw {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("childcare:draw-show", args=[self.term_id])

    @property
    def is_drawn(self) -> bool:
        return self.drawn_at is not None

    @property
    def waits_for_seed(self) -> bool:
        """Whether the seed may be known by now, while the places are not drawn yet."""
        return not self.is_drawn and self.seed_after <= timezone.now()
