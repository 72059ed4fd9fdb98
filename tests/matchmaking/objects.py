"""What tests/layout and tests/access open in matchmaking: the object of each address, and admin rows."""

from django.utils import timezone

from matchmaking.choices.events import EventState
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import ProfileState
from matchmaking.models import AbuseReport, EventBudget, Pair, SingleProfile
from matchmaking.services.on_the_day import door_token, seats_plan
from matchmaking.services.safety import block_set, report_take
from portal.core.choices import Sex
from tests.factories.exchange import make_file_row
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.matchmaking_library import (
    make_budget,
    make_cost,
    make_demand,
    make_invitation,
    make_partner,
    make_series,
    make_theme,
    make_venue,
)
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_volunteer
from tests.factories.matchmaking_matchmakers import make_profile as make_active_profile
from tests.factories.matchmaking_pairs import (
    make_asked,
    make_couple,
    make_nomination,
    make_pair,
    make_release,
    make_ticket,
    make_wedding,
)
from tests.factories.matchmaking_singles import (
    make_appeal,
    make_photo,
    make_profile,
    make_report,
)
from tests.factories.matchmaking_singles import make_couple as make_two_singles
from tests.factories.members import (
    make_member,
    make_staff,
)
from tests.factories.organizations import make_organization, make_province, make_unit


def event(home):
    return {"pk": make_event(home.city, state=EventState.DRAFT, created_by=home.chair).pk}


def published(home):
    return {"pk": make_event(home.city, created_by=home.chair).pk}


def meet(home):
    return {"slug": make_event(home.city, created_by=home.chair).slug}


def pair(home):
    held = make_event(home.city, created_by=home.chair)
    one, two = make_participation(held), make_participation(held, sex=Sex.MALE)
    made = Pair.objects.create(event=held, one=one, two=two, held_on=timezone.localdate())
    return {"pk": made.pk}, one.member


def running(home):
    held = make_event(home.city, state=EventState.RUNNING, created_by=home.chair)
    make_participation(held)
    make_participation(held, sex=Sex.MALE)
    seats_plan(event=held, actor=home.chair)
    return {"pk": held.pk}


def arrived(home):
    held = make_event(home.city, state=EventState.RUNNING, created_by=home.chair)
    row = make_participation(held, checked_in_at=timezone.now())
    return {"pk": held.pk, "row": row.pk}


def ticket_read(home):
    held = make_event(home.city, state=EventState.RUNNING, created_by=home.chair)
    return {"token": door_token(make_participation(held))}


def photo(home):
    held = make_event(home.city, created_by=home.chair)
    card = make_participation(held, photo=make_file_row(home.chair))
    return {"slug": held.slug, "pk": card.pk}, card.member


def series(home):
    return {"pk": make_series(home.city).pk}


def venue(home):
    return {"pk": make_venue(home.city).pk}


def theme(home):
    return {"pk": make_theme().pk}, make_staff(make_province())


def demand(home):
    return {"pk": make_demand(home.city).pk}


def own_demand(home):
    owner = make_member(organization=home.city)
    return {"pk": make_demand(home.city, asked_by=owner, on_behalf_of_unit=False).pk}, owner


def budget(home):
    return {"pk": make_budget(home.city, year=2000 + EventBudget.objects.count()).pk}


def cost(home):
    return {"pk": make_cost(make_event(home.city, created_by=home.chair)).pk}


def partner(home):
    return {"pk": make_partner(make_event(home.city, created_by=home.chair)).pk}


def partner_figures(home):
    held = make_event(make_organization(), created_by=home.chair)
    return {"pk": make_partner(held, organization=home.city).pk}


def on_the_list(home):
    return {"pk": make_invitation(make_event(home.city, created_by=home.chair, restricted=True)).pk}


def applied(home):
    held = make_event(home.city, created_by=home.chair, needs_review=True)
    return {"pk": make_participation(held, state="applied").pk}


def own_pair(home):
    made = make_pair(make_event(home.city, created_by=home.chair))
    return {"pk": made.pk}, made.one.member


def follow_up(home):
    return {"pk": make_pair(make_event(home.city, created_by=home.chair)).follow_ups.first().pk}


def wedding(home):
    return {"pk": make_wedding(home.city, created_by=home.chair).pk}


def couple(home):
    return {"pk": make_couple(make_wedding(home.city, created_by=home.chair)).pk}


def own_couple(home):
    made = make_couple(make_wedding(home.city, created_by=home.chair))
    return {"pk": made.pk}, made.asker


def asked_couple(home):
    made, asked = make_asked(make_wedding(home.city, created_by=home.chair))
    return {"pk": made.pk}, asked


def nomination(home):
    return {"pk": make_nomination(home.city, actor=home.chair).pk}


def own_nomination(home):
    made = make_nomination(home.city, actor=home.chair)
    return {"pk": made.pk}, made.member


def release(home):
    return {"pk": make_release(home.city).pk}


def ticket(home):
    return {"pk": make_ticket(home.city, actor=home.chair).pk}


def vetting(home):
    made = make_profile(unit=make_unit(home.city), state=ProfileState.UNIT_VETTING)
    SingleProfile.objects.filter(pk=made.pk).update(vetting_organization=home.city)
    return {"pk": made.pk}


def appeal(home):
    refused = make_profile(unit=make_unit(home.city), state=ProfileState.REFUSED)
    return {"pk": make_appeal(refused, organization=home.city).pk}


def report(home):
    return {"pk": make_report(*(make_member(organization=make_unit(home.city)) for _ in range(2))).pk}


def report_in_hand(home):
    made = AbuseReport.objects.get(**report(home))
    return {"pk": report_take(report=made, actor=home.chair).pk}


def single(home):
    her, him = make_two_singles(home.city)
    return {"pk": him.pk}, her.member


def single_photo(home):
    owner = make_profile(unit=make_unit(home.city))
    return {"pk": make_photo(owner).pk}, owner.member


def block(home):
    her, him = make_two_singles(home.city)
    return {"pk": block_set(actor=her.member, blocked=him.member, label="a").pk}, her.member


def report_about(home):
    made, owner = block(home)
    return {"kind": "block", **made}, owner


def volunteer(home):
    return {"pk": make_volunteer(home.city).pk}


def case(home):
    made = make_case(make_volunteer(home.city))
    return {"pk": made.pk}, made.volunteer.member


def case_and_other(home):
    made = make_case(make_volunteer(home.city))
    return {"pk": made.pk, "other": make_active_profile(home.city, Sex.MALE).pk}, made.volunteer.member


def guided(home):
    made = make_introduction(make_volunteer(home.city), state=IntroductionState.AGREED)
    return {"pk": made.pk}, made.volunteer.member


def introduction(home):
    made = make_introduction(make_volunteer(home.city))
    return {"pk": made.pk}, made.one.member


# URL name -> builder.
OBJECTS = {
    "matchmaking:door-scan": ticket_read,
    "matchmaking:event-door": running,
    "matchmaking:event-door-undo": arrived,
    "matchmaking:event-round": running,
    "matchmaking:event-seats": running,
    "matchmaking:event-table-cards": running,
    "matchmaking:event-approve": event,
    "matchmaking:event-cancel": event,
    "matchmaking:event-close": event,
    "matchmaking:event-close-sign-up": event,
    "matchmaking:event-detail": event,
    "matchmaking:event-matchmakers": event,
    "matchmaking:event-open-choice": event,
    "matchmaking:event-pairs": event,
    "matchmaking:event-participants": event,
    "matchmaking:event-poster": published,
    "matchmaking:event-publish": event,
    "matchmaking:event-qr": published,
    "matchmaking:event-return": event,
    "matchmaking:event-reveal": event,
    "matchmaking:event-submit": event,
    "matchmaking:event-update": event,
    "matchmaking:meet-photo": photo,
    "matchmaking:pair-detail": pair,
    **{f"matchmaking:pair-{page}": own_pair for page in ("quiet", "say")},
    **{f"matchmaking:follow-up-{page}": follow_up for page in ("ask", "detail", "record")},
    **{
        f"matchmaking:wedding-{page}": wedding
        for page in ("cancel", "close", "couples", "detail", "hold", "open", "update")
    },
    **{f"matchmaking:couple-{page}": couple for page in ("accept", "decline", "detail", "waitlist")},
    "matchmaking:couple-confirm": asked_couple,
    "matchmaking:couple-leave": own_couple,
    **{f"matchmaking:nomination-{page}": nomination for page in ("detail", "pass-on", "release")},
    **{f"matchmaking:nomination-{page}": own_nomination for page in ("answer", "take-back")},
    "matchmaking:release-update": release,
    **{
        f"matchmaking:ticket-{page}": ticket
        for page in ("answer", "assign", "close", "detail", "print", "reopen", "take", "transfer")
    },
    **{
        f"matchmaking:event-{page}": event
        for page in (
            "add",
            "begin",
            "change",
            "copy",
            "costs",
            "decline",
            "document",
            "find",
            "invitations",
            "letters",
            "partners",
            "quotas",
            "report",
            "review",
            "settle",
            "sheet",
        )
    },
    "matchmaking:event-poster-file": published,
    "matchmaking:budget-detail": budget,
    "matchmaking:budget-update": budget,
    "matchmaking:cost-remove": cost,
    "matchmaking:cost-update": cost,
    "matchmaking:demand-decline": demand,
    "matchmaking:demand-detail": demand,
    "matchmaking:demand-reopen": demand,
    "matchmaking:demand-withdraw": own_demand,
    "matchmaking:invitation-remove": on_the_list,
    "matchmaking:participation-decline": applied,
    "matchmaking:partner-figures": partner_figures,
    "matchmaking:partner-remove": partner,
    "matchmaking:series-detail": series,
    "matchmaking:series-update": series,
    "matchmaking:venue-detail": venue,
    "matchmaking:venue-update": venue,
    "matchmaking:appeal-decide": appeal,
    "matchmaking:appeal-detail": appeal,
    "matchmaking:block-lift": block,
    "matchmaking:report-detail": report,
    "matchmaking:report-release": report_in_hand,
    "matchmaking:report-settle": report_in_hand,
    "matchmaking:report-take": report,
    "matchmaking:report-unhold": report,
    "matchmaking:single-ask": single,
    "matchmaking:single-block": single,
    "matchmaking:single-detail": single,
    "matchmaking:single-photo": single_photo,
    "matchmaking:single-photo-remove": single_photo,
    "matchmaking:single-report-about": report_about,
    "matchmaking:vetting-confirm": vetting,
    "matchmaking:vetting-detail": vetting,
    "matchmaking:vetting-refuse": vetting,
    **{f"matchmaking:volunteer-{page}": volunteer for page in ("activate", "detail", "end", "rest", "train")},
    **{f"matchmaking:case-{page}": case for page in ("contact", "detail", "suggestions", "update")},
    "matchmaking:case-introduce": case_and_other,
    **{f"matchmaking:introduction-{page}": guided for page in ("guide", "guide-end", "guide-time", "met", "together")},
    **{f"matchmaking:introduction-{page}": introduction for page in ("contact", "detail", "end", "feedback", "time")},
}

# URL name -> (builder, why its object is not secret to an organisation).
ANYONES = {
    "matchmaking:theme-update": (theme, "themes are reference data, the same for all"),
    **{
        f"matchmaking:meet-{page}": (meet, "whoever has the link of a published event may read about it")
        for page in (
            "accept",
            "agree",
            "choose",
            "detail",
            "here",
            "join",
            "joined",
            "leave",
            "table",
            "ticket",
            "ticket-code",
            "walk-in",
        )
    },
    **{
        f"matchmaking:ceremony-{page}": (wedding, "every member may read about an open wedding")
        for page in ("ask", "detail")
    },
}

# Model in the admin -> why its rows belong to no organisation: administrators at every level read them.
ADMIN_ANYONES = {
    "matchmaking.EventTheme": "themes are reference data, the same for all",
    "matchmaking.HobbyTag": "hobbies are the same for all",
    "matchmaking.ScoreWeight": "weights are the same for all",
}

# Pages that require no sign-in, and why.
PUBLIC = {
    "matchmaking:meet-detail": "a published event, opened from its link or poster",
}
# Other things an address may be about: namespace -> {thing: why it is not the name of a model}.
OTHER_THINGS = {
    "matchmaking": {
        "caseload": "a matchmaker's own people",
        "ceremony": "a group wedding as couples see it",
        "door": "who comes in to an event",
        "helping": "a member's own help as a matchmaker",
        "my-matchmaker": "who looks after a single",
        "meet": "an event as singles see it, by its slug",
        "single": "a profile as its owner and other singles see it",
        "vetting": "a profile as who gives the word on it sees it",
        "plan": "introductions that are proposed: a calculation, no rows",
    },
}
