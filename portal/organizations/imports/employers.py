"""Import of employers from Excel: name, social credit code, region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area
from portal.core.errors import DomainError
from portal.core.text import clean_line
from portal.exchange.registers import Column, Fault, Kind, Register, Row, doubles
from portal.organizations.imports.organizations import UsccField
from portal.organizations.models import Employer, Organization
from portal.organizations.selectors import own_regions
from portal.organizations.services.employers import employer_build, employers_bulk_create

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.exchange.models import ImportRun
    from portal.members.models import Member


class EmployerRowForm(forms.Form):
    name = forms.CharField(max_length=100, min_length=2)
    uscc = UsccField(max_length=40, required=False)
    region = forms.CharField(max_length=6, required=False)


class EmployerRegister(Register):
    """Employers that the organisation of the import registers.

    An employer is skipped when its code is registered already or, without a code, its name.
    """

    code = "organizations.employers"
    title = _("Register of employers")
    description = _("Companies and institutions with their social credit code and region.")
    area = Area.ORGANIZATIONS
    form_class = EmployerRowForm
    columns = (
        Column(
            "name",
            _("Name"),
            aliases=("用人单位", "用人单位名称", "企业名称", "单位名称"),
            sample="示例纺织有限公司",
            mask=None,
            width=34,
        ),
        Column(
            "uscc",
            _("Social credit code"),
            aliases=("统一社会信用代码",),
            required=False,
            help=_("Without it, employers are distinguished by name only."),
            kind=Kind.CODE,
            mask=None,
            width=24,
        ),
        Column("region", _("Region code"), required=False, kind=Kind.CODE, mask=None),
    )

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        codes = {row.data["uscc"] for row in rows if row.data.get("uscc")}
        names = {clean_line(row.data["name"]) for row in rows if row.data.get("name")}
        return {
            "codes": set(Employer.objects.filter(uscc__in=codes).values_list("uscc", flat=True)),
            "names": set(
                Employer.objects.visible_to(actor).filter(name__in=names, uscc="").values_list("name", flat=True)
            ),
            "regions": set(own_regions().values_list("code", flat=True)),
        }

    def check(self, *, context: Mapping[str, Any], rows: list[Row]) -> Iterator[Fault]:
        yield from doubles(rows, "uscc")
        first: dict[str, int] = {}
        for row in rows:
            name, code = clean_line(row.data.get("name") or ""), row.data.get("uscc")
            if row.data.get("region") and row.data["region"] not in context["regions"]:
                yield row.wrong(
                    "region", _("There is no region with this code."), _("Six digits; leave it empty if unsure.")
                )
            if code and code in context["codes"]:
                yield row.known("uscc", _("An employer with this social credit code is already registered."))
            if not name or code:
                continue
            if name in context["names"]:
                yield row.known("name", _("An employer with this name is already registered."))
            if name in first:
                yield row.wrong(
                    "name",
                    _("The same employer appears in line %(line)s.") % {"line": first[name]},
                    _("Keep one of the two lines, or enter the codes of both."),
                )
            first.setdefault(name, row.line)

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Mapping[str, Any], run: ImportRun
    ) -> list[int]:
        built = [
            employer_build(
                organization=organization,
                name=clean_line(row.data["name"]),
                uscc=row.data["uscc"],
                region_id=row.data["region"] or None,
            )
            for row in rows
        ]
        return [row.pk for row in employers_bulk_create(rows=built)]

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        try:
            return Employer.objects.filter(pk__in=run.row_ids).delete()[0]
        except ProtectedError:
            raise DomainError(
                _("An organisation already refers to an employer in this list: the import cannot be withdrawn."),
                code="in-use",
            ) from None
