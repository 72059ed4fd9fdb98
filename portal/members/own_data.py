"""The data that the roster holds about a member, and who can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.audit.wording import action_words, field_words
from portal.core.choices import Area, Capability, Sex
from portal.core.own_data import Assigned, Seen, Source
from portal.core.text import listed
from portal.members.choices import RevealReason
from portal.members.models import Child, Consent, Member
from portal.members.services.reveals import FIELDS

if TYPE_CHECKING:
    Rows = list[tuple[object, ...]]

LABELS = {field.name: field.verbose_name for field in Member._meta.concrete_fields}


def entry_rows(member: Member) -> Rows:
    """Return the roster entry of the member, field by field."""
    values = [
        (LABELS["name"], member.name),
        (LABELS["sex"], Sex(member.sex).label),
        (LABELS["birth_year"], member.birth_year),
        (LABELS["birth_date"], member.birth_date),
        (LABELS["identity_kind"], member.get_identity_kind_display()),
        (LABELS["identity_number"], member.identity_number),
        (LABELS["phone"], member.phone),
        (LABELS["phone_confirmed_at"], member.phone_confirmed_at),
        (LABELS["marital_status"], member.get_marital_status_display()),
        (LABELS["organization"], member.organization.name if member.organization else ""),
        (LABELS["activated_at"], member.activated_at),
        (_("On the roster since"), member.created_at),
    ]
    return [(label, value) for label, value in values if value not in (None, "")]


def duty_rows(member: Member) -> Rows:
    duties = member.duty_set.select_related("organization").order_by("valid_from", "pk")
    return [(duty.get_role_display(), duty.organization.name, duty.valid_from, duty.valid_until) for duty in duties]


def appointment_rows(member: Member) -> Rows:
    rows = member.appointments.select_related("organization").order_by("pk")
    return [
        (row.get_role_display(), row.organization.name, row.valid_from, row.valid_until, row.get_state_display())
        for row in rows
    ]


def consent_rows(member: Member) -> Rows:
    rows = Consent.objects.visible_to(member).order_by("pk")
    return [
        (
            row.purpose,
            row.version,
            row.language,
            row.given_at,
            row.withdrawn_at,
            row.guardian.name if row.guardian else "",
            row.about_id if row.as_guardian else None,
        )
        for row in rows.select_related("guardian")
    ]


def child_rows(member: Member) -> Rows:
    rows = Child.objects.visible_to(member).order_by("pk")
    return [
        (
            row.pk,
            row.name,
            row.get_sex_display(),
            row.born_on,
            row.get_relation_display(),
            row.entered_on,
            row.care_notes,
        )
        for row in rows
    ]


def request_rows(member: Member) -> Rows:
    rows = member.data_requests.order_by("pk")
    return [
        (row.get_kind_display(), row.words, row.created_at, row.due_on, row.get_state_display(), row.answer)
        for row in rows
    ]


def look_rows(member: Member) -> Rows:
    """Return who looked at the member's masked fields, and why.

    Names are given in full, because the member has a right to know them.
    """
    entries = AuditEntry.objects.all().about(member).filter(action="member.reveal").select_related("actor")
    reasons = dict(RevealReason.choices)
    return [
        (
            entry.at,
            entry.actor.name if entry.actor is not None else "",
            listed(LABELS[name] for name in entry.fields),
            reasons.get(entry.data.get("reason"), ""),
        )
        for entry in entries
    ]


def change_rows(member: Member) -> Rows:
    entries = AuditEntry.objects.all().about(member).exclude(action="member.reveal")
    return [(entry.at, action_words(entry), listed(field_words(Member, entry.fields))) for entry in entries[:1000]]


def at_her_unit(member: Member) -> list[tuple[str, str]]:
    """Return the member's own unit: duties there and at any organisation above reach the roster entry."""
    return [(member.organization.path, "")] if member.organization else []


def at_proposed_duties(member: Member) -> list[tuple[str, str]]:
    """Return where a duty is proposed for the member: it is seen by those who appoint there or above."""
    rows = member.appointments.waiting().select_related("organization")
    return [(row.organization.path, row.get_role_display()) for row in rows]


SOURCES = (
    Source("entry", _("My entry on the roster"), (_("Field"), _("Value")), entry_rows),
    Source("duties", _("My duties"), (_("Role"), _("Organisation"), _("From"), _("Until (not included)")), duty_rows),
    Source(
        "appointments",
        _("Duties proposed for me"),
        (_("Role"), _("Organisation"), _("From"), _("Until (not included)"), _("State")),
        appointment_rows,
    ),
    Source(
        "consents",
        _("What I agreed to"),
        (
            _("Purpose"),
            _("Version"),
            _("Language"),
            _("Consent given"),
            _("Revoked"),
            _("Consent given by my guardian"),
            _("Consent given as guardian of child number"),
        ),
        consent_rows,
    ),
    Source(
        "children",
        _("My children"),
        (
            _("Number"),
            _("The child's full name"),
            _("Sex"),
            _("Birth date"),
            _("My relationship to the child"),
            _("Entered on"),
            _("What carers must know"),
        ),
        child_rows,
    ),
    Source(
        "requests",
        _("Requests about my data"),
        (_("Content of the request"), _("In their own words"), _("Requested at"), _("Due on"), _("State"), _("Answer")),
        request_rows,
    ),
    Source("looks", _("Who viewed masked data"), (_("Time"), _("Person"), _("Fields"), _("Reason")), look_rows),
    Source("changes", _("Changes to my entry"), (_("Time"), _("Item"), _("Fields")), change_rows),
)
SEEN = (
    Seen(
        "members.entry",
        Area.MEMBERS,
        Capability.VIEW,
        _("Your entry on the roster"),
        (
            _("Full name"),
            _("Sex"),
            _("Birth year"),
            _("Unit"),
            _("Marital status as stated by the unit"),
            _("Duties"),
            _("Mobile number and identity number, masked"),
            _("What was changed in the entry, when and by whom"),
        ),
        at_her_unit,
    ),
    Seen(
        "members.appointments",
        Area.MEMBERS,
        Capability.APPOINT,
        _("A duty proposed for you"),
        (_("Full name"), _("Role"), _("Organisation"), _("From"), _("Until (not included)")),
        at_proposed_duties,
    ),
    Seen(
        "members.reveal",
        Area.MEMBERS,
        Capability.REVEAL,
        _("Your numbers in full"),
        tuple(LABELS[name] for name in FIELDS),
        at_her_unit,
        _(
            "Only one at a time, for one minute, and with a reason. Each view is recorded; you can see "
            "the record below."
        ),
    ),
    Seen(
        "members.requests",
        Area.MEMBERS,
        Capability.EDIT,
        _("Your requests about your data"),
        (_("Your request, in your own words"), _("Text of the answer")),
        at_her_unit,
    ),
    Seen(
        "audit.entries",
        Area.AUDIT,
        Capability.VIEW,
        _("What you did in the portal"),
        (_("Your name, shortened"), _("Type of action, and when")),
        at_her_unit,
        _("The content of a record is never shown: no names of events, no text, no numbers."),
    ),
)


def assigned(member: Member) -> list[Assigned]:
    """Return nothing: the roster shows a member to nobody without a duty."""
    return []
