"""Care sites (托管点), their safety papers and the people who work there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from childcare.choices.sites import SITE_TRANSITIONS, PaperKind, RunMode, SiteState, StaffRole
from childcare.querysets.sites import CareSiteQuerySet, CareStaffQuerySet, SafetyPaperQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, MomentField
from portal.locations.models import Located
from portal.locations.sphere import nearest_index
from portal.members.models import Assignment


class CareSite(Located):
    """A place where holiday classes are held (domain.md S11, L5); ``operator`` runs it and answers for it."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Managed by")
    )
    name = models.CharField(_("Name"), max_length=60)
    run_mode = models.CharField(_("Run by"), max_length=10, choices=RunMode)
    operator = models.CharField(_("Operator"), max_length=100)
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("Region")
    )
    address = models.CharField(_("Address"), max_length=120)
    phone = models.CharField(_("Phone of the site"), max_length=30, blank=True)
    state = StateField(SITE_TRANSITIONS, default=SiteState.IN_USE)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = CareSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("Care site")
        verbose_name_plural = _("Care sites")
        ordering = ["region", "name", "pk"]
        constraints = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["region", "name"],
                condition=~Q(state=SiteState.ENDED),
                name="childcare_site_name",
                violation_error_message=_("There is already a site with this name in this region."),
            ),
        ]
        indexes = [nearest_index("childcare_site_place")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("childcare:site-detail", args=[self.pk])


class SafetyPaper(models.Model):
    """A paper that shows that a site is safe, with its number and the days on which it is valid, both included."""

    site = models.ForeignKey(CareSite, on_delete=models.CASCADE, related_name="papers", verbose_name=_("Care site"))
    kind = models.CharField(_("Kind"), max_length=10, choices=PaperKind)
    number = models.CharField(_("Number"), max_length=60)
    issuer = models.CharField(_("Issued by"), max_length=60)
    valid_from = DayField(_("Valid from"), span=VALIDITY)
    valid_until = DayField(_("Valid until (included)"), span=VALIDITY)
    created_at = MomentField(auto_now_add=True)

    objects = SafetyPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("Safety paper")
        verbose_name_plural = _("Safety papers")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")),
                name="childcare_paper_days",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["site", "kind", "number", "valid_from"],
                name="childcare_paper_once",
                violation_error_message=_("This paper is entered already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return self.site.get_absolute_url()


class CareStaff(Assignment):
    """A member who works at a care site as one of the three kinds of teachers or volunteers.

    Of the background check only that it found nothing, its day, who made it and until when it is valid is stored: the
    record itself is never kept (Law on the Protection of Minors, article 62: before the work begins, then every year).
    ``confirmed_by`` is the second person, without whom nobody counts as a teacher or reads the names of children.
    """

    site = models.ForeignKey(CareSite, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(_("Works as"), max_length=20, choices=StaffRole)
    checked_on = DayField(_("Background check of"), span=VALIDITY)
    checker = models.CharField(_("Checked by"), max_length=60)
    check_until = DayField(_("Check valid until (included)"), span=VALIDITY)
    confirmed_by = models.ForeignKey(
        "members.Member", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = CareStaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("Staff of a care site")
        verbose_name_plural = _("Staff of care sites")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "member"],
                condition=Q(valid_until__isnull=True),
                name="childcare_staff_once",
                violation_error_message=_("This person already works at the site."),
            ),
            models.CheckConstraint(
                condition=Q(check_until__gte=F("checked_on")),
                name="childcare_staff_check",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"Staff {self.pk}"

    def get_absolute_url(self) -> str:
        return self.site.get_absolute_url()
