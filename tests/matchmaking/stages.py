"""What the matrix requests if a page needs another state, person or query than in objects.py."""

from django.utils import timezone

from matchmaking.choices.demands import DemandState
from matchmaking.choices.events import EventState
from matchmaking.choices.hotline import TicketState
from matchmaking.choices.profiles import ProfileState
from matchmaking.choices.publicity import NominationState
from matchmaking.choices.weddings import WeddingState
from matchmaking.models import EventMatchmaker, ScoreWeight
from portal.exchange.choices import FileKind
from portal.signups.choices import SignUpState
from tests.areas import Asked
from tests.factories.exchange import make_file
from tests.factories.matchmaking import make_event, make_participation, make_single, open_choice, put_event
from tests.factories.matchmaking_library import make_demand, make_theme
from tests.factories.matchmaking_matchmakers import make_case, make_volunteer
from tests.factories.matchmaking_pairs import make_nomination, make_ticket, make_wedding
from tests.factories.matchmaking_singles import make_hobby, make_profile
from tests.factories.members import make_member
from tests.factories.organizations import make_unit


def event_in(state):
    def build(home):
        held = make_event(home.city, created_by=home.chair)
        return Asked({"pk": put_event(held, state, submitted_by=home.chair).pk}, home.chair)

    return build


def event_choosing(home):
    return Asked({"pk": open_choice(make_event(home.city, created_by=home.chair)).pk}, home.chair)


def card(state=SignUpState.CONFIRMED, *, choosing=False):
    """Return a builder of an event with a participant, who is the object's own person."""

    def build(home):
        held = make_event(home.city, created_by=home.chair)
        mine = make_participation(held, state=state)
        if choosing:
            held = open_choice(held)
        return Asked({"slug": held.slug}, mine.member)

    return build


def caseload(home):
    held = make_event(home.city, created_by=home.chair)
    volunteer = make_member(home.city)
    EventMatchmaker.objects.create(event=held, member=volunteer, valid_from=timezone.localdate(), given_by=home.chair)
    return Asked({}, volunteer)


def photo(home):
    held = make_event(home.city, created_by=home.chair)
    mine = make_participation(held, photo=make_file(home.chair, FileKind.PICTURE, "image/jpeg"))
    return Asked({"slug": held.slug, "pk": mine.pk}, mine.member)


def planned(state, body=None, **fields):
    """Return a builder of an event in ``state``; ``body`` gives the data that is sent for it."""

    def build(home):
        held = put_event(make_event(home.city, created_by=home.chair, **fields), state)
        return Asked({"pk": held.pk}, home.chair, body=body(home, held) if body else {})

    return build


def waiting_for_review(home):
    held = make_event(home.city, created_by=home.chair, needs_review=True)
    mine = make_participation(held, state=SignUpState.APPLIED)
    return Asked({"pk": held.pk}, home.chair, query={"pk": mine.pk}, body={"action": "accept"})


def demand_to_merge(home):
    return Asked({}, home.chair, query={"pk": make_demand(home.city).pk})


def declined_demand(home):
    return Asked({"pk": make_demand(home.city, state=DemandState.DECLINED).pk}, home.chair)


def ticket_in(state):
    def build(home):
        made = make_ticket(home.city, actor=home.chair)
        type(made).objects.filter(pk=made.pk).update(state=state)
        return Asked({"pk": made.pk}, home.chair)

    return build


def wedding_in(state):
    return lambda home: Asked({"pk": make_wedding(home.city, state=state, created_by=home.chair).pk}, home.chair)


def agreed_nomination(state, *, own=False):
    def build(home):
        made = make_nomination(home.city, actor=home.chair)
        type(made).objects.filter(pk=made.pk).update(state=state)
        return Asked({"pk": made.pk}, made.member if own else home.chair)

    return build


def single_in(state):
    """Return a builder of the profile of a single of a unit of the home; the page is the single's own."""
    return lambda home: Asked({}, make_profile(unit=make_unit(home.city), state=state).member)


def looked_after(home):
    return Asked({}, make_case(make_volunteer(home.city)).profile.member)


def helper(home):
    return Asked({}, make_volunteer(home.city).member)


# URL name -> builder.
STAGED = {
    "matchmaking:caseload-list": caseload,
    "matchmaking:event-approve": event_in(EventState.SUBMITTED),
    "matchmaking:event-cancel": event_in(EventState.PUBLISHED),
    "matchmaking:event-close": event_in(EventState.REVEALED),
    "matchmaking:event-close-sign-up": event_in(EventState.PUBLISHED),
    "matchmaking:event-matchmakers": event_in(EventState.PUBLISHED),
    "matchmaking:event-open-choice": event_in(EventState.SIGNUP_CLOSED),
    "matchmaking:event-publish": event_in(EventState.APPROVED),
    "matchmaking:event-return": event_in(EventState.SUBMITTED),
    "matchmaking:event-reveal": event_choosing,
    "matchmaking:meet-accept": card(SignUpState.OFFERED),
    "matchmaking:meet-choose": card(choosing=True),
    "matchmaking:meet-joined": card(),
    "matchmaking:meet-leave": card(),
    "matchmaking:meet-photo": photo,
    "matchmaking:demand-list": lambda home: Asked({}, home.chair, body={"action": "merge"}),
    "matchmaking:demand-merge": demand_to_merge,
    "matchmaking:demand-reopen": declined_demand,
    "matchmaking:event-add": planned(
        EventState.PUBLISHED, lambda home, held: {"member": make_single(make_unit(home.city)).pk}
    ),
    "matchmaking:event-begin": event_in(EventState.SIGNUP_CLOSED),
    "matchmaking:event-change": event_in(EventState.PUBLISHED),
    "matchmaking:event-decline": waiting_for_review,
    "matchmaking:event-invitations": planned(EventState.PUBLISHED, restricted=True),
    "matchmaking:event-quotas": event_in(EventState.PUBLISHED),
    "matchmaking:event-report": event_in(EventState.CLOSED),
    "matchmaking:event-review": waiting_for_review,
    "matchmaking:event-settle": event_in(EventState.SIGNUP_CLOSED),
    "matchmaking:helping-pledge": helper,
    "matchmaking:helping-stop": helper,
    "matchmaking:meet-agree": card(),
    "matchmaking:meet-here": card(),
    "matchmaking:meet-table": card(),
    "matchmaking:meet-ticket": card(),
    "matchmaking:meet-ticket-code": card(),
    **{
        f"matchmaking:{name}": looked_after
        for name in ("my-matchmaker-detail", "my-matchmaker-ask", "my-matchmaker-leave")
    },
    "matchmaking:nomination-pass-on": agreed_nomination(NominationState.CONSENTED),
    "matchmaking:nomination-release": agreed_nomination(NominationState.NOMINATED),
    "matchmaking:nomination-take-back": agreed_nomination(NominationState.CONSENTED, own=True),
    "matchmaking:plan-download": lambda home: Asked({}, home.chair, body={"area": home.city.pk}),
    "matchmaking:single-appeal": single_in(ProfileState.REFUSED),
    **{
        f"matchmaking:single-{name}": single_in(ProfileState.DRAFT)
        for name in ("check", "found", "hobbies", "photos", "wishes", "units")
    },
    **{f"matchmaking:single-{name}": single_in(ProfileState.ACTIVE) for name in ("leave", "matched", "pause")},
    "matchmaking:single-return": single_in(ProfileState.EXITED),
    "matchmaking:single-sent": single_in(ProfileState.UNIT_VETTING),
    "matchmaking:single-start": single_in(ProfileState.VERIFIED),
    "matchmaking:ticket-close": ticket_in(TicketState.ANSWERED),
    "matchmaking:ticket-reopen": ticket_in(TicketState.ANSWERED),
    "matchmaking:wedding-hold": wedding_in(WeddingState.CLOSED),
    "matchmaking:wedding-open": wedding_in(WeddingState.DRAFT),
}

# Model in the admin -> builder of a row that belongs to no organisation.
COMMON_ROWS = {
    "matchmaking.EventTheme": lambda home: make_theme(),
    "matchmaking.HobbyTag": lambda home: make_hobby(),
    "matchmaking.ScoreWeight": lambda home: ScoreWeight.objects.get_or_create(key="a", defaults={"weight": 1})[0],
}
