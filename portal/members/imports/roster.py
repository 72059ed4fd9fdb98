"""The import of the roster from Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Sex
from portal.core.errors import DomainError
from portal.core.text import clean_line, mask_identity, mask_name, mask_phone
from portal.exchange.registers import Column, Fault, Kind, Register, Row, doubles
from portal.members.choices import IdentityKind, MaritalStatus
from portal.members.identity import DEMO_AREA, Identity, read_identity, read_phone
from portal.members.models import Duty, Member
from portal.members.services.people import (
    TAKEN,
    identity_index_of,
    members_build,
    phone_index_of,
    phones_hold,
    phones_taken,
)
from portal.organizations.models import Organization, Region

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.exchange.models import ImportRun


class IdentityField(forms.CharField):
    """A form field for an identity number, read and checked; its value is an Identity."""

    def clean(self, value: str | None) -> Identity | None:
        value = super().clean(value)
        if not value:
            return None
        try:
            return read_identity(value, today=timezone.localdate(), demo=settings.ALLOW_DEMO_PEOPLE)
        except DomainError as error:
            raise forms.ValidationError(str(error.message), code=error.code) from None


class PhoneField(forms.CharField):
    """A form field for a mobile number; its value is eleven digits."""

    def clean(self, value: str | None) -> str:
        value = super().clean(value)
        if not value:
            return ""
        try:
            return read_phone(value, demo=settings.ALLOW_DEMO_PEOPLE)
        except DomainError as error:
            raise forms.ValidationError(str(error.message), code=error.code) from None


class RosterRowForm(forms.Form):
    unit = forms.CharField(max_length=100)
    name = forms.CharField(max_length=60, min_length=2)
    sex = forms.ChoiceField(choices=Sex.choices)
    identity_number = IdentityField(max_length=60)
    phone = PhoneField(max_length=40)
    marital_status = forms.ChoiceField(choices=MaritalStatus.choices, required=False)


class RosterRegister(Register):
    """Register of people of many units in one file.

    Units are found by name below the organisation of the import.
    """

    code = "members.roster"
    title = _("Roster")
    description = _("People with their unit, identity number and mobile number.")
    area = Area.MEMBERS
    form_class = RosterRowForm
    columns = (
        Column(
            "unit",
            _("Unit"),
            aliases=("工作单位", "单位名称", "基层工会"),
            help=_("The unit's name as registered in the portal."),
            mask=None,
            width=34,
        ),
        Column("name", _("Full name"), aliases=("姓名", "名称"), sample="示例王", mask=mask_name),
        Column("sex", _("Sex"), choices=tuple(Sex.choices), mask=None, width=8),
        Column(
            "identity_number",
            _("Identity number"),
            aliases=("身份证号", "身份证号码", "公民身份号码"),
            help=_("18 characters; keep the column formatted as text."),
            kind=Kind.CODE,
            mask=mask_identity,
            width=24,
        ),
        Column(
            "phone",
            _("Mobile number"),
            aliases=("手机号码", "手机", "联系电话"),
            help=_("Eleven digits; the person's own number, one number per person."),
            kind=Kind.CODE,
            mask=mask_phone,
            width=16,
        ),
        Column(
            "marital_status",
            _("Marital status"),
            aliases=("婚姻状况",),
            required=False,
            choices=tuple(MaritalStatus.choices),
            mask=None,
        ),
    )

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        units: dict[str, Organization] = {}
        twice: set[str] = set()
        wanted = {clean_line(row.data["unit"]) for row in rows if row.data.get("unit")}
        found = Organization.objects.visible_to(actor).under(organization).filter(closed_on=None, name__in=wanted)
        for unit in found:
            if unit.name in units:
                twice.add(unit.name)
            units[unit.name] = unit
        identities = {
            identity_index_of(IdentityKind.RESIDENT, row.data["identity_number"].number)
            for row in rows
            if row.data.get("identity_number")
        }
        phones = {row.data["phone"] for row in rows if row.data.get("phone")}
        return {
            "units": units,
            "twice": twice,
            "identities": dict(
                Member.objects.filter(identity_index__in=identities).values_list("identity_index", "organization_id")
            ),
            "phones": phones_taken(phones),
            "areas": set(Region.objects.values_list("code", flat=True)),
        }

    def check(self, *, context: Mapping[str, Any], rows: list[Row]) -> Iterator[Fault]:
        yield from doubles(rows, "phone", reason=_("This mobile number also appears in another line."))
        first: dict[str, int] = {}
        for row in rows:
            yield from self._check_unit(row, context)
            identity = row.data.get("identity_number")
            if identity:
                if identity.number in first:
                    yield row.wrong(
                        "identity_number",
                        _("The same identity number is in line %(line)s.") % {"line": first[identity.number]},
                        _("Keep only one of the two lines."),
                    )
                first.setdefault(identity.number, row.line)
                yield from self._check_person(row, identity, context)

    def _check_unit(self, row: Row, context: Mapping[str, Any]) -> Iterator[Fault]:
        name = row.data.get("unit")
        if not name:
            return
        name = clean_line(name)
        if name in context["twice"]:
            yield row.wrong(
                "unit",
                _("Two units have this name."),
                _("Import the list at the organisation directly above the right one."),
            )
        elif name not in context["units"]:
            yield row.wrong(
                "unit",
                _("There is no unit with this name in your scope."),
                _("Copy the name from the list of organisations, or add the unit first."),
            )

    def _check_person(self, row: Row, identity: Identity, context: Mapping[str, Any]) -> Iterator[Fault]:
        if row.data.get("sex") and row.data["sex"] != identity.sex:
            yield row.wrong("sex", _("The sex does not match the identity number."), _("Compare both with the card."))
        if identity.area not in context["areas"] and identity.area != DEMO_AREA:
            yield row.doubtful(
                "identity_number",
                _("The area code of this number is not in our list of regions."),
                _("Older cards keep older codes: compare with the card, then continue."),
            )
        index = identity_index_of(IdentityKind.RESIDENT, identity.number)
        unit = context["units"].get(clean_line(row.data.get("unit") or ""))
        if index in context["identities"]:
            if unit is not None and context["identities"][index] == unit.pk:
                yield row.known("identity_number", _("This person is already on the roster of this unit."))
            else:
                yield row.wrong(
                    "identity_number",
                    _("This person is registered in another unit."),
                    _("Ask for a transfer under “Transfers” instead of adding the person again."),
                )
        elif row.data.get("phone") and phone_index_of(row.data["phone"]) in context["phones"]:
            yield row.wrong("phone", TAKEN)

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Mapping[str, Any], run: ImportRun
    ) -> list[int]:
        """Create the members; if somebody else has meanwhile saved one of the phone numbers, the import stops."""
        phones = {row.data["phone"] for row in rows}
        phones_hold(phones)
        if phones_taken(phones):
            raise DomainError(TAKEN, code="phone-taken")
        people = members_build(
            rows=[
                {
                    "organization": context["units"][clean_line(row.data["unit"])],
                    "name": clean_line(row.data["name"]),
                    "sex": row.data["sex"],
                    "identity_kind": IdentityKind.RESIDENT,
                    "identity_number": row.data["identity_number"].number,
                    "birth_date": row.data["identity_number"].birth_date,
                    "phone": row.data["phone"],
                    "marital_status": row.data["marital_status"],
                    "entered_by": actor,
                }
                for row in rows
            ]
        )
        return [member.pk for member in Member.objects.bulk_create(people, batch_size=1000)]

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        people = Member.objects.filter(pk__in=run.row_ids)
        in_use = people.exclude(activated_at=None).exists() or Duty.objects.filter(member__in=people).exists()
        try:
            if in_use:
                raise ProtectedError("", set())
            return people.delete()[1].get("members.Member", 0)
        except ProtectedError:
            raise DomainError(
                _(
                    "Somebody on this list has signed in or taken part in something, so the import "
                    "cannot be undone as a whole."
                ),
                code="in-use",
            ) from None

    def rows_url(self, run: ImportRun) -> str:
        return ""
