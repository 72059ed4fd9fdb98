"""Models of requests that are followed by a receipt code: the request, and the messages about it.

Both are abstract: an area subclasses them, so that foreign keys, scope and constraints are its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.fields import DayField, EncryptedTextField, MomentField
from portal.receipts.querysets import ReceiptMessageQuerySet, ReceiptRequestQuerySet

if TYPE_CHECKING:
    from datetime import date

    from django.db.models.fields.related_descriptors import RelatedManager

HASH_LENGTH = 64
TEXT_LENGTH = 4000


class ReceiptRequest(models.Model):
    """A request that the applicant follows with a code, whether the name is known or not.

    Only the hash of the code is stored; nobody can recover a lost code. Without a hash, the code was closed.
    ``receipt_until`` is the last day on which the code opens the request. ``receipt_noted_at`` is when the applicant
    typed the code back.
    """

    if TYPE_CHECKING:
        messages: RelatedManager[ReceiptMessage]  # from the foreign key of the concrete message

    receipt_hash = models.CharField(
        max_length=HASH_LENGTH,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        validators=[MinLengthValidator(HASH_LENGTH)],
    )
    receipt_until = DayField(_("Receipt code works until"), null=True, blank=True, editable=False)
    receipt_noted_at = MomentField(_("Receipt code noted by the applicant at"), null=True, blank=True, editable=False)
    receipt_opened_at = MomentField(_("Last opened with the receipt code at"), null=True, blank=True, editable=False)

    objects = ReceiptRequestQuerySet.as_manager()

    class Meta:
        abstract = True

    def receipt_works(self, today: date) -> bool:
        """Return whether the code opens the request ``today``.

        An area narrows this where a request may no longer be opened; a closed case stays open to its applicant. It must
        make no query: a code that works no longer costs as much as a wrong one.
        """
        return self.receipt_hash is not None and (self.receipt_until is None or today <= self.receipt_until)


class ReceiptMessage(models.Model):
    """A message of the applicant or of the staff about one request.

    An area subclasses it and adds ``request``, a foreign key with the related name ``messages``. ``author`` is the
    member of staff; the applicant is never named here, whether signed in or not. ``read_at`` is when the other side
    first opened the message.
    """

    if TYPE_CHECKING:
        request: ReceiptRequest
        request_id: int
        author_id: int | None

    from_staff = models.BooleanField(_("Written by staff"), editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("Author"),
    )
    text = EncryptedTextField(_("Message"), max_length=TEXT_LENGTH)
    written_at = MomentField(_("Written at"), auto_now_add=True)
    read_at = MomentField(_("Read at"), null=True, blank=True, editable=False)

    objects = ReceiptMessageQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def message_constraints(prefix: str) -> list[models.BaseConstraint]:
        """Return the constraints of every concrete message: staff are named, the applicant is not."""
        return [
            models.CheckConstraint(
                condition=Q(from_staff=True, author__isnull=False) | Q(from_staff=False, author__isnull=True),
                name=f"{prefix}_author",
            )
        ]
