"""Registers of matchmaking from Excel: venues, and people put on the lists of an event."""

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.events import EventState
from matchmaking.choices.venues import VenueKind
from matchmaking.models import MatchEvent, Participation, Venue
from matchmaking.services.reviewing import place_offer, place_refusal, places_take_back
from matchmaking.services.venues import venues_bulk_create, venues_take_back
from portal.core.choices import Area, Capability
from portal.core.text import clean_code, clean_prose, mask_identity, mask_phone
from portal.exchange.registers import Column, Kind, Register
from portal.members.choices import IdentityKind
from portal.members.models import Member
from portal.members.services.people import identity_index_of, phone_index_of
from portal.organizations.regional import REGION, RegionRegister
from portal.signups.choices import LIVE


class VenueRowForm(forms.Form):
    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=VenueKind.choices)
    region = forms.CharField(max_length=6)
    address = forms.CharField(max_length=120)
    capacity = forms.IntegerField(min_value=2, max_value=20000)
    desk_phone = forms.CharField(max_length=30, required=False)
    notes = forms.CharField(max_length=600, required=False)


class VenueRegister(RegionRegister):
    """Venues of events; a venue that is in the library already is skipped."""

    code = "matchmaking.venues"
    title = _("Venues")
    description = _("Places where events are held, each with its region and capacity.")
    area = Area.MATCHMAKING
    form_class = VenueRowForm
    rows_limit = 2000
    known_words = _("This venue is already in the library.")
    columns = (
        Column("name", _("Name"), aliases=("场地名称", "名称"), sample="示例工人文化宫", mask=None, width=30),
        Column("kind", _("Kind"), aliases=("场地类型", "类型"), choices=VenueKind.choices, mask=None),
        REGION,
        Column("address", _("Address"), aliases=("地址",), sample="示例路1号", mask=None, width=34),
        Column("capacity", _("Capacity"), aliases=("容纳人数",), sample="120", kind=Kind.NUMBER, mask=None),
        Column(
            "desk_phone",
            _("Venue phone"),
            aliases=("联系电话", "场地电话"),
            required=False,
            kind=Kind.CODE,
            help=_("The phone number of the venue, not of a person."),
        ),
        Column("notes", _("Notes"), aliases=("备注",), required=False, width=34),
    )

    def standing(self, names):
        return Venue.objects.filter(name__in=names)

    def write(self, *, actor, organization, rows, context, run):
        made = venues_bulk_create(
            rows=[
                {
                    **{name: row.data[name] for name in ("kind", "capacity")},
                    **{name: clean_prose(row.data[name]) for name in ("name", "address", "desk_phone", "notes")},
                    "region": context["regions"][clean_code(row.data["region"])],
                    "organization": organization,
                }
                for row in rows
            ]
        )
        return [row.pk for row in made]

    def take_back(self, *, run, actor):
        return venues_take_back(pks=run.row_ids)

    def rows_url(self, run):
        return reverse("matchmaking:venue-list")


class ParticipantRowForm(forms.Form):
    event = forms.IntegerField(min_value=1, max_value=2_147_483_647)
    person = forms.CharField(max_length=60)


def _mask_person(text):
    code = clean_code(text)
    return mask_identity(code) if len(code) > 11 else mask_phone(code)


class ParticipantRegister(Register):
    """People put on the lists of an event: each is offered a place and confirms it personally."""

    code = "matchmaking.participants"
    title = _("Participants of an event")
    description = _(
        "Each person is offered a place or put on the waiting list, and confirms it with "
        "their own introduction and consent."
    )
    area = Area.MATCHMAKING
    form_class = ParticipantRowForm
    rows_limit = 500
    columns = (
        Column(
            "event",
            _("Number of the event"),
            aliases=("活动编号",),
            help=_("The number in the address of the event's page."),
            sample="12",
            kind=Kind.NUMBER,
            mask=None,
        ),
        Column(
            "person",
            _("Identity or mobile number"),
            aliases=("身份证号", "手机号码", "身份证号或手机号"),
            help=_("As on the roster; keep the column formatted as text."),
            kind=Kind.CODE,
            mask=_mask_person,
            width=24,
        ),
    )

    def prepare(self, *, actor, organization, rows):
        wanted = {row.data["event"] for row in rows if row.data.get("event")}
        events = MatchEvent.objects.reached_by(actor, Capability.EDIT).filter(
            organization__path__startswith=organization.path, pk__in=wanted, state=EventState.PUBLISHED
        )
        codes = {clean_code(row.data["person"]) for row in rows if row.data.get("person")}
        identities = {identity_index_of(IdentityKind.RESIDENT, code): code for code in codes}
        phones = {phone_index_of(code): code for code in codes}
        people = {}
        seen = Member.objects.visible_to(actor).filter(is_active=True).select_related("organization")
        for member in seen.filter(Q(identity_index__in=identities) | Q(phone_index__in=phones)):
            for code in (identities.get(member.identity_index), phones.get(member.phone_index)):
                if code:
                    people[code] = member
        listed = Participation.objects.filter(offering__in=wanted, state__in=LIVE)
        return {
            "events": {event.pk: event for event in events.select_related("organization")},
            "people": people,
            "listed": set(listed.values_list("offering_id", "member_id")),
        }

    def check(self, *, context, rows):
        seen = {}
        for row in rows:
            event = context["events"].get(row.data.get("event"))
            member = context["people"].get(clean_code(row.data.get("person") or ""))
            if row.data.get("event") and event is None:
                yield row.wrong("event", _("You have no event with this number that is open for sign-up."))
            if row.data.get("person") and member is None:
                yield row.wrong(
                    "person",
                    _("No person with this number is on a roster within your scope."),
                    _("Import the roster first, or correct the number."),
                )
            if event is None or member is None:
                continue
            key = event.pk, member.pk
            if key in context["listed"]:
                yield row.known("person", _("This person is already on a list of this event."))
            elif key in seen:
                words = _("The same value appears in line %(line)s.") % {"line": seen[key]}
                yield row.wrong("person", words, _("Keep only one of the two lines."))
            elif refusal := place_refusal(event=event, member=member):
                yield row.wrong("person", refusal)
            seen.setdefault(key, row.line)

    def write(self, *, actor, organization, rows, context, run):
        made = []
        for row in sorted(rows, key=lambda row: (row.data["event"], row.line)):
            place, _created = place_offer(
                event=context["events"][row.data["event"]],
                member=context["people"][clean_code(row.data["person"])],
                actor=actor,
            )
            made.append(place.pk)
        return made

    def take_back(self, *, run, actor):
        return places_take_back(participations=Participation.objects.filter(pk__in=run.row_ids), actor=actor)


REGISTERS = [VenueRegister, ParticipantRegister]
