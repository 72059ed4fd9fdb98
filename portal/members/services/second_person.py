"""Asking for a second person: those who may decide are told; if there is none, the level above is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.second_person import proposers
from portal.members.selectors import holders, second_persons
from portal.messaging.services.messages import messages_post

if TYPE_CHECKING:
    from portal.members.models import Member


def second_person_ask(*, row: Any, area: Area, kind: str, title: str) -> list[Member]:
    """Tell everyone who may approve ``row``, here and above; return them.

    No step is needed to pass the row up: where its own level has no second person, those of the next level are told.
    Where no level has one, the members who may appoint here or above are asked to appoint one; where there are none,
    the submission is refused. Runs in the transaction of the step.
    """
    deciding = second_persons(row, area)
    if deciding:
        messages_post(
            kind=kind,
            recipients=[(member, {"title": title}) for member in deciding],
            about=row,
            url=row.get_absolute_url(),
        )
        return deciding
    appointing = holders(Area.MEMBERS, Capability.APPOINT, row.organization, but=proposers(row))
    if not appointing:
        raise DomainError(
            _("Nobody except you can approve this here or above. Ask the level above to appoint somebody."),
            code="no-approver",
        )
    messages_post(
        kind="members.approver_missing",
        recipients=[(member, {"title": title, "unit": row.organization.name}) for member in appointing],
        about=row,
        url=reverse("members:duty-list"),
    )
    return []
