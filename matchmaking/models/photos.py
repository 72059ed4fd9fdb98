"""Models of photos of singles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from matchmaking.models.profiles import SingleProfile
from matchmaking.querysets.photos import PhotoQuerySet
from portal.core.fields import MomentField


class ProfilePhoto(models.Model):
    """A photograph of a profile, decoded and encoded again without metadata before it is stored."""

    profile = models.ForeignKey(SingleProfile, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey("exchange.StoredFile", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    created_at = MomentField(auto_now_add=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("Photo")
        verbose_name_plural = _("Photos")
        ordering = ["order", "pk"]

    def __str__(self):
        return f"Photo {self.pk}"
