"""Abstract models of inspections; an area makes concrete ones with its foreign keys and its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.bounds import PLANNED
from portal.core.choices import Area, Capability
from portal.core.fields import AmountField, DayField, MomentField
from portal.inspections.choices import INSPECTION_TRANSITIONS, WITH_RESULT, InspectionState
from portal.inspections.models.rubrics import MOST_POINTS, RubricItem, RubricVersion
from portal.inspections.scoring import Mark

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from portal.inspections.models.findings import Finding
    from portal.members.models import Member
    from portal.organizations.models import Organization


class Inspection(models.Model):
    """An inspection by a version of a rubric; an area adds what is inspected, and implements ``unit``.

    ``organization`` is the union that inspects. ``rubric_code`` names the rubric, ``least_inspectors`` the number of
    people without whom nothing may be inspected. The result is computed once, when the inspection is finished: weighted
    points, the share of the maximum in percent, the grade as it was called then, and the number of vetoes.
    ``notice_code`` is the kind of number and of letter of the rectification notice; "" in an area without one.
    """

    rubric_code: ClassVar[str] = ""
    least_inspectors: ClassVar[int] = 1
    notice_code: ClassVar[str] = ""

    if TYPE_CHECKING:
        # From the foreign keys of the concrete models.
        inspectors: RelatedManager[Inspector]
        scores: RelatedManager[Score]
        findings: RelatedManager[Finding]

        def get_absolute_url(self) -> str: ...

    organization = models.ForeignKey(
        "organizations.Organization",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Inspecting organisation"),
    )
    rubric_version = models.ForeignKey(
        RubricVersion, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("Rubric")
    )
    planned_on = DayField(_("Planned on"), span=PLANNED)
    held_on = DayField(_("Held on"), null=True, editable=False)
    state = StateField(INSPECTION_TRANSITIONS, default=InspectionState.PLANNED)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    minutes = models.TextField(_("Minutes"), max_length=2000, blank=True, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    finished_at = MomentField(_("Finished at"), null=True, editable=False)
    total = AmountField(_("Points"), max_digits=9, decimal_places=2, null=True, editable=False)
    maximum = AmountField(_("Points at most"), max_digits=9, decimal_places=2, null=True, editable=False)
    share = AmountField(_("Percent of the maximum"), max_digits=5, decimal_places=2, null=True, editable=False)
    grade = models.CharField(_("Grade"), max_length=20, blank=True, editable=False)
    vetoes = models.PositiveSmallIntegerField(_("Vetoes"), null=True, editable=False)
    notice_number = models.CharField(_("Number of the rectification notice"), max_length=40, blank=True, editable=False)
    notice_file = models.OneToOneField(
        "exchange.StoredFile", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    cancel_reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"Inspection {self.pk}"

    @staticmethod
    def inspection_constraints(prefix: str) -> list[models.BaseConstraint]:
        """Return the constraints of every concrete inspection."""
        with_result = [str(state) for state in WITH_RESULT]
        held = [str(InspectionState.UNDER_WAY), *with_result]
        return [
            models.CheckConstraint(
                condition=~Q(state__in=with_result)
                | Q(finished_at__isnull=False, total__isnull=False, maximum__isnull=False, vetoes__isnull=False),
                name=f"{prefix}_result",
            ),
            models.CheckConstraint(condition=~Q(state__in=held) | Q(held_on__isnull=False), name=f"{prefix}_held"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__gte=0, share__lte=100), name=f"{prefix}_share"),
        ]

    @property
    def unit(self) -> Organization:
        """The organisation of the inspected unit, which answers the findings."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """What is inspected, in words."""
        raise NotImplementedError

    @property
    def area(self) -> Area:
        """The area of the queryset, in which inspectors and answering staff hold their duties."""
        area: Area = type(self)._default_manager.all().area  # type: ignore[attr-defined]  # an InspectionQuerySet
        return area

    def barred(self, member: Member) -> bool:
        """Return whether ``member`` belongs to the inspected unit and so may not inspect it.

        A member belongs to it by roster or by duty. An area that inspects what its own unions keep overrides this.
        """
        path = self.unit.path
        on_roster = member.organization is not None and member.organization.path.startswith(path)
        return on_roster or any(duty.organization.path.startswith(path) for duty in member.duties)

    def qualified(self, member: Member) -> bool:
        """Return whether ``member`` works in the area at the inspecting organisation or above it."""
        return member.can(self.area, Capability.EDIT, self.organization.path)

    def keepers(self) -> list[Member]:
        """Return the people who answer for the unit without a duty there; an area overrides this with its own."""
        return []

    def keepers_url(self) -> str:
        """Return the address of the page on which these people find their findings."""
        return "/"

    @property
    def passed(self) -> bool:
        """Return whether the inspection has a result without a veto."""
        return self.vetoes == 0


class Inspector(models.Model):
    """A person who inspects; an area adds ``inspection``, a foreign key with the related name ``inspectors``."""

    if TYPE_CHECKING:
        inspection: Inspection
        inspection_id: int

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("Inspector")
    )
    lead = models.BooleanField(_("Lead inspector"), default=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"Inspector {self.pk}"

    @staticmethod
    def inspector_constraints(prefix: str) -> list[models.BaseConstraint]:
        """Return the constraints of every concrete inspector: each person once, and one lead."""
        return [
            models.UniqueConstraint(fields=["inspection", "member"], name=f"{prefix}_once"),
            models.UniqueConstraint(fields=["inspection"], condition=Q(lead=True), name=f"{prefix}_lead"),
        ]


class Score(models.Model):
    """The answer to one item; an area adds ``inspection``, a foreign key with the related name ``scores``.

    ``points`` and ``met`` are None until the item is answered, and where it does not apply. ``scored_by`` wrote the row
    last. ``taken_at`` is when the phone says that the photo was taken; it may be sent hours later.
    """

    if TYPE_CHECKING:
        inspection: Inspection
        inspection_id: int

    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+", verbose_name=_("Rubric item"))
    applies = models.BooleanField(_("Applies"), default=True)
    points = models.PositiveSmallIntegerField(
        _("Points"), null=True, blank=True, validators=[MaxValueValidator(MOST_POINTS)]
    )
    met = models.BooleanField(_("Met"), null=True, blank=True)
    number = AmountField(
        _("Measured"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)
    file = models.OneToOneField(
        "exchange.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = MomentField(_("Taken at"), null=True, blank=True)
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+")
    scored_at = MomentField(_("Saved at"), editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"Score {self.pk}"

    @staticmethod
    def score_constraints(prefix: str) -> list[models.BaseConstraint]:
        """Return the constraints of every concrete score: each item once, and a whole answer or none."""
        answered = Q(points__isnull=False, met__isnull=False, applies=True)
        return [
            models.UniqueConstraint(fields=["inspection", "item"], name=f"{prefix}_once"),
            models.CheckConstraint(condition=answered | Q(points=None, met=None), name=f"{prefix}_answer"),
            models.CheckConstraint(condition=Q(points=None) | Q(points__lte=MOST_POINTS), name=f"{prefix}_points"),
            models.CheckConstraint(condition=Q(number=None) | Q(number__gte=0), name=f"{prefix}_number"),
        ]

    @property
    def mark(self) -> Mark:
        """The answer as ``scoring`` takes it."""
        return Mark(self.points, self.met, self.applies)
