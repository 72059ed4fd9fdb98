"""Reads of certificates that span apps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.papers.codes import code_clean, code_fault
from portal.papers.kinds import certificate_kinds
from portal.papers.models import Certificate

if TYPE_CHECKING:
    from django.db.models import Model

    from portal.members.models import Member
    from portal.papers.querysets.certificates import CertificateQuerySet


def certificates_of(about: Model) -> CertificateQuerySet:
    """Return the certificates of a row, the newest first."""
    return Certificate.objects.about(about).select_related("organization").order_by("-pk")


def certificate_by_code(code: str) -> Certificate | None:
    """Return the certificate with a code in any case and grouping, or None."""
    cleaned = code_clean(code)
    if code_fault(cleaned) is not None:
        return None
    return Certificate.objects.filter(code=cleaned).select_related("organization", "replaced_by").first()


def subject_of(certificate: Certificate) -> Any:
    """Return the row that a certificate is about, or None if it is gone or its area is out of service."""
    kind = certificate_kinds().get(certificate.kind)
    return kind.model._base_manager.filter(pk=certificate.about_id).first() if kind else None


def may_see_subject(actor: Member, certificate: Certificate) -> bool:
    """Return whether the actor may see the row that a certificate is about."""
    return Certificate.objects.visible_to(actor).filter(pk=certificate.pk).exists()
