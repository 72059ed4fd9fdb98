"""Certificates: issued with a number and a code, withdrawn, replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import advance
from portal.audit.services import row_create
from portal.core import locks
from portal.core.errors import DomainError
from portal.core.text import clean_prose
from portal.papers.choices import CertificateState
from portal.papers.codes import code_make
from portal.papers.kinds import certificate_kinds
from portal.papers.models import Certificate
from portal.papers.services.numbers import number_take

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import Model

    from portal.members.models import Member


@transaction.atomic
def certificate_issue(
    *, actor: Member, about: Model, kind: str, valid_until: date | None = None, replaces: Certificate | None = None
) -> Certificate:
    """Issue a certificate about ``about`` from today, through ``valid_until`` (None: without an end).

    Raises LookupError for an unknown kind, DomainError if the row has one that is not withdrawn or the last day is in
    the past, and ValidationError for a day that is too far ahead.
    """
    declared = certificate_kinds()[kind]
    held: Any = locks.hold(about)
    today = timezone.localdate()
    if valid_until is not None and valid_until < today:
        raise DomainError(_("The last day of a certificate must not be in the past."), code="past")
    if Certificate.objects.about(held).not_withdrawn().filter(kind=kind).exists():
        raise DomainError(_("There is a certificate already. Withdraw or replace it first."), code="issued")
    organization: Any = held
    for name in declared.organization.split("__"):
        organization = getattr(organization, name)
    number = number_take(organization=organization, kind=kind, about=held)
    row = Certificate(
        kind=kind,
        number=number,
        code=code_make(),
        organization=organization,
        about_model=held._meta.label_lower,
        about_id=held.pk,
        title=declared.title(held)[:200],
        issued_on=today,
        valid_until=valid_until,
        issued_by=actor,
        replaces=replaces,
    )
    return row_create(actor=actor, row=row, action="certificate.issue")


@transaction.atomic
def certificate_withdraw(*, actor: Member, certificate: Certificate, reason: str, decision: str = "") -> Certificate:
    """Withdraw a certificate from today, also one that has expired; ``decision`` is the number of the decision.

    DomainError without a reason, or if it was withdrawn before.
    """
    reason = clean_prose(reason)
    if not reason:
        raise DomainError(_("Give the reason for which the certificate is withdrawn."), code="no-reason")
    return advance(
        certificate,
        CertificateState.WITHDRAWN,
        actor=actor,
        note=reason,
        withdrawn_on=timezone.localdate(),
        reason=reason,
        decision=clean_prose(decision),
    )


@transaction.atomic
def certificate_replace(
    *, actor: Member, certificate: Certificate, reason: str, valid_until: date | None = None, decision: str = ""
) -> Certificate:
    """Withdraw a certificate and issue another one about the same row, with a new number and a new code.

    A plate that was lost, or one that is renewed; the code of the old one says that it is withdrawn.
    """
    about = locks.hold(certificate_kinds()[certificate.kind].model(pk=certificate.about_id))
    old = certificate_withdraw(actor=actor, certificate=certificate, reason=reason, decision=decision)
    return certificate_issue(actor=actor, about=about, kind=old.kind, valid_until=valid_until, replaces=old)
