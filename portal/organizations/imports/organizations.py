"""Import of organisations from Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_number

from portal.core.bounds import VALIDITY
from portal.core.choices import Area, Level
from portal.core.errors import DomainError
from portal.core.fields import reserve_pks
from portal.core.form_fields import DayFormField
from portal.core.text import clean_code, clean_line
from portal.exchange.registers import Column, Fault, Kind, Register, Row, doubles
from portal.messaging.services.touching import EVERYTHING, touches_post
from portal.organizations.choices import LEVELS, EmploymentForm, Industry, OrganizationKind, Ownership
from portal.organizations.models import Organization
from portal.organizations.selectors import own_regions
from portal.organizations.services.organizations import EPOCH, organization_build, organizations_bulk_create

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.exchange.models import ImportRun
    from portal.members.models import Member

KINDS = [choice for choice in OrganizationKind.choices if choice[0] != OrganizationKind.PROVINCE]


class UsccField(forms.CharField):
    """A unified social credit code (GB 32100-2015) with its check digit."""

    def clean(self, value: str | None) -> str:
        value = clean_code(super().clean(value))
        if value and not uscc_number.is_valid(value):
            raise forms.ValidationError(
                _(
                    "This social credit code is not valid: it must have 18 characters, of which the "
                    "last is a check digit."
                ),
                code="uscc",
            )
        return value


class OrganizationRowForm(forms.Form):
    name = forms.CharField(max_length=100, min_length=2)
    kind = forms.ChoiceField(choices=KINDS)
    parent = forms.CharField(max_length=100, required=False)
    short_name = forms.CharField(max_length=30, required=False)
    region = forms.CharField(max_length=6, required=False)
    uscc = UsccField(max_length=40, required=False)
    employment_form = forms.ChoiceField(choices=EmploymentForm.choices, required=False)
    industry = forms.ChoiceField(choices=Industry.choices, required=False)
    ownership = forms.ChoiceField(choices=Ownership.choices, required=False)
    founded_on = DayFormField(span=VALIDITY, required=False)


class OrganizationRegister(Register):
    """Organisations below that of the import; a parent may also be in an earlier line of the file."""

    code = "organizations.register"
    title = _("Register of organisations")
    description = _("Unions with their kind and their parent organisation.")
    area = Area.ORGANIZATIONS
    form_class = OrganizationRowForm
    columns = (
        Column(
            "name",
            _("Name"),
            aliases=("工会名称", "组织名称", "单位名称"),
            sample="示例区示例街道总工会",
            mask=None,
            width=34,
        ),
        Column("kind", _("Kind"), choices=tuple(KINDS), mask=None),
        Column(
            "parent",
            _("Parent organisation"),
            aliases=("上级工会", "上级组织"),
            required=False,
            help=_("The name of the parent organisation; leave it empty for the organisation you import for."),
            mask=None,
            width=34,
        ),
        Column("short_name", _("Short name"), required=False, mask=None),
        Column("region", _("Region code"), required=False, kind=Kind.CODE, mask=None),
        Column(
            "uscc",
            _("Social credit code"),
            aliases=("统一社会信用代码",),
            required=False,
            kind=Kind.CODE,
            mask=None,
            width=24,
        ),
        Column(
            "employment_form",
            _("Form of employment"),
            required=False,
            choices=tuple(EmploymentForm.choices),
            mask=None,
        ),
        Column("industry", _("Industry"), required=False, choices=tuple(Industry.choices), mask=None),
        Column("ownership", _("Ownership"), required=False, choices=tuple(Ownership.choices), mask=None),
        Column("founded_on", _("Founded on"), required=False, kind=Kind.DATE, mask=None),
    )

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        names = {clean_line(row.data[key]) for row in rows for key in ("name", "parent") if row.data.get(key)}
        below = Organization.objects.visible_to(actor).under(organization).filter(closed_on=None)
        standing: dict[str, list[Organization]] = {}
        for unit in below.filter(name__in=names).select_related("parent"):
            standing.setdefault(unit.name, []).append(unit)
        codes = {row.data["uscc"] for row in rows if row.data.get("uscc")}
        return {
            "root": organization,
            "standing": standing,
            "regions": set(own_regions().values_list("code", flat=True)),
            "uscc": set(Organization.objects.filter(closed_on=None, uscc__in=codes).values_list("uscc", flat=True)),
        }

    def check(self, *, context: Mapping[str, Any], rows: list[Row]) -> Iterator[Fault]:
        yield from doubles(rows, "uscc")
        above: dict[str, Level] = {}
        taken: dict[tuple[str, str], int] = {}
        for row in rows:
            name = clean_line(row.data.get("name") or "")
            parent_name = clean_line(row.data.get("parent") or "")
            level, faults = self._parent(row, parent_name, above, context)
            yield from faults
            kind = row.data.get("kind")
            if kind and level and LEVELS[kind] <= level:
                yield row.wrong(
                    "kind",
                    _("Its level must be lower than the level of the parent organisation."),
                    _("Check the kind, or the organisation in the column “Parent organisation”."),
                )
            if row.data.get("region") and row.data["region"] not in context["regions"]:
                yield row.wrong(
                    "region", _("There is no region with this code."), _("Six digits; leave it empty if unsure.")
                )
            if row.data.get("uscc") and row.data["uscc"] in context["uscc"]:
                yield row.wrong("uscc", _("This social credit code belongs to another open organisation."))
            if name:
                yield from self._double(row, name, parent_name, taken, context)
                if kind:
                    above.setdefault(name, LEVELS[kind])

    def _parent(
        self, row: Row, parent_name: str, above: Mapping[str, Level], context: Mapping[str, Any]
    ) -> tuple[Level | None, list[Fault]]:
        if not parent_name or parent_name == context["root"].name:
            return context["root"].level, []
        if parent_name in above:
            return above[parent_name], []
        standing = context["standing"].get(parent_name, [])
        if len(standing) == 1:
            return standing[0].level, []
        if standing:
            return None, [
                row.wrong(
                    "parent",
                    _("Two organisations have this name."),
                    _("Import the list at the organisation directly above the right one."),
                )
            ]
        return None, [
            row.wrong(
                "parent",
                _("There is no organisation with this name in your scope or in a line above."),
                _("Copy the name from the list of organisations, or move the line of that organisation further up."),
            )
        ]

    def _double(
        self, row: Row, name: str, parent_name: str, taken: dict[tuple[str, str], int], context: Mapping[str, Any]
    ) -> Iterator[Fault]:
        key = (parent_name, name)
        if key in taken:
            yield row.wrong(
                "name",
                _("The same organisation appears in line %(line)s.") % {"line": taken[key]},
                _("Keep only one of the two lines."),
            )
        taken.setdefault(key, row.line)
        root = context["root"].name
        for unit in context["standing"].get(name, []):
            if unit.parent_id and (parent_name or root) == (unit.parent.name if unit.parent else ""):
                yield row.known("name", _("This organisation is already registered."))

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Mapping[str, Any], run: ImportRun
    ) -> list[int]:
        found = {organization.name: organization}
        for name, units in context["standing"].items():
            if len(units) == 1:
                found.setdefault(name, units[0])
        built = []
        for pk, row in zip(reserve_pks(Organization, len(rows)), rows, strict=True):
            data = row.data
            unit = organization_build(
                pk=pk,
                parent=found[clean_line(data["parent"])] if data["parent"] else organization,
                name=clean_line(data["name"]),
                kind=data["kind"],
                short_name=clean_line(data["short_name"]),
                region_id=data["region"] or None,
                uscc=data["uscc"],
                employment_form=data["employment_form"] or EmploymentForm.STANDARD,
                industry=data["industry"],
                ownership=data["ownership"],
                founded_on=data["founded_on"],
            )
            found.setdefault(unit.name, unit)
            built.append(unit)
        return [unit.pk for unit in organizations_bulk_create(rows=built)]

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        units = Organization.objects.filter(pk__in=run.row_ids)
        try:
            for unit in units.order_by("-path"):
                unit.delete()
        except ProtectedError:
            raise DomainError(
                _(
                    "People or other rows already belong to an organisation in this list: the import "
                    "cannot be withdrawn."
                ),
                code="in-use",
            ) from None
        touches_post([(EVERYTHING, pk, EPOCH) for pk in run.row_ids])
        return len(run.row_ids)

    def rows_url(self, run: ImportRun) -> str:
        return ""
