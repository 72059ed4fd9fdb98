"""One declaration per action: it yields the view, URL, form, button, step line and history wording.

It does not say who gets which response: the lines of the access matrix are written by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import path, reverse

from portal.audit.gate import advance, can_step, state_field
from portal.audit.services import path_of
from portal.audit.wording import Words
from portal.core.choices import Capability
from portal.core.steps import place_in
from portal.web.forms import ConfirmForm
from portal.web.todo import Todo
from portal.web.views import ActionView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import Model
    from django.forms import Form
    from django.urls import URLPattern
    from django.views import View

    from portal.members.models import Member

# Says whether the actor may do something to the row.
Rule = Callable[[Any, Any], bool]
# The states of a step line, or a function of the row that returns them.
Line = Sequence[Any] | Callable[[Any], Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action on one row of a model.

    ``name`` is the last part of the URL name: ``close`` makes ``ticket-close`` at ``tickets/7/close/``.
    ``service(actor=..., <row_name>=row, **form.cleaned_data)`` performs the action; without a service the row moves to
    ``target``, with the form's ``reason`` as the note.

    ``rule(actor, row)`` says who may open the page (others get 403); None means the rule of the ``Actions``. The button
    is shown to the same people, but only while ``when(actor, row)`` holds and the state table has a step to ``target``;
    ``hindered(row)`` returns why the button is shown but disabled, or "". An ``aside`` action is never shown as the
    next step. ``consequence`` and ``initial`` may be functions of the row; ``lands`` is a function of row and result
    that returns the URL to redirect to. ``history`` is the wording of the audit entry whose last part is ``entry``, or
    ``name``. ``view`` is the base class of the page; ``options`` are further attributes of the page.
    """

    name: str
    service: Callable[..., Any] | None = None
    label: Words
    icon: str = ""
    title: Words = ""
    button: Words = ""
    consequence: Words | Callable[[Any], Words] = ""
    done: Words = ""
    danger: bool = False
    aside: bool = False
    target: str | None = None
    rule: Rule | None = None
    when: Rule | None = None
    form: type[Form] = ConfirmForm
    initial: Mapping[str, object] | Callable[[Any], Mapping[str, object]] | None = None
    lands: Callable[[Any, Any], str] | None = None
    hindered: Callable[[Any], Words] | None = None
    history: Words = ""
    entry: str = ""
    view: type[View] = ActionView
    options: dict[str, Any] = field(default_factory=dict)

    def offered(self, actor: Member, row: Model) -> bool:
        """Return whether the button is shown to ``actor``; the ``Actions`` check ``rule``."""
        if self.target is not None and not can_step(row, self.target, actor):
            return False
        return self.when is None or self.when(actor, row)


@dataclass(frozen=True, kw_only=True)
class Link:
    """A button that leads to a page that is not an action, such as editing or printing.

    ``rule`` and ``when`` mean the same as in an Action.
    """

    name: str
    label: Words
    icon: str = ""
    rule: Rule | None = None
    when: Rule | None = None
    aside: bool = False
    danger: bool = False
    hindered: Callable[[Any], Words] | None = None

    def offered(self, actor: Member, row: Model) -> bool:
        """Return whether the button is shown to ``actor``."""
        return self.when is None or self.when(actor, row)


class Actions:
    """The actions on the rows of ``model``, the next action first.

    ``prefix`` begins the URL names (``ticket``), ``path`` the URL paths (``tickets/``); ``row_name`` is the argument
    name of the row in services. ``rule`` None means the right to edit at the row's organisation. ``line`` lists the
    states of the step line in order, or is a function of the row that returns them; ``moments(row)`` returns the time
    of each state, past or planned, and ``stopped(row)`` why a row is outside the line. ``words`` adds further wording
    for the history.
    """

    def __init__(
        self,
        model: type[Model],
        *,
        prefix: str,
        path: str,
        row_name: str,
        actions: Iterable[Action | Link],
        rule: Rule | None = None,
        line: Line = (),
        moments: Callable[[Any], Mapping[Any, object]] | None = None,
        stopped: Callable[[Any], Words] | None = None,
        words: Mapping[str, Words] | None = None,
    ) -> None:
        self.model, self.prefix, self.path, self.row_name, self.rule = model, prefix, path, row_name, rule or may_edit
        self.actions, self.line, self.moments, self.stopped = tuple(actions), line, moments, stopped
        self.words = {
            action.entry or action.name: action.history
            for action in self.actions
            if isinstance(action, Action) and action.history
        } | dict(words or {})

    def url_name(self, action: Action | Link) -> str:
        """Return the full URL name of an action: ``notices:notice-submit``."""
        return f"{self.model._meta.app_label}:{self.prefix}-{action.name}"

    def urls(self) -> list[URLPattern]:
        """Return a URL pattern for each action."""
        return [
            path(
                f"{self.path}<int:pk>/{action.name}/", self.view(action).as_view(), name=f"{self.prefix}-{action.name}"
            )
            for action in self.actions
            if isinstance(action, Action)
        ]

    def view(self, action: Action) -> type[View]:
        """Return the view class of an action."""
        attributes = {
            "__module__": action.service.__module__ if action.service else __name__,
            "__doc__": str(action.name),
            "model": self.model,
            "row_name": self.row_name,
            "rule": action.rule or self.rule,
            "service": action.service or _step_to(action.target or "", self.row_name),
            "form_class": action.form,
            "title": action.title or action.label,
            "action_label": action.button or action.label,
            "danger": action.danger,
            "success_message": action.done,
            **action.options,
        }
        for name, value in (("consequence", action.consequence), ("initial", action.initial)):
            if callable(value):
                attributes[f"get_{name}"] = _of_row(value)
            elif value:
                attributes[name] = value
        if action.lands:
            attributes["next_url"] = lambda view, result: action.lands(view.object, result)
        words = "".join(part.title() for part in f"{self.prefix}-{action.name}".split("-"))
        return type(f"{words}View", (action.view,), attributes)

    def offered(self, row: Model, actor: Member) -> list[dict[str, Any]]:
        """Return the buttons shown to ``actor`` for ``row``, as dicts for ``components/page_header.html``."""
        found = []
        for action in self.actions:
            if (action.rule or self.rule)(actor, row) and action.offered(actor, row):
                why = action.hindered(row) if action.hindered else ""
                found.append(
                    {
                        "url": reverse(self.url_name(action), args=[row.pk]),
                        "label": action.label,
                        "icon": action.icon,
                        "danger": action.danger,
                        "disabled": bool(why),
                        "why": why,
                        "aside": action.aside or action.danger or bool(why),
                    }
                )
        return found

    def buttons(self, row: Model, actor: Member) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Return the button of the next action, or None, and the list of all other buttons."""
        found = self.offered(row, actor)
        first = found[0] if found and not found[0]["aside"] else None
        return first, found[1:] if first else found

    def todo(
        self, row: Model, actor: Member, *, title: str, due_at: datetime | None = None, source: str = ""
    ) -> Todo | None:
        """Return a to-do item that links to the row, with the icon of the next action; None without one."""
        first, _others = self.buttons(row, actor)
        if first is None:
            return None
        url = row.get_absolute_url()  # type: ignore[attr-defined]  # a row with actions has a page
        return Todo(title=title, url=url, icon=first["icon"], due_at=due_at, source=source)

    def step_line(self, row: Model) -> list[dict[str, object]]:
        """Return the position of the row in its step line, for ``components/steps.html``; [] without a line.

        A row in a state outside the line has stopped: the first step is shown as done, followed by the row's state.
        """
        line = self.line(row) if callable(self.line) else self.line
        if not line:
            return []
        state = getattr(row, state_field(self.model).attname)
        now = place_in(line, state)
        if now < 0:
            note = self.stopped(row) if self.stopped else ""
            stopped = {"label": _label(row), "state": "stopped", "note": note}
            return [{"label": line[0].label, "state": "done"}, stopped]
        moments = self.moments(row) if self.moments else {}
        return [
            {
                "label": step.label,
                "state": "done" if place < now else "current" if place == now else "next",
                "at": moments.get(step),
            }
            for place, step in enumerate(line)
        ]


def may_edit(actor: Member, row: Model) -> bool:
    """The actor may edit the row's area at the row's organisation, or above it.

    The area is that of the row's queryset.
    """
    area = type(row)._default_manager.all().area  # type: ignore[attr-defined]  # rows of an organisation have one
    return bool(actor.can(area, Capability.EDIT, path_of(row)))


def _step_to(target: str, row_name: str) -> Callable[..., Model]:
    def step(*, actor: Member, reason: str = "", **row: Model) -> Model:
        return advance(row[row_name], target, actor=actor, note=reason)

    return step


def _of_row(function: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda view: function(view.object)


def _label(row: Model) -> Words:
    state = getattr(row, state_field(type(row)).attname)
    label: Words = dict(state_field(type(row)).flatchoices).get(state, state)
    return label
