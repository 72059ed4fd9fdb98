"""Import of head counts and women's committees from Excel.

A row names its organisation by name or social credit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.choices import Area
from portal.core.form_fields import DayFormField
from portal.core.text import clean_code, clean_line
from portal.exchange.registers import Column, Fault, Kind, Register, Row
from portal.organizations.choices import CommitteeKind
from portal.organizations.models import HeadCount, Organization, WomenCommittee
from portal.organizations.services.facts import (
    COUNTS,
    committee_build,
    committees_bulk_create,
    committees_take_back,
    head_counts_bulk_create,
    head_counts_take_back,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
    from datetime import date

    from portal.exchange.models import ImportRun
    from portal.members.models import Member

NAME = Column(
    "name",
    _("Organisation"),
    aliases=("工会名称", "组织名称", "单位名称"),
    required=False,
    help=_("The organisation's name, or its social credit code in the next column."),
    sample="示例区示例街道总工会",
    mask=None,
    width=34,
)
CODE = Column(
    "uscc",
    _("Social credit code"),
    aliases=("统一社会信用代码",),
    required=False,
    kind=Kind.CODE,
    mask=None,
    width=24,
)


class UnitRowForm(forms.Form):
    name = forms.CharField(max_length=100, required=False)
    uscc = forms.CharField(max_length=40, required=False)


class HeadCountRowForm(UnitRowForm):
    on = DayFormField(span=VALIDITY)
    workers = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    women_workers = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    members = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    women_members = forms.IntegerField(min_value=0, max_value=2_000_000_000)


class CommitteeRowForm(UnitRowForm):
    kind = forms.ChoiceField(choices=CommitteeKind.choices)
    founded_on = DayFormField(span=VALIDITY, required=False)
    term_from = DayFormField(span=VALIDITY)
    term_years = forms.IntegerField(min_value=1, max_value=10, required=False)
    chair_post = forms.CharField(max_length=60, required=False)


class UnitRegister(Register):
    """Base of registers whose rows are about the organisation of the import or ones below it."""

    area = Area.ORGANIZATIONS
    day = ""

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        names = {clean_line(row.data["name"]) for row in rows if row.data.get("name")}
        codes = {clean_code(row.data["uscc"]) for row in rows if row.data.get("uscc")}
        units = Organization.objects.visible_to(actor).under(organization).filter(closed_on=None)
        by_name: dict[str, list[Organization]] = {}
        by_code: dict[str, Organization] = {}
        for unit in units.filter(name__in=names):
            by_name.setdefault(unit.name, []).append(unit)
        for unit in units.filter(uscc__in=codes):
            by_code[unit.uscc] = unit
        found = {unit.pk for same in by_name.values() for unit in same} | {unit.pk for unit in by_code.values()}
        context = {"by_name": by_name, "by_code": by_code, "today": timezone.localdate()}
        return {**context, "known": self.known(found)}

    def known(self, units: Collection[int]) -> Any:
        """Return what is on record about ``units`` (ids), read in one query."""
        raise NotImplementedError

    @staticmethod
    def unit_of(row: Row, context: Mapping[str, Any]) -> Organization | None:
        """Return the organisation that a row names, or None."""
        code = clean_code(row.data.get("uscc") or "")
        if code:
            found: Organization | None = context["by_code"].get(code)
            return found
        same: list[Organization] = context["by_name"].get(clean_line(row.data.get("name") or ""), [])
        return same[0] if len(same) == 1 else None

    def check(self, *, context: Mapping[str, Any], rows: list[Row]) -> Iterator[Fault]:
        seen: dict[Hashable, int] = {}
        for row in rows:
            unit, day = self.unit_of(row, context), row.data.get(self.day)
            if unit is None:
                yield self.missing(row, context)
            if day and day > context["today"]:
                yield row.wrong(self.day, _("This day is in the future."))
            if unit is None or day is None:
                continue
            if self.key(unit, day) in seen:
                yield row.wrong(
                    "name",
                    _("The same organisation appears in line %(line)s.") % {"line": seen[self.key(unit, day)]},
                    _("Keep only one of the two lines."),
                )
            seen.setdefault(self.key(unit, day), row.line)
            yield from self.judge(row, unit, day, context)

    @staticmethod
    def missing(row: Row, context: Mapping[str, Any]) -> Fault:
        if row.data.get("uscc"):
            return row.wrong("uscc", _("No open organisation in your scope has this code."))
        if len(context["by_name"].get(clean_line(row.data.get("name") or ""), [])) > 1:
            return row.wrong("name", _("Two organisations have this name."), _("Enter the social credit code."))
        return row.wrong(
            "name",
            _("No open organisation in your scope has this name."),
            _("Copy the name from the list of organisations, or enter the social credit code."),
        )

    def key(self, unit: Organization, day: date) -> Hashable:
        """Return the key that must be unique in a file."""
        return unit.pk

    def judge(self, row: Row, unit: Organization, day: date, context: Mapping[str, Any]) -> Iterable[Fault]:
        """Yield the faults of a row whose organisation is known."""
        return ()


class HeadCountRegister(UnitRegister):
    """Counts of workers and members on a day; a day that is already on record is skipped."""

    code = "organizations.head-counts"
    title = _("Head counts")
    description = _("Workers, members and the women among them, for each organisation on a given day.")
    form_class = HeadCountRowForm
    day = "on"
    columns = (
        NAME,
        CODE,
        Column("on", _("As of"), aliases=("统计日期", "截止日期"), kind=Kind.DATE, mask=None),
        Column("workers", _("Workers"), aliases=("职工数",), kind=Kind.NUMBER, mask=None),
        Column("women_workers", _("Women workers"), aliases=("女职工数",), kind=Kind.NUMBER, mask=None),
        Column("members", _("Union members"), aliases=("会员数",), kind=Kind.NUMBER, mask=None),
        Column("women_members", _("Women members"), aliases=("女会员数",), kind=Kind.NUMBER, mask=None),
    )

    def known(self, units: Collection[int]) -> set[tuple[int, date]]:
        return set(HeadCount.objects.filter(organization__in=units).values_list("organization_id", "on"))

    def key(self, unit: Organization, day: date) -> Hashable:
        return unit.pk, day

    def judge(self, row: Row, unit: Organization, day: date, context: Mapping[str, Any]) -> Iterator[Fault]:
        if (unit.pk, day) in context["known"]:
            yield row.known("on", _("Counts for this day are already recorded."))
        for women, everybody in (("women_workers", "workers"), ("women_members", "members")):
            some, whole = row.data.get(women), row.data.get(everybody)
            if some is not None and whole is not None and some > whole:
                yield row.wrong(women, _("There cannot be more women than people."))

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Mapping[str, Any], run: ImportRun
    ) -> list[int]:
        built = [
            HeadCount(
                organization=self.unit_of(row, context),
                on=row.data["on"],
                **{name: row.data[name] for name in COUNTS},
            )
            for row in rows
        ]
        return [row.pk for row in head_counts_bulk_create(rows=built)]

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        return head_counts_take_back(ids=run.row_ids)


class CommitteeRegister(UnitRegister):
    """Terms of women's committees and commissioners; the term before each ends on the day it begins."""

    code = "organizations.committees"
    title = _("Women's committees")
    description = _("Committees and commissioners with their terms; chairs are entered on the organisation's page.")
    form_class = CommitteeRowForm
    day = "term_from"
    columns = (
        NAME,
        CODE,
        Column("kind", _("Kind"), choices=tuple(CommitteeKind.choices), mask=None),
        Column("founded_on", _("First founded on"), required=False, kind=Kind.DATE, mask=None),
        Column("term_from", _("This term begins"), aliases=("换届日期", "成立日期"), kind=Kind.DATE, mask=None),
        Column("term_years", _("Years of a term"), required=False, kind=Kind.NUMBER, mask=None),
        Column("chair_post", _("Other position of the chair"), required=False, mask=None),
    )

    def known(self, units: Collection[int]) -> dict[int, WomenCommittee]:
        terms = {}
        for row in WomenCommittee.objects.filter(organization__in=units).order_by("term_from"):
            terms[row.organization_id] = row
        return terms

    def judge(self, row: Row, unit: Organization, day: date, context: Mapping[str, Any]) -> Iterator[Fault]:
        last = context["known"].get(unit.pk)
        founded = row.data.get("founded_on")
        if founded and founded > day:
            yield row.wrong("founded_on", _("The founding date must not be later than the day this term begins."))
        if last is None or last.term_from < day:
            return
        if last.term_from == day and last.kind == row.data.get("kind"):
            yield row.known("term_from", _("This term is already recorded."))
        else:
            yield row.wrong("term_from", _("A term that begins on or after that day is already recorded."))

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Mapping[str, Any], run: ImportRun
    ) -> list[int]:
        names = ("kind", "founded_on", "term_from", "term_years")
        built = [
            committee_build(
                organization=self.unit_of(row, context),  # type: ignore[arg-type]  # a sound row names one
                chair_post=clean_line(row.data["chair_post"]),
                **{name: row.data[name] for name in names},
            )
            for row in rows
        ]
        return [row.pk for row in committees_bulk_create(rows=built)]

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        return committees_take_back(ids=run.row_ids)
