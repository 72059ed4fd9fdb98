"""Tables of follow-ups, weddings, publicity and the hotline: pairs by number, never by name."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.after import OPEN_TICKETS, FollowUpState
from matchmaking.models import FollowUp, GroupWedding, HotlineTicket, MediaRelease, Nomination, WeddingCouple
from portal.core.text import listed, mask_name
from portal.web.tables import StateColumn
from portal.web.templatetags.portal_ui import due_tone, when


def pair_code(number):
    """Return how a pair is called at its event: P03."""
    return f"P{number:02d}"


def due_words(day, *, is_open):
    """Return a due day with its tone while the thing is open, plain after."""
    if not is_open:
        return when(day)
    tone = due_tone(day)
    words = _("overdue") if tone == "over" else ""
    return format_html('<span class="due due-{}">{} {}</span>', tone, words, when(day))


class StateTable(tables.Table):
    state = StateColumn()


class FollowUpTable(StateTable):
    pair_number = tables.Column(verbose_name=_("Pair"), linkify=True, orderable=False)
    event = tables.Column(verbose_name=_("Event"), accessor="pair__event__title", orderable=False)
    kind = tables.Column(verbose_name=_("Kind"), orderable=False)
    due_on = tables.Column(verbose_name=_("Due"))
    helpers = tables.Column(verbose_name=_("Matchmaker"), empty_values=(), orderable=False)
    result = tables.Column(verbose_name=_("Result"), orderable=False)

    class Meta:
        model = FollowUp
        fields = ("pair_number", "event", "kind", "due_on", "state", "result", "helpers")

    def render_pair_number(self, value):
        return pair_code(value)

    def render_due_on(self, record):
        return due_words(record.due_on, is_open=record.state == FollowUpState.DUE)

    def render_helpers(self, record):
        return helper_names(record.pair)


def helper_names(pair):
    """Return the matchmakers of the two, each once."""
    names = [row.matchmaker.member.name for row in (pair.one, pair.two) if row.matchmaker_id]
    return listed(dict.fromkeys(names)) or "—"


class WeddingTable(StateTable):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    organization = tables.Column(verbose_name=_("Held by"), accessor="organization__label", orderable=False)
    on = tables.DateColumn(verbose_name=_("Day"), format="Y-m-d")
    accepted = tables.Column(verbose_name=_("Couples with a place"), orderable=False)
    waiting = tables.Column(verbose_name=_("Couples waiting"), orderable=False)

    class Meta:
        model = GroupWedding
        fields = ("title", "organization", "on", "state", "accepted", "waiting")
        order_by = ("-on",)

    def render_accepted(self, record):
        return f"{record.accepted} / {record.couples_most}"


class CoupleTable(StateTable):
    """Couples that have applied, for who holds the wedding."""

    place = tables.Column(verbose_name=_("Place in line"), linkify=True)
    people = tables.Column(verbose_name=_("Couple"), empty_values=(), orderable=False)
    units = tables.Column(verbose_name=_("Units"), empty_values=(), orderable=False)
    registered_on = tables.DateColumn(verbose_name=_("Marriage registered on"), format="Y-m-d")

    class Meta:
        model = WeddingCouple
        fields = ("place", "people", "units", "registered_on", "state")
        order_by = ("place",)

    def render_people(self, record):
        return " · ".join(member.name for member in (record.asker, record.partner) if member)

    def render_units(self, record):
        return couple_units(record)


def couple_units(couple):
    """Return the units of the two, each once."""
    people = [member for member in (couple.asker, couple.partner) if member and member.organization]
    return listed(dict.fromkeys(member.organization.label for member in people))


class NominationTable(StateTable):
    pk = tables.Column(verbose_name=_("Number"), linkify=True)
    member = tables.Column(verbose_name=_("Person"), orderable=False)
    medium = tables.Column(verbose_name=_("Medium"))
    programme = tables.Column(verbose_name=_("Programme or column"))
    created_at = tables.DateTimeColumn(verbose_name=_("Proposed at"), format="Y-m-d H:i")

    class Meta:
        model = Nomination
        fields = ("pk", "member", "medium", "programme", "state", "created_at")
        order_by = ("-pk",)

    def render_member(self, record):
        return mask_name(record.member.name)


class ReleaseTable(tables.Table):
    title = tables.Column(verbose_name=_("Title"), linkify=True)
    medium = tables.Column(verbose_name=_("Medium"))
    outlet = tables.Column(verbose_name=_("Name of the medium"))
    published_on = tables.DateColumn(verbose_name=_("Published on"), format="Y-m-d")
    organization = tables.Column(verbose_name=_("Organisation"), accessor="organization__label", orderable=False)
    event = tables.Column(verbose_name=_("Event"), accessor="event__title", orderable=False)

    class Meta:
        model = MediaRelease
        fields = ("title", "medium", "outlet", "published_on", "organization", "event")
        order_by = ("-published_on",)


class TicketTable(tables.Table):
    state = StateColumn(waiting=OPEN_TICKETS)
    pk = tables.Column(verbose_name=_("Number"), linkify=True)
    subject = tables.Column(verbose_name=_("Subject"), orderable=False)
    kind = tables.Column(verbose_name=_("Kind of matter"))
    organization = tables.Column(verbose_name=_("In the hands of"), accessor="organization__label", orderable=False)
    handler = tables.Column(verbose_name=_("Who answers it"), accessor="handler__name", orderable=False)
    due_on = tables.Column(verbose_name=_("Due"))

    class Meta:
        model = HotlineTicket
        fields = ("pk", "subject", "kind", "state", "due_on", "organization", "handler")
        order_by = ()

    def render_due_on(self, record):
        return due_words(record.due_on, is_open=record.state in OPEN_TICKETS)
