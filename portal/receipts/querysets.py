"""Requests found by their receipt code, and the messages about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from portal.receipts.codes import code_hash

if TYPE_CHECKING:
    from typing import Any, Self

    from typing_extensions import TypeVar

    # A queryset that names no model has rows of any type.
    Row = TypeVar("Row", bound=models.Model, covariant=True, default=Any)


class ReceiptRequestQuerySet(models.QuerySet["Row"]):
    """Requests with a receipt code; the queryset of an area inherits it beside its own scope."""

    def by_code(self, code: str) -> Self:
        """Return the request of ``code``, at most one row; ValueError if it is no code."""
        return self.filter(receipt_hash=code_hash(code))


class ReceiptMessageQuerySet(models.QuerySet["Row"]):
    """Messages between the applicant and the staff; they are reached through their request only."""

    def in_order(self) -> Self:
        """Return the messages, oldest first, with their authors."""
        return self.select_related("author").order_by("written_at", "pk")

    def unread(self, *, by_staff: bool) -> Self:
        """Return what the staff (or, if not ``by_staff``, the applicant) have not read yet."""
        return self.filter(from_staff=not by_staff, read_at=None)
