"""The only way to change a state: ``StateField`` holds the transitions, ``advance`` takes the step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core import locks
from portal.core.errors import Conflict, DomainError
from portal.core.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from portal.members.models import Member

    Transitions = Mapping[Any, Set[Any] | Mapping[Any, Step]]

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Clock:
    """The actor of a step caused by time; ``rule`` is the code of the rule, such as ``notices.publish``."""

    rule: str

    is_authenticated = False
    pk = None


class StateField(models.CharField):
    """A state that only ``advance`` changes.

    ``transitions`` maps each state to a set of targets, or to a dict of target -> Step.
    """

    def __init__(self, transitions: Transitions | None = None, **kwargs: Any) -> None:
        self.transitions = transitions or {}
        kwargs.setdefault("max_length", 30)
        kwargs["editable"] = False
        if self.transitions:
            kwargs.setdefault("choices", type(next(iter(self.transitions))).choices)
        kwargs.setdefault("verbose_name", _("State"))
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def steps(self, state: str) -> Mapping[Any, Step]:
        """Return the steps out of ``state`` as a dict of target -> Step."""
        targets = self.transitions.get(state, {})
        return targets if isinstance(targets, dict) else {target: Step() for target in targets}


def state_field(model: type[models.Model]) -> StateField:
    """Return the StateField of ``model``; a model has exactly one."""
    for field in model._meta.concrete_fields:
        if isinstance(field, StateField):
            return field
    raise TypeError(f"{model._meta.label} has no StateField")


def can_step(instance: models.Model, target: str, actor: Member | Clock) -> bool:
    """Return whether the transition table allows ``actor`` a step to ``target``.

    The step starts from the state that ``instance`` was loaded with.
    """
    field = state_field(type(instance))
    step = field.steps(getattr(instance, field.attname)).get(target)
    return step is not None and _may(step, actor, instance)


def _may(step: Step, actor: Member | Clock, row: models.Model) -> bool:
    by = step.time if isinstance(actor, Clock) else step.person
    return by and (step.allowed is None or step.allowed(actor, row))


def _stays_unjudged(field: models.Field, row: models.Model, touched: Set[str]) -> bool:
    """Return whether ``field`` needs no validation: the step does not change it, or empties it.

    A step may empty a field that has ``null``; ``blank`` concerns forms only.
    """
    return field.name not in touched or (field.null and getattr(row, field.attname) is None)


@cache
def constraints_of(model: type[models.Model]) -> tuple[tuple[models.BaseConstraint, frozenset[str]], ...]:
    """Return the constraints of ``model``, each with the names of the fields that it refers to."""
    return tuple((constraint, frozenset(_named_by(constraint))) for constraint in model._meta.constraints)


def _named_by(constraint: models.BaseConstraint) -> Iterator[str]:
    pairs = [part if isinstance(part, tuple | list) else (part,) for part in getattr(constraint, "expressions", ())]
    condition = getattr(constraint, "condition", None)
    for part in (*getattr(constraint, "fields", ()), condition, *(pair[0] for pair in pairs)):
        yield from _names(part)


def _names(part: object) -> Iterator[str]:
    """Yield the field names in a condition, an expression or a bare name."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, F):
        yield part.name.split("__")[0]  # type: ignore[attr-defined]  # not in the stubs
    elif isinstance(part, Q):
        for child in part.children:
            if isinstance(child, tuple):
                yield child[0].split("__")[0]
                yield from _names(child[1] if not isinstance(child[1], str) else None)
            else:
                yield from _names(child)
    elif hasattr(part, "get_source_expressions"):
        for child in part.get_source_expressions():
            yield from _names(child)


def _validate_constraints(held: models.Model, touched: Set[str]) -> None:
    """Validate the constraints that name a changed field; the stored row already meets all others.

    Each constraint costs a query, and a model has a dozen of them.
    """
    errors: dict[str, Any] = {}
    for model, _constraints in held.get_constraints():
        for constraint, names in constraints_of(model):
            if touched & names:
                try:
                    constraint.validate(model, held)
                except ValidationError as error:
                    errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def advance(instance: Row, target: str, *, actor: Member | Clock, note: str = "", **changes: Any) -> Row:
    """Move ``instance`` to ``target`` under a row lock and write the audit entry; return the saved row.

    The step is checked against the state now in the database, not the one ``instance`` was loaded with. ``actor`` is a
    Member, or ``Clock("rule code")`` for a step caused by time. ``changes`` are saved with the step. Raises Conflict
    when another person changed the state first, and DomainError when the table lacks the step, the actor may not take
    it, or the row would be invalid.
    """
    field = state_field(type(instance))
    seen = getattr(instance, field.attname)
    held = locks.hold(instance)
    current = getattr(held, field.attname)
    step = field.steps(current).get(target)
    if step is None and seen != current:
        raise Conflict(_("Somebody else changed this after you opened it."), code="moved-on")
    if step is None:
        raise DomainError(_("This step is not possible now."), code="no-such-step")
    if not _may(step, actor, held):
        raise DomainError(_("You are not permitted to take this step."), code="not-yours")
    setattr(held, field.attname, target)
    for name, value in changes.items():
        setattr(held, name, value)
    touched = {field.name, *changes}
    try:
        held.clean_fields(exclude={f.name for f in held._meta.concrete_fields if _stays_unjudged(f, held, touched)})
        _validate_constraints(held, touched)
    except ValidationError as error:
        raise DomainError(" ".join(str(message) for message in error.messages), code="invalid") from None
    held.save(update_fields=sorted(touched))
    audit_record(
        actor=actor,
        action=f"{held._meta.label_lower}.{target}",
        about=held,
        fields=touched,
        note=note,
        from_state=current,
        to_state=target,
    )
    setattr(instance, field.attname, target)
    for name, value in changes.items():
        setattr(instance, name, value)
    return held
