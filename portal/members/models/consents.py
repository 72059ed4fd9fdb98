"""Consents: what members agreed to, by purpose and version."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import MomentField
from portal.members.models.people import Member
from portal.members.querysets import ConsentQuerySet


class Consent(models.Model):
    """The consent of a member: purpose, version, language, digest of the words shown, and time.

    ``about_id`` is the pk of the row for which it was given, such as an event; None where it applies to the whole
    portal. For a member under 14, ``guardian`` gave it. ``as_guardian`` means that the member gave it for a child of
    theirs, whose pk is ``about_id``.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    about_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10)
    text_digest = models.CharField(max_length=64)
    channel = models.CharField(max_length=20, default="web")
    given_at = MomentField(auto_now_add=True)
    withdrawn_at = MomentField(null=True)
    guardian = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="consents_for_others", verbose_name=_("Guardian")
    )
    as_guardian = models.BooleanField(_("Consent given as guardian"), default=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Consent")
        verbose_name_plural = _("Consents")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose", "about_id"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
                name="members_consent_once",
            ),
            models.CheckConstraint(
                condition=Q(guardian=None) | ~Q(guardian=F("member")),
                name="members_consent_guardian",
                violation_error_message=_("A guardian is another person."),
            ),
            models.CheckConstraint(
                condition=Q(as_guardian=False) | Q(guardian=None, about_id__isnull=False),
                name="members_consent_as_guardian",
                violation_error_message=_("A guardian's consent must apply to one child."),
            ),
        ]

    def __str__(self):
        return f"Consent {self.pk}"
