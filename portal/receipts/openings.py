"""What a session keeps of a receipt: a new code until it is noted, the request that is open, a text not yet sent.

Sessions are encrypted as a whole (``portal.core.sessions``). Each entry names who was signed in; after a sign-in or
sign-out of somebody else it opens nothing. A visitor's session gets a new key with each entry, so that a session that
somebody planted in the browser beforehand shows nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.receipts.models import TEXT_LENGTH

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import Model
    from django.http import HttpRequest

SECONDS = 30 * 60
CODE, OPEN, DRAFT = "receipt_code", "receipt_open", "receipt_draft"


@dataclass(frozen=True)
class Kept:
    """An entry of the session: the request's number, the code or text, and whether the half hour is over."""

    pk: int
    text: str
    is_over: bool


def code_keep(request: HttpRequest, row: Model, code: str) -> None:
    """Keep a new code until the applicant has noted it, for half an hour at most."""
    _renew(request)
    _keep(request, CODE, row, code)


def code_kept(request: HttpRequest, model: type[Model]) -> Kept | None:
    """Return the new code that this session may show, or None."""
    return _live(request, CODE, model)


def code_drop(request: HttpRequest) -> None:
    """Forget the new code; it cannot be shown again."""
    request.session.pop(CODE, None)


def opening_begin(request: HttpRequest, row: Model) -> None:
    """Open a request to this session for half an hour."""
    draft = _kept(request, DRAFT, type(row))
    if draft is None or draft.pk != row.pk:
        request.session.pop(DRAFT, None)
    _renew(request)
    _keep(request, OPEN, row)


def opening_extend(request: HttpRequest, row: Model) -> None:
    """Let the half hour begin again; the text that waited has been sent."""
    request.session.pop(DRAFT, None)
    _keep(request, OPEN, row)


def opening_of(request: HttpRequest, model: type[Model]) -> Kept | None:
    """Return the request that is open in this session, or None."""
    return _live(request, OPEN, model)


def draft_keep(request: HttpRequest, model: type[Model], text: str) -> bool:
    """Keep a text that arrived after the half hour, for the same request; return whether there was one."""
    was = _kept(request, OPEN, model)
    if was is None or not text:
        return False
    _keep(request, DRAFT, model(pk=was.pk), text[:TEXT_LENGTH])
    return True


def draft_of(request: HttpRequest, row: Model) -> str:
    """Return the text that waits for the request that is open, or ""."""
    draft = _live(request, DRAFT, type(row))
    return draft.text if draft is not None and draft.pk == row.pk else ""


def forget(request: HttpRequest) -> None:
    """Forget code, opening and text; the session of a visitor ends."""
    if request.user.is_authenticated:
        for name in (CODE, OPEN, DRAFT):
            request.session.pop(name, None)
    else:
        request.session.flush()


def _renew(request: HttpRequest) -> None:
    if not request.user.is_authenticated:  # whoever signed in got a new key then; staff have one session at a time
        request.session.cycle_key()


def _keep(request: HttpRequest, name: str, row: Model, text: str = "") -> None:
    entry = {"about": row._meta.label_lower, "pk": row.pk, "text": text, "who": request.user.pk}
    request.session[name] = {**entry, "until": int(time.time()) + SECONDS}


def _kept(request: HttpRequest, name: str, model: type[Model]) -> Kept | None:
    """Return the entry of this person about a row of ``model``; an entry of somebody else is forgotten."""
    entry: dict[str, Any] | None = request.session.get(name)
    if entry is None or entry["about"] != model._meta.label_lower:
        return None
    if entry["who"] != request.user.pk:
        del request.session[name]
        return None
    return Kept(entry["pk"], entry["text"], time.time() >= entry["until"])


def _live(request: HttpRequest, name: str, model: type[Model]) -> Kept | None:
    found = _kept(request, name, model)
    if found is None or not found.is_over:
        return found
    if name != OPEN:  # the number of an opening that is over is needed for a text that arrives late
        del request.session[name]
    return None
