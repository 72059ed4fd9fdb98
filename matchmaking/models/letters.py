"""Models of letters to units about events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.letters import LetterTo
from matchmaking.querysets.events import OfEventQuerySet
from portal.core.fields import MomentField


class EventLetter(models.Model):
    """A letter of the organisers to the people of an event."""

    event = models.ForeignKey("matchmaking.MatchEvent", on_delete=models.CASCADE, related_name="letters")
    to = models.CharField(_("To"), max_length=10, choices=LetterTo)
    title = models.CharField(_("Title"), max_length=60)
    words = models.TextField(_("Content"), max_length=600)
    people = models.PositiveIntegerField(_("People"), editable=False)
    sent_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = MomentField(_("Sent at"), auto_now_add=True)

    objects = OfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Letter")
        verbose_name_plural = _("Letters")
        ordering = ["-pk"]

    def __str__(self):
        return f"Letter {self.pk}"
