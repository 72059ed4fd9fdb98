"""The import of duties from Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.form_fields import DayFormField
from portal.core.roles import ADMINISTRATORS, Role
from portal.core.text import clean_code, clean_line, mask_identity, mask_phone
from portal.exchange.registers import Column, Fault, Kind, Register, Row
from portal.members.choices import IdentityKind
from portal.members.models import Appointment, Duty, Member
from portal.members.rules import can_end_duty, may_give
from portal.members.selectors import appointment_seconds, needs_second
from portal.members.services.appointments import NO_SECOND, appointment_withdraw, appointments_end, duty_give
from portal.members.services.duties import duty_end
from portal.members.services.people import identity_index_of, phone_index_of
from portal.organizations.models import Organization

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from datetime import date

    from portal.exchange.models import ImportRun


class AppointmentRowForm(forms.Form):
    person = forms.CharField(max_length=60)
    role = forms.ChoiceField(choices=[(role.value, role.label) for role in Role if role not in ADMINISTRATORS])
    organization = forms.CharField(max_length=100)
    valid_from = DayFormField(span=VALIDITY)
    valid_until = DayFormField(span=VALIDITY, required=False)


def _mask_person(text: str) -> str:
    code = clean_code(text)
    return mask_identity(code) if len(code) > 11 else mask_phone(code)


class AppointmentRegister(Register):
    """Register of duties for people on rosters, each identified by identity number or mobile number."""

    code = "members.appointments"
    title = _("Duties")
    description = _(
        "Each line gives a person, a role, an organisation and the first and last day. "
        "People are identified by identity number or mobile number."
    )
    area = Area.MEMBERS
    capability = Capability.APPOINT
    form_class = AppointmentRowForm
    rows_limit = 2000
    columns = (
        Column(
            "person",
            _("Identity or mobile number"),
            aliases=("身份证号", "手机号码", "身份证号或手机号"),
            help=_("As on the roster; keep the column formatted as text."),
            kind=Kind.CODE,
            mask=_mask_person,
            width=24,
        ),
        Column(
            "role",
            _("Role"),
            aliases=("职务", "角色"),
            choices=tuple((role.value, role.label) for role in Role if role not in ADMINISTRATORS),
            mask=None,
        ),
        Column(
            "organization",
            _("Organisation"),
            aliases=("单位名称", "工会名称"),
            help=_("The name as it is in the portal."),
            mask=None,
            width=34,
        ),
        Column("valid_from", _("From"), kind=Kind.DATE, aliases=("任职日期",), mask=None),
        Column(
            "valid_until", _("Until (not included)"), kind=Kind.DATE, required=False, aliases=("到期日期",), mask=None
        ),
    )

    def prepare(self, *, actor: Member, organization: Organization, rows: list[Row]) -> dict[str, Any]:
        wanted = {clean_line(row.data["organization"]) for row in rows if row.data.get("organization")}
        places: dict[str, Organization] = {}
        twice: set[str] = set()
        for place in (
            Organization.objects.reached_by(actor, Capability.VIEW)
            .under(organization)
            .filter(closed_on=None, name__in=wanted)
        ):
            if place.name in places:
                twice.add(place.name)
            places[place.name] = place
        codes = {clean_code(row.data["person"]) for row in rows if row.data.get("person")}
        identities = {identity_index_of(IdentityKind.RESIDENT, code): code for code in codes}
        phones = {phone_index_of(code): code for code in codes}
        people: dict[str, dict[int, Member]] = {}
        seen = Member.objects.visible_to(actor).filter(is_active=True)
        for member in seen.filter(Q(identity_index__in=identities) | Q(phone_index__in=phones)):
            for code in (identities.get(member.identity_index or ""), phones.get(member.phone_index)):
                if code:
                    people.setdefault(code, {})[member.pk] = member
        found = {pk for by_pk in people.values() for pk in by_pk}
        held: dict[tuple[int, int, str], list[Duty]] = {}
        for duty in Duty.objects.filter(member_id__in=found):
            held.setdefault((duty.member_id, duty.organization_id, duty.role), []).append(duty)
        waiting = set(
            Appointment.objects.waiting()
            .filter(member_id__in=found)
            .values_list("member_id", "organization_id", "role")
        )
        return {"actor": actor, "places": places, "twice": twice, "people": people, "held": held, "waiting": waiting}

    def check(self, *, context: Mapping[str, Any], rows: list[Row]) -> Iterator[Fault]:
        seen: dict[tuple[int, int, str], int] = {}
        for row in rows:
            member = yield from self._check_person(row, context)
            place = yield from self._check_place(row, context)
            role, first, last = (row.data.get(name) for name in ("role", "valid_from", "valid_until"))
            if first and last and last <= first:
                yield row.wrong("valid_until", _("A duty must end after it begins."))
            if not (member and place and role):
                continue
            if not may_give(context["actor"], role, place):
                yield row.wrong(
                    "role",
                    _("You can grant only the permissions that you hold yourself, and only within your own scope."),
                    _("Ask the level above to grant it."),
                )
            key = (member.pk, place.pk, role)
            if key in seen:
                yield row.wrong(
                    "person",
                    _("The same duty is in line %(line)s.") % {"line": seen[key]},
                    _("Keep only one of the two lines."),
                )
            seen.setdefault(key, row.line)
            if any(_overlap(duty, first, last) for duty in context["held"].get(key, ())):
                yield row.known("person", _("This person already holds this role here."))
            elif key in context["waiting"]:
                yield row.known("person", _("This appointment is already waiting for a second person."))
            else:
                yield from self._check_second(row, member, role, place, context)

    def _check_second(
        self, row: Row, member: Member, role: str, place: Organization, context: Mapping[str, Any]
    ) -> Iterator[Fault]:
        why = needs_second(context["actor"], member, role, place)
        if not why:
            return
        proposed = Appointment(member=member, organization=place, role=role, proposed_by=context["actor"])
        if appointment_seconds(proposed) is None:
            yield row.wrong("person", NO_SECOND)
        else:
            yield row.doubtful(
                "person",
                _("A second person must approve this duty."),
                f"{why} {_('The line becomes an appointment that waits.')}",
            )

    def _check_person(self, row: Row, context: Mapping[str, Any]) -> Generator[Fault, None, Member | None]:
        code = clean_code(row.data.get("person") or "")
        if not code:
            return None
        found: list[Member] = list(context["people"].get(code, {}).values())
        if not found:
            yield row.wrong(
                "person",
                _("No person with this number is on a roster within your scope."),
                _("Compare it with the roster, or put the person on the roster first."),
            )
        elif len(found) > 1:
            yield row.wrong("person", _("Several people have this mobile number."), _("Use the identity number."))
        elif found[0].pk == context["actor"].pk:
            yield row.wrong("person", _("You cannot appoint yourself."))
        else:
            return found[0]
        return None

    def _check_place(self, row: Row, context: Mapping[str, Any]) -> Generator[Fault, None, Organization | None]:
        name = clean_line(row.data.get("organization") or "")
        if not name:
            return None
        if name in context["twice"]:
            yield row.wrong(
                "organization",
                _("Two units have this name."),
                _("Import the list at the organisation directly above the right one."),
            )
        elif name not in context["places"]:
            yield row.wrong(
                "organization",
                _("There is no unit with this name in your scope."),
                _("Copy the name from the list of organisations, or add the unit first."),
            )
        else:
            place: Organization = context["places"][name]
            return place
        return None

    def write(
        self, *, actor: Member, organization: Organization, rows: list[Row], context: Mapping[str, Any], run: ImportRun
    ) -> list[int]:
        """Give the duties of the rows and return their pks.

        A row that needs a second person becomes an appointment, returned as its negative pk.
        """
        given = [
            duty_give(
                actor=actor,
                member=next(iter(context["people"][clean_code(row.data["person"])].values())),
                organization=context["places"][clean_line(row.data["organization"])],
                role=row.data["role"],
                valid_from=row.data["valid_from"],
                valid_until=row.data["valid_until"],
            )
            for row in sorted(rows, key=lambda row: clean_code(row.data["person"]))
        ]
        return [row.pk if isinstance(row, Duty) else -row.pk for row in given]

    def take_back(self, *, run: ImportRun, actor: Member) -> int:
        """Undo the import: end its duties, and withdraw the waiting appointments.

        DomainError when a holder of one of the duties has signed in since. A duty that has not begun is deleted; one
        that has begun ends today and stays in the lists.
        """
        appointments = Appointment.objects.filter(pk__in=[-pk for pk in run.row_ids if pk < 0])
        approved = appointments.filter(duty__isnull=False).values("duty")
        duties = Duty.objects.filter(Q(pk__in=[pk for pk in run.row_ids if pk > 0]) | Q(pk__in=approved))
        if duties.filter(member__last_login__gte=F("created_at")).exists():
            raise DomainError(
                _("Somebody on this list has signed in since the import. End the duties one by one instead."),
                code="in-use",
            )
        count = 0
        for appointment in appointments.waiting().filter(proposed_by=actor).order_by("pk"):
            appointment_withdraw(appointment=appointment, actor=actor)
            count += 1
        count += appointments_end(appointments)
        for duty in duties.not_over().select_related("organization").order_by("member_id", "pk"):
            if not can_end_duty(actor, duty):
                raise DomainError(
                    _(
                        "You are not permitted to end one of the duties on this list. End the others "
                        "one by one instead."
                    ),
                    code="not-yours",
                )
            duty_end(actor=actor, duty=duty, on=max(timezone.localdate(), duty.valid_from))
            count += 1
        return count

    def rows_url(self, run: ImportRun) -> str:
        return reverse("members:duty-list")


def _overlap(duty: Duty, first: date | None, last: date | None) -> bool:
    return (duty.valid_until is None or first is None or duty.valid_until > first) and (
        last is None or duty.valid_from < last
    )
