"""Builders of events and of their participants."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.choices.profiles import ProfileState
from matchmaking.models import MatchEvent, Participation, SingleProfile
from matchmaking.services.choosing import event_open_choice
from matchmaking.services.events import event_create
from portal.core.choices import Sex
from portal.members.choices import MaritalStatus
from portal.members.identity import age_on, birth_date_of
from portal.organizations.models import LegalParameter
from portal.signups.choices import SignUpState
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_organization

_numbers = count(1)
LINE = "周末喜欢爬山"


SINCE = date(2021, 1, 1)
AGES = {"marriage_age_man": 22, "marriage_age_woman": 20}
AFTER = {"follow_up_days": 3, "follow_up_weeks": 3, "follow_up_months": 3, "ticket_working_days": 5}


def make_law():
    """Create the legal ages of marriage and the portal's own time limits, where they are missing."""
    wanted = {key: (value, "民法典第1047条") for key, value in AGES.items()}
    wanted |= {f"matchmaking.{key}": (value, "a") for key, value in AFTER.items()}
    rows = LegalParameter.objects.filter(key__in=wanted, region=None, valid_from=SINCE)
    there = set(rows.values_list("key", flat=True))
    LegalParameter.objects.bulk_create(
        LegalParameter(key=key, region=None, valid_from=SINCE, value=value, source=source)
        for key, (value, source) in wanted.items()
        if key not in there
    )


def event_times(now=None):
    """Return the times of an event whose sign-up is open now."""
    now = now or timezone.now()
    return {
        "signup_opens_at": now - timedelta(days=1),
        "signup_closes_at": now + timedelta(days=5),
        "choice_opens_at": now + timedelta(days=6),
        "choice_closes_at": now + timedelta(days=8),
        "starts_at": now + timedelta(days=6),
        "ends_at": now + timedelta(days=9),
    }


def make_event(organization=None, *, state=EventState.PUBLISHED, created_by=None, **fields):
    """Create an event of a city with two places for each sex, by default open for sign-up."""
    make_law()
    organization = organization or make_organization()
    fields = {"title": f"示例活动{next(_numbers)}", "summary": "线上相识", "men_quota": 2, "women_quota": 2, **fields}
    event = event_create(
        actor=created_by or make_staff(organization), organization=organization, **event_times() | fields
    )
    return put_event(event, state)


def put_event(event, state=None, **times):
    """Set the state or the times of an event as if that had happened; return the event from the database."""
    MatchEvent.objects.filter(pk=event.pk).update(**times, **({"state": state} if state else {}))
    return MatchEvent.objects.select_related("organization").get(pk=event.pk)


def open_choice(event):
    """Open the choice round of ``event`` now, with its key."""
    now = timezone.now()
    event = put_event(
        event,
        EventState.SIGNUP_CLOSED,
        signup_closes_at=now - timedelta(hours=2),
        choice_opens_at=now - timedelta(hours=1),
        choice_closes_at=now + timedelta(hours=1),
    )
    return event_open_choice(event=event, actor=event.created_by)


def make_single(organization=None, sex=Sex.FEMALE, born=date(1995, 3, 7), *, declared=True, **fields):
    """Create a person who may join an event of ``organization``.

    With ``declared``, the declaration of being single is confirmed.
    """
    single = {"marital_status": MaritalStatus.SINGLE, **fields}
    member = make_member(organization, sex=sex, birth_date=born, **single)
    if declared and member.organization_id:
        declare(member)
    return member


def declare(member):
    """Create a profile with a confirmed declaration that nobody finds yet."""
    now = timezone.now()
    return put_profile(
        member,
        ProfileState.VERIFIED,
        nickname="示例未公开",
        about="只参加活动",
        declared_at=now,
        declaration_version=1,
        submitted_at=now,
        vetting_organization=member.organization.parent or member.organization,
        vetted_at=now,
        verified_until=timezone.localdate() + timedelta(days=300),
        vouched_unit=member.organization,
    )


def put_profile(member, state, **fields):
    """Write the one profile of ``member`` anew in any state, without the services; return it."""
    blank = {field.name: field.get_default() for field in SingleProfile._meta.concrete_fields if not field.primary_key}
    for name in ("member", "state", "created_at"):
        del blank[name]
    row, _made = SingleProfile.objects.update_or_create(member=member, defaults=blank | fields | {"state": state})
    return row


def make_participation(event, member=None, *, sex=Sex.FEMALE, state=SignUpState.CONFIRMED, **fields):
    """Create a participation without the registration engine, next in line."""
    member = member or make_single(event.organization, sex)
    fields = {
        "place": event.signups.count() + 1,
        "pool": event.pool_for(member),
        "age": age_on(birth_date_of(member), timezone.localdate(event.starts_at)),
        "line": LINE,
        "unit": member.organization,
        **fields,
    }
    if state == SignUpState.OFFERED:
        fields.setdefault("offered_until", timezone.now() + timedelta(hours=1))
    return Participation.objects.create(offering=event, member=member, state=state, **fields)
