"""Declaration of registers that can be imported from Excel.

An app declares its registers in ``imports.py``, in the list ``REGISTERS``; nothing else is needed::

    class RosterRowForm(forms.Form):                  # validates one row, without the database
        name = forms.CharField(max_length=50)
        identity_number = forms.CharField(max_length=18, required=False, validators=[...])
        birth_date = DayFormField(span=PAST, required=False)
        sex = forms.ChoiceField(choices=Sex.choices)

    class RosterRegister(Register):
        code = "members.roster"
        title = _("Roster")
        area = Area.MEMBERS
        form_class = RosterRowForm
        columns = (
            Column("name", _("Name"), sample="张三", mask=mask_name),
            Column("identity_number", _("Identity number"), kind=Kind.CODE, required=False, mask=mask_identity),
            Column("birth_date", _("Date of birth"), kind=Kind.DATE, required=False),
            Column("sex", _("Sex"), choices=Sex.choices, mask=None),
        )

        def prepare(self, *, actor, organization, rows):
            known = set(Member.objects.filter(...one query for all rows...).values_list("identity_index", flat=True))
            return {"known": known}

        def check(self, *, context, rows):
            yield from doubles(rows, "identity_number")
            for row in rows:
                if row.data["identity_number"] in context["known"]:
                    yield row.known("identity_number", _("This person is on the roster already."))

        def write(self, *, actor, organization, rows, context, run):
            members = Member.objects.bulk_create([...])
            return [member.pk for member in members]

        def take_back(self, *, run, actor):
            members = Member.objects.filter(pk__in=run.row_ids)
            if ...any of them is in use...:
                raise DomainError(_("..."))
            return members.delete()[0]

    REGISTERS = [RosterRegister]

``check`` receives every row of the file. ``row.data`` has a key for every column: the value that the form made of the
cell, the form's empty value for an empty cell, and None for a cell with a fault. ``write`` receives valid rows only,
without those that ``check`` reported as known; it runs inside the transaction of the import, after the organisation has
been locked and ``prepare`` and ``check`` have run a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.discovery import declared
from portal.core.text import mask_any

if TYPE_CHECKING:
    from types import ModuleType

    from django import forms

    from portal.exchange.models import ImportRun
    from portal.members.models import Member
    from portal.organizations.models import Organization


class Kind(models.TextChoices):
    """How the cells of a column are read."""

    TEXT = "text", _("Text")
    CODE = "code", _("Number or code, kept as text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")


class FaultLevel(models.TextChoices):
    """A fault stops the import, a warning is only listed, a known row is left out."""

    FAULT = "fault", _("Error")
    WARNING = "warning", _("Warning")
    KNOWN = "known", _("Already there")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register.

    It is found in the file by its label in either language, by an alias or by its name. ``choices`` are (value, label)
    pairs: the file may hold the label in either language or the value; the form receives the value. ``mask`` hides the
    value in the list of wrong cells; None shows it.
    """

    name: str
    label: str | Promise
    required: bool = True
    help: str | Promise = ""
    sample: object = ""
    kind: str = Kind.TEXT
    choices: Sequence[tuple[object, str | Promise]] = ()
    aliases: tuple[str, ...] = ()
    mask: Callable[[str], str] | None = mask_any
    width: int = 18


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding about one cell, or about a whole row if ``column`` is empty.

    ``value`` is masked before it is stored.
    """

    line: int
    column: str = ""
    value: str = ""
    reason: str | Promise = ""
    advice: str | Promise = ""
    level: FaultLevel = FaultLevel.FAULT


@dataclass(slots=True)
class Row:
    """A row of the file: its line number, its cells as text, and the data that the form made of them."""

    line: int
    values: dict[str, str | date]
    data: dict[str, Any] = field(default_factory=dict)

    def _about(self, column: str, reason: str | Promise, advice: str | Promise, level: FaultLevel) -> Fault:
        return Fault(self.line, column, str(self.values.get(column, "")), reason, advice, level)

    def wrong(self, column: str, reason: str | Promise, advice: str | Promise = "") -> Fault:
        """Return a fault of this row's cell in ``column`` ("" for the whole row)."""
        return self._about(column, reason, advice, FaultLevel.FAULT)

    def doubtful(self, column: str, reason: str | Promise, advice: str | Promise = "") -> Fault:
        """Return a warning about this row's cell; it is listed and does not stop the import."""
        return self._about(column, reason, advice, FaultLevel.WARNING)

    def known(self, column: str, reason: str | Promise, advice: str | Promise = "") -> Fault:
        """Return a finding that this row exists already; the import leaves it out."""
        return self._about(column, reason, advice, FaultLevel.KNOWN)


class Register:
    """A list that can be imported from Excel: its columns, row form, checks and writing."""

    code: str = ""
    title: str | Promise = ""
    description: str | Promise = ""
    area: Area = Area.MEMBERS
    capability: Capability = Capability.EDIT
    columns: tuple[Column, ...] = ()
    form_class: type[forms.Form]
    rows_limit: int = 20_000

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> Any:
        """Return what ``check`` and ``write`` need to know, queried for all rows at once."""
        return None

    def check(self, *, context: Any, rows: list[Row]) -> Iterable[Fault]:
        """Yield faults of references and duplicates; queries belong in ``prepare``."""
        return ()

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Any, run: ImportRun
    ) -> list[int]:
        """Write all rows in bulk inside the transaction of the import and return the ids of the new ones."""
        raise NotImplementedError

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        """Delete the rows of ``run`` and return their number; DomainError while one of them is in use."""
        raise NotImplementedError

    def rows_url(self, run: ImportRun) -> str:
        """Return the address of the page that shows the rows of ``run``; empty if there is none."""
        return ""


def doubles(
    rows: list[Row], column: str, *, reason: str | Promise | None = None, advice: str | Promise | None = None
) -> Iterator[Fault]:
    """Yield a fault for each row whose value in ``column`` appears in an earlier row too.

    Empty cells are not duplicates.
    """
    first: dict[Any, int] = {}
    for row in rows:
        value = row.data.get(column)
        if value in (None, ""):
            continue
        if value in first:
            yield row.wrong(
                column,
                reason or _("The same value appears in line %(line)s.") % {"line": first[value]},
                advice or _("Keep only one of the two lines."),
            )
        else:
            first[value] = row.line


def registers() -> dict[str, Register]:
    """Return all declared registers by code."""
    return _registers(declared("imports"))


@lru_cache
def _registers(modules: tuple[ModuleType, ...]) -> dict[str, Register]:
    found = {}
    for module in modules:
        for register in getattr(module, "REGISTERS", ()):
            instance = register() if isinstance(register, type) else register
            if instance.code in found:
                raise ValueError(f"two registers are called {instance.code}")
            found[instance.code] = instance
    return found
