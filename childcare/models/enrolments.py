"""Enrolments of children in class terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from childcare.models.terms import ClassTerm
from childcare.querysets.enrolments import EnrolmentQuerySet
from portal.core.bounds import PLANNED
from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.members.identity import age_on
from portal.signups.choices import LIVE, SignUpState
from portal.signups.models import SignUp

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Enrolment(SignUp):
    """A child's place, or position on the waiting list, in a class term; ``member`` is the guardian who applied.

    ``child`` is empty once the guardian has removed the child from the portal; the enrolment has ended by then. The
    days are those of the term: no child is in two classes on one day. The agreement (childcare/contract.py) is signed
    with the guardian's typed name, in the version shown.
    """

    about: ClassVar[str] = "child"
    # Set by lists for teachers (childcare/selectors/enrolments.py).
    twin: StrOrPromise = ""

    offering = models.ForeignKey(ClassTerm, on_delete=models.PROTECT, related_name="signups")
    child = models.ForeignKey("members.Child", on_delete=models.SET_NULL, null=True, related_name="enrolments")
    first_on = DayField(span=PLANNED, editable=False)
    last_on = DayField(span=PLANNED, editable=False)

    number = models.PositiveIntegerField(_("Number in the draw"), null=True, editable=False)
    left_at = MomentField(null=True, editable=False)

    signed_at = MomentField(_("Agreement signed at"), null=True, editable=False)
    signed_name = models.CharField(max_length=60, blank=True, editable=False)
    signed_version = models.PositiveSmallIntegerField(null=True, editable=False)

    # Asked after admission, for the care of the child; kept while the consent to it is valid (childcare/consents.py).
    allergies = EncryptedTextField(_("Allergies"), max_length=100, null=True, blank=True)
    medicines = EncryptedTextField(_("Medicines"), max_length=100, null=True, blank=True)
    notes = EncryptedTextField(_("What else the class teacher must know"), max_length=500, null=True, blank=True)
    # What the guardian says of the class after its end, from 1 to 5.
    rating = models.PositiveSmallIntegerField(_("Rating"), null=True, editable=False)
    # Whom the teachers call if the guardian does not answer.
    contact_name = EncryptedTextField(_("Second contact"), max_length=60, null=True, blank=True)
    contact_phone = EncryptedTextField(_("Number of the second contact"), max_length=20, null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Enrolment")
        verbose_name_plural = _("Enrolments")
        constraints = [
            *SignUp.sign_up_constraints("childcare_enrolment", about="child"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_name="", signed_version__isnull=True)
                | (Q(signed_at__isnull=False, signed_version__isnull=False) & ~Q(signed_name="")),
                name="childcare_enrolment_signed",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="childcare_enrolment_rating"
            ),
            models.UniqueConstraint(
                fields=["offering", "number"], condition=Q(number__isnull=False), name="childcare_enrolment_number"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=LIVE) | Q(child__isnull=False), name="childcare_enrolment_child"
            ),
            ExclusionConstraint(
                name="childcare_enrolment_days",
                expressions=[
                    ("child", RangeOperators.EQUAL),
                    (
                        Func(
                            "first_on",
                            "last_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=SignUpState.CONFIRMED),
                violation_error_message=_("This child has a place in another class on these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"Enrolment {self.pk}"

    def get_absolute_url(self) -> str:
        return self.offering.get_member_url()

    @property
    def has_alert(self) -> bool:
        """Whether the teachers must read something before they give the child to anybody."""
        return bool(self.allergies or self.medicines)

    @property
    def age(self) -> int | None:
        """The child's age in full years on the day on which it counts; None without a child."""
        return age_on(self.child.born_on, self.offering.reference_on) if self.child else None
