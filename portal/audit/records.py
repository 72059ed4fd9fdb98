"""The page of one row: its steps, facts and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.urls import reverse

from portal.audit.selectors import history
from portal.web.lists import labelled, value_of
from portal.web.views import DetailView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from django.db.models import Model

    from portal.audit.actions import Actions
    from portal.members.models import Member


class RecordView(DetailView):
    """The page of one row: next action, state, facts and history.

    ``actions`` is the ``Actions`` of the model, ``facts`` has the format that ``labelled`` takes, and ``prose`` names a
    field of several lines. Facts without a value are left out.
    """

    template_name = "components/record_page.html"
    actions: Actions | None = None
    facts: Sequence[Any] = ()
    prose = ""
    back_name = ""

    def get_title(self) -> str:
        return str(self.title or self.object)

    def facts_of(self, row: Model) -> list[dict[str, object]]:
        """Return the facts as dicts of label and value."""
        found = [{"label": label, "value": value_of(row, way)} for label, way in labelled(self.model, self.facts)]
        return [fact for fact in found if fact["value"] not in (None, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, actor = self.object, cast("Member", self.request.user)
        primary, menu = self.actions.buttons(row, actor) if self.actions else (None, [])
        context: dict[str, Any] = super().get_context_data(
            **{
                "primary": primary,
                "menu": menu,
                "steps": self.actions.step_line(row) if self.actions else [],
                "facts": self.facts_of(row),
                "prose": getattr(row, self.prose) if self.prose else "",
                "entries": history(row, self.actions.words if self.actions else None),
                "back_url": reverse(self.back_name) if self.back_name else "",
                **kwargs,
            }
        )
        return context
