"""To-do items: checked lists that wait for their uploader, exports that wait for a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.core.guard import each
from portal.exchange.choices import RunState
from portal.exchange.models import ExportRun, ImportRun
from portal.exchange.services.exports import UNRELEASED_DAYS
from portal.exchange.services.imports import UNCONFIRMED_DAYS
from portal.web.todo import Todo, kinds_waiting

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.members.models import Member


def items_for(actor: Member) -> list[Todo]:
    """Return the to-do items of ``actor``: own clean lists, and exports of others to release."""
    checked = ImportRun.objects.visible_to(actor).filter(uploaded_by=actor, state=RunState.CHECKED_CLEAN)
    exports = ExportRun.objects.to_release(actor)
    waits = kinds_waiting(actor, checked=checked, exports=exports)
    return [*(_checked(checked) if "checked" in waits else ()), *(_exports(exports) if "exports" in waits else ())]


def _exports(rows: QuerySet[ExportRun]) -> list[Todo]:
    runs = rows.order_by("pk")
    return list(
        each(
            runs[:20],
            lambda run: Todo(
                title=_("Approve or decline an export: %(list)s, %(rows)s rows")
                % {"list": run.title, "rows": run.rows},
                url=run.get_absolute_url(),
                icon="file-export",
                due_at=run.created_at + timedelta(days=UNRELEASED_DAYS),
            ),
        )
    )


def _checked(rows: QuerySet[ImportRun]) -> list[Todo]:
    """Return a to-do item for each clean list of ``rows`` that is not yet confirmed.

    Unconfirmed lists are discarded after a week.
    """
    runs = rows.order_by("pk")
    return list(
        each(
            runs[:20],
            lambda run: Todo(
                title=_("A list is checked and ready to import: %(list)s")
                % {"list": run.declared.title if run.declared else run.register},
                url=run.get_absolute_url(),
                icon="file-import",
                due_at=run.created_at + timedelta(days=UNCONFIRMED_DAYS),
            ),
        )
    )
