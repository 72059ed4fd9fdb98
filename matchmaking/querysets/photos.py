"""Querysets of photos of singles: which rows a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from matchmaking.choices.profiles import UNSEEN, PhotoAudience
from matchmaking.querysets.profiles import BOTH_AGREED

if TYPE_CHECKING:
    from matchmaking.models import ProfilePhoto, SingleProfile


class PhotoQuerySet(models.QuerySet["ProfilePhoto"]):
    """Photos, visible as the owner's choice of audience allows."""

    def shown_to(self, seeker: SingleProfile) -> Self:
        """The seeker's own photos, and those of others that the seeker may see.

        They are shown to verified singles who find the owner, or after both have agreed. When both agreed to an
        introduction, a photo for "after both have agreed" is shown; a photo for nobody never is.
        """
        profiles = apps.get_model("matchmaking", "SingleProfile").objects
        found = Q(profile__in=profiles.findable_by(seeker).values("pk"), profile__photo_audience=PhotoAudience.VERIFIED)
        live = ~Q(profile__state__in=UNSEEN)
        return self.filter(Q(profile=seeker) | (live & (found | self._both_agreed(seeker))))

    def on_cards_for(self, seeker: SingleProfile) -> Self:
        """Photos on cards of people whom ``seeker`` finds, as their choice of audience allows."""
        return self.filter(Q(profile__photo_audience=PhotoAudience.VERIFIED) | self._both_agreed(seeker))

    @staticmethod
    def _both_agreed(seeker: SingleProfile) -> Q:
        introductions = apps.get_model("matchmaking", "Introduction").objects.filter(state__in=BOTH_AGREED)
        agreed = introductions.filter(
            Q(one=seeker, two=OuterRef("profile_id")) | Q(two=seeker, one=OuterRef("profile_id"))
        )
        return ~Q(profile__photo_audience=PhotoAudience.NOBODY) & Q(Exists(agreed))
