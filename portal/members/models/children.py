"""Children of members, entered so that the members can apply for them."""

from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PAST
from portal.core.choices import Sex
from portal.core.fields import DayField, EncryptedTextField
from portal.members.choices import ChildRelation
from portal.members.models.people import Member
from portal.members.querysets import ChildQuerySet


class Child(models.Model):
    """A child of a member, kept while the consent "members.child" for it is valid.

    The child was under 18 on the day of entry. ``care_notes`` (allergies and what else carers must know) is filled only
    while the consent "members.child_health" is valid too. A removed child leaves no row.
    """

    guardian = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="children", verbose_name=_("Parent or guardian")
    )
    name = EncryptedTextField(_("The child's full name"), max_length=60)
    sex = models.CharField(_("Sex"), max_length=10, choices=Sex)
    born_on = DayField(_("Birth date"), span=PAST)
    relation = models.CharField(_("Your relationship to the child"), max_length=12, choices=ChildRelation)
    care_notes = EncryptedTextField(_("What carers must know"), max_length=1000, null=True, blank=True)
    entered_on = DayField(_("Entered on"), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("Child")
        verbose_name_plural = _("Children")
        constraints = [
            models.CheckConstraint(
                condition=Q(born_on__lte=F("entered_on")),
                name="members_child_born",
                violation_error_message=_("This birth date is in the future."),
            ),
            models.CheckConstraint(
                condition=Q(
                    born_on__gt=Func(
                        F("entered_on"),
                        template="(%(expressions)s - interval '18 years')",
                        output_field=models.DateField(),
                    )
                ),
                name="members_child_under_age",
                violation_error_message=_("Only children under 18 can be entered."),
            ),
        ]

    def __str__(self):
        return f"Child {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:child-list")
