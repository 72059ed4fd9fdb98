"""Tables of members, duties and related rows; they show names, but no document numbers or phones."""

import django_tables2 as tables
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.calendar import WorkingCalendar
from portal.core.choices import Area, Capability
from portal.members.choices import DataRequestState
from portal.members.models import Appointment, DataRequest, Duty, Member, Transfer, Vouching
from portal.members.rules import reads_left_roster
from portal.web.tables import StateColumn
from portal.web.templatetags.portal_ui import due


class DataRequestTable(tables.Table):
    """Requests about own data: who asks for what, and when the answer is due."""

    calendar = WorkingCalendar()

    due_on = tables.Column(verbose_name=_("Due on"))
    kind = tables.Column(verbose_name=_("Request"), linkify=True)
    member = tables.Column(verbose_name=_("Member"), accessor="member__name", orderable=False)
    unit = tables.Column(verbose_name=_("Unit"), accessor="member__organization__label", orderable=False)
    created_at = tables.DateColumn(verbose_name=_("Requested at"), format="Y-m-d")
    state = StateColumn(waiting=(DataRequestState.OPEN,))

    class Meta:
        model = DataRequest
        fields = ("due_on", "kind", "member", "unit", "created_at", "state")
        order_by = ("due_on", "pk")

    def render_due_on(self, value, record):
        if record.state != DataRequestState.OPEN:
            return value.isoformat()
        return due(self.calendar.term(value, timezone.localdate()))


class MemberTable(tables.Table):
    name = tables.Column(verbose_name=_("Full name"), order_by=("pinyin", "pk"), linkify=True)
    sex = tables.Column(verbose_name=_("Sex"))
    birth_year = tables.Column(verbose_name=_("Birth year"), localize=False)
    organization = tables.Column(verbose_name=_("Unit"), order_by=("organization__pinyin", "pk"))
    marital_status = tables.Column(verbose_name=_("Marital status"))
    activated_at = tables.DateColumn(verbose_name=_("First sign-in"), format="Y-m-d", default=_("never"))
    proven_at = tables.DateColumn(verbose_name=_("Person confirmed"), format="Y-m-d", default=_("no"))

    class Meta:
        model = Member
        fields = ("name", "sex", "birth_year", "organization", "marital_status", "activated_at", "proven_at")
        order_by = "name"


class DutyTable(tables.Table):
    member = tables.Column(
        accessor="member__name",
        verbose_name=_("Full name"),
        order_by=("member__pinyin", "pk"),
        linkify=lambda record: record.get_absolute_url(),
    )
    role = tables.Column(verbose_name=_("Role"))
    organization = tables.Column(verbose_name=_("Organisation"), order_by=("organization__path", "pk"))
    valid_from = tables.DateColumn(verbose_name=_("From"), format="Y-m-d")
    valid_until = tables.DateColumn(
        verbose_name=_("Until (not included)"),
        format="Y-m-d",
        default=_("until somebody ends it"),
        order_by=("valid_until", "pk"),
    )
    last_login = tables.DateColumn(
        accessor="member__last_login",
        verbose_name=_("Last sign-in"),
        format="Y-m-d",
        default=_("never"),
        order_by=("member__last_login", "pk"),
    )

    class Meta:
        model = Duty
        fields = ("member", "role", "organization", "valid_from", "valid_until", "last_login")
        order_by = "organization"


class AppointmentTable(tables.Table):
    """Duties that wait for a second person, and those that were decided."""

    member = tables.Column(
        accessor="member__name",
        verbose_name=_("Full name"),
        order_by=("member__pinyin", "pk"),
        linkify=lambda record: record.get_absolute_url(),
    )
    role = tables.Column(verbose_name=_("Role"))
    organization = tables.Column(verbose_name=_("Organisation"), order_by=("organization__path", "pk"))
    state = StateColumn(waiting=lambda record: record.is_waiting)
    proposed_by = tables.Column(accessor="proposed_by__name", verbose_name=_("Proposed by"), orderable=False)
    proposed_at = tables.DateColumn(verbose_name=_("Duty proposed on"), format="Y-m-d")
    waits_at = tables.Column(verbose_name=_("Organisation that must approve"), orderable=False, empty_values=())

    class Meta:
        model = Appointment
        fields = ("member", "role", "organization", "state", "proposed_by", "proposed_at", "waits_at")
        order_by = "proposed_at"

    def render_waits_at(self, record):
        return record.waits_at.label if record.is_waiting and record.waits_at else "–"


class VouchingTable(tables.Table):
    number = tables.Column(accessor="pk", verbose_name=_("Number"), linkify=True, localize=False)
    member = tables.Column(accessor="member__name", verbose_name=_("Full name"), orderable=False, default="–")
    organization = tables.Column(verbose_name=_("Unit"), order_by=("organization__pinyin", "pk"))
    state = StateColumn()
    asked_at = tables.DateColumn(verbose_name=_("Requested on"), format="Y-m-d")
    until = tables.DateColumn(verbose_name=_("Valid until (not included)"), format="Y-m-d", default="–")

    class Meta:
        model = Vouching
        fields = ("number", "member", "organization", "state", "asked_at", "until")
        order_by = "-number"


class TransferTable(tables.Table):
    """Transfers from either side; ``reader`` decides which names and units are shown."""

    calendar = WorkingCalendar()
    reader = None

    number = tables.Column(accessor="pk", verbose_name=_("Number"), linkify=True, localize=False)
    member = tables.Column(accessor="member__name", verbose_name=_("Full name"), orderable=False, empty_values=())
    organization = tables.Column(verbose_name=_("Requesting unit"), orderable=False, empty_values=())
    state = StateColumn(waiting=lambda record: record.is_open)
    asked_at = tables.DateColumn(verbose_name=_("Requested on"), format="Y-m-d")
    due_on = tables.Column(verbose_name=_("Due on"))

    class Meta:
        model = Transfer
        fields = ("number", "member", "organization", "state", "asked_at", "due_on")
        order_by = "-number"

    def render_member(self, record):
        return record.member.name if reads_left_roster(self.reader, record) else _("in another unit")

    def render_organization(self, record):
        asking = self.reader.can(Area.MEMBERS, Capability.VIEW, record.organization.path)
        return record.organization.label if asking else _("another unit")

    def render_due_on(self, value, record):
        return due(self.calendar.term(value, timezone.localdate())) if record.is_open else value.isoformat()
