"""Duties of members, and assignments beside them."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.fields import DayField, MomentField
from portal.core.roles import ADMINISTRATORS, Role
from portal.members.models.people import Member
from portal.members.querysets import DutyQuerySet

ADMINISTRATOR_ROLES = sorted(ADMINISTRATORS)
APART = _(
    "An administrator may not hold an operational duty, and a person with an operational duty "
    "may not be an administrator. End the other duty first."
)


class Duty(models.Model):
    """A role of a member at an organisation for a time; it ends without an action."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, verbose_name=_("Member"))
    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="duties", verbose_name=_("Organisation")
    )
    role = models.CharField(_("Role"), max_length=30, choices=Role)
    valid_from = DayField(_("From"), span=VALIDITY)
    valid_until = DayField(_("Until (not included)"), span=VALIDITY, null=True, blank=True)
    given_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="duties_given", verbose_name=_("Assigned by")
    )
    confirmed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Confirmed by")
    )
    stand_in_for = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="stand_ins", verbose_name=_("Stand-in for")
    )
    created_at = MomentField(auto_now_add=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Duty")
        verbose_name_plural = _("Duties")
        constraints = [
            # A duty that is ended on its first day lasts zero days and stays in the lists.
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="members_duty_dates",
                violation_error_message=_("A duty must end after it begins."),
            ),
            models.UniqueConstraint(
                fields=["member", "organization", "role"],
                condition=Q(valid_until=None),
                name="members_duty_once",
                violation_error_message=_("This person already holds this role here."),
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("member")),
                name="members_duty_not_own",
                violation_error_message=_("You cannot appoint yourself."),
            ),
            models.CheckConstraint(
                condition=Q(stand_in_for=None) | Q(valid_until__isnull=False),
                name="members_duty_stand_in",
                violation_error_message=_("A stand-in needs a first and a last day."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("member")) & (Q(given_by=None) | ~Q(confirmed_by=F("given_by")))),
                name="members_duty_confirmed",
                violation_error_message=_("A person other than the proposer must decide."),
            ),
            # The three administrators hold no duty of the work areas. The database checks open-ended duties; limited
            # ones are checked when a duty is given.
            ExclusionConstraint(
                name="members_duty_work_apart",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    (
                        Case(When(role__in=ADMINISTRATOR_ROLES, then=Value(1)), default=Value(0)),
                        RangeOperators.NOT_EQUAL,
                    ),
                ],
                condition=Q(valid_until=None),
                violation_error_message=APART,
            ),
            # The system, security and audit administrators watch one another, so nobody holds two of these duties on
            # one day.
            ExclusionConstraint(
                name="members_duty_one_administrator",
                expressions=[
                    ("member", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=ADMINISTRATOR_ROLES),
                violation_error_message=_(
                    "The system, security and audit administrators must be three different people. "
                    "This person already holds another of these duties."
                ),
            ),
        ]

    def __str__(self):
        return f"Duty {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:duty-detail", args=[self.pk])

    def validate_constraints(self, exclude=None):
        """Check the constraints that depend on the dates only if both dates are valid."""
        if not exclude or not {"valid_from", "valid_until"} & set(exclude):
            super().validate_constraints(exclude=exclude)


class Assignment(models.Model):
    """A role that reaches one object and not a subtree; the areas make concrete models of it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("Member"))
    valid_from = DayField(_("From"), span=VALIDITY)
    valid_until = DayField(_("Until (not included)"), span=VALIDITY, null=True, blank=True)
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = MomentField(auto_now_add=True)

    class Meta:
        abstract = True
