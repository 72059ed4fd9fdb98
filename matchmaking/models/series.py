"""Models of series and themes of events."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventMode
from matchmaking.querysets.series import SeriesQuerySet
from portal.core.fields import MomentField


class EventSeries(models.Model):
    """A brand under which events are held year after year, such as 会聚良缘."""

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Organisation")
    )
    name = models.CharField(_("Name"), max_length=40)
    summary = models.TextField(_("Description of the series"), max_length=1000, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("Event series")
        verbose_name_plural = _("Event series")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="matchmaking_series_name",
                violation_error_message=_("A series with this name already exists."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matchmaking:series-detail", args=[self.pk])


class EventTheme(models.Model):
    """A theme with an initial text, such as a masked ball or a reading evening; reference data."""

    name = models.CharField(_("Name"), max_length=30, unique=True)
    summary = models.TextField(_("Sample text"), max_length=1000, blank=True)
    mode = models.CharField(_("Mode"), max_length=10, choices=EventMode, default=EventMode.OFFLINE)
    order = models.PositiveSmallIntegerField(_("Sort order"), default=100)
    active = models.BooleanField(_("Available"), default=True)

    class Meta:
        verbose_name = _("Theme")
        verbose_name_plural = _("Themes")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.name
