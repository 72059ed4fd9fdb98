"""Which certificates a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Q

from portal.core.querysets import OrgScopedQuerySet
from portal.papers.choices import CertificateState
from portal.papers.kinds import certificate_kinds

if TYPE_CHECKING:
    from django.db.models import Model

    from portal.members.models import Member
    from portal.papers.models import Certificate


class CertificateQuerySet(OrgScopedQuerySet["Certificate"]):
    """Certificates about rows of any app; the owner of the rows says who may see them."""

    def visible_to(self, actor: Member) -> Self:
        """Return the certificates of rows that the actor may see; none for a visitor."""
        if not getattr(actor, "is_authenticated", False):
            return self.none()
        reach = Q(pk__in=[])
        for kind in certificate_kinds().values():
            reach |= Q(kind=kind.code, about_id__in=kind.visible_to(actor).order_by().values("pk"))
        return self.filter(reach)

    def about(self, row: Model) -> Self:
        """Certificates of one row."""
        return self.filter(about_model=row._meta.label_lower, about_id=row.pk)

    def not_withdrawn(self) -> Self:
        """Certificates that are valid or have expired."""
        return self.filter(state=CertificateState.VALID)
