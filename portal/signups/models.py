"""Models of the registration engine: an offering with pools of places, and the sign-ups for it.

A sign-up is about one person: the member who signs up, or a child for whom a member does. ``person`` is that member or
child in all methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.core.fields import MomentField
from portal.signups.choices import HOLDING, LIVE, SIGN_UP_TRANSITIONS, Door, SignUpState
from portal.signups.places import Places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from django.db.models import QuerySet
    from django.db.models.fields.related_descriptors import RelatedManager


class Offering(models.Model):
    """Something with limited places in pools; an area subclasses it and implements these methods."""

    if TYPE_CHECKING:
        signups: RelatedManager[SignUp]  # from the concrete sign-up's foreign key

    class Meta:
        abstract = True

    def capacity(self, pool: str) -> int:
        """Return how many places ``pool`` has."""
        raise NotImplementedError

    def pool_for(self, person: Any) -> str:
        """Return the pool ``person`` belongs to."""
        raise NotImplementedError

    def refusal(self, person: Any, now: datetime, door: Door = Door.SELF) -> str:
        """Return the sentence that says why ``person`` cannot join at ``now`` by ``door``, or '' for yes."""
        raise NotImplementedError

    def settle(self, person: Any) -> None:
        """Lock what decides whether ``person`` may take part, until the person's place is written.

        Called before the offering is locked; the rows of a person come before those of the offering.
        """

    def standing_refusal(self, person: Any, door: Door = Door.SELF) -> str:
        """Return the sentence that says why ``person`` may not take part in anything of this kind now, or ''.

        Checked at each step towards a place (joining, review, promotion, accepting an offer), from the rows as they are
        then.
        """
        return ""

    def with_standing(self, rows: QuerySet[SignUp]) -> QuerySet[SignUp]:
        """Return those of ``rows`` (sign-ups) whose persons have no ``standing_refusal`` now."""
        return rows

    def reviews(self, person: Any) -> bool:
        """Return whether somebody has to review the sign-up of ``person`` first."""
        return False

    def standing_of(self, person: Any) -> QuerySet[SignUp]:
        """Return the live sign-ups of ``person`` that a further sign-up of the same person repeats."""
        return self.signups.filter(**{self.signups.model.about: person}, state__in=LIVE)

    def sign_up_fields(self) -> dict[str, Any]:
        """Return the fields that each sign-up copies from this offering, read while it is locked."""
        return {}

    def places(self, held: Mapping[tuple[object, ...], int]) -> Places:
        """Return the ``Places`` of this offering; ``held`` counts places by ``places_class.fields``."""
        return self.places_class(capacity=self.capacity, held=held)

    places_class: type[Places] = Places

    def offer_ends_at(self, now: datetime) -> datetime:
        """Return the time until which an offered place is held."""
        raise NotImplementedError


class SignUp(models.Model):
    """One person's place, or position on the waiting list, in one offering.

    An area subclasses it and adds ``offering``, a foreign key. ``place`` is the order of joining within the offering;
    no count is stored anywhere. ``member`` is who signs up, and ``about`` names the field with the person whose place
    it is: an area in which members sign their children up adds such a field, ``child``.
    """

    about: ClassVar[str] = "member"

    if TYPE_CHECKING:
        offering: Offering
        offering_id: int

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss")
    pool = models.CharField(_("List"), max_length=20)
    place = models.PositiveIntegerField(_("Position on the waiting list"))
    state = StateField(SIGN_UP_TRANSITIONS, default=SignUpState.WAITLISTED)
    offered_until = MomentField(_("Place held until"), null=True)
    created_at = MomentField(auto_now_add=True)

    class Meta:
        abstract = True

    @staticmethod
    def sign_up_constraints(prefix: str, *, about: str = "member", once: bool = True) -> list[models.BaseConstraint]:
        """Return the constraints of every concrete sign-up: one live row per person, each place number once.

        ``about`` is that of the class. ``once`` False: one person may have more rows, of which ``standing_of`` names
        those that count as one.
        """
        single = models.UniqueConstraint(
            fields=["offering", about],
            condition=Q(state__in=LIVE),
            name=f"{prefix}_once",
            violation_error_message=_("This person has already signed up."),
        )
        return [
            *([single] if once else []),
            models.UniqueConstraint(fields=["offering", "place"], name=f"{prefix}_place"),
            models.CheckConstraint(
                condition=~Q(state=SignUpState.OFFERED) | Q(offered_until__isnull=False), name=f"{prefix}_offer"
            ),
        ]

    @property
    def person(self) -> Any:
        """The member or child whose place it is."""
        return getattr(self, self.about)

    @property
    def holds_place(self) -> bool:
        return self.state in HOLDING
