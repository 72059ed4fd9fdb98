"""One object for each address that names one: who is let in, and with which arguments.

Add a builder for each new address with arguments; the walk fails until it is here. A builder takes a ``Home`` and
returns the keyword arguments of the address, or a pair of these and the person who is let in where that is not the
chair of the city.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.utils import timezone

from matchmaking.choices import EventState, IntroductionState, ProfileState
from matchmaking.models import AbuseReport, EventBudget, Pair, SingleProfile
from matchmaking.services import block_set, door_token, report_take, seats_plan
from portal.audit.models import AuditEntry
from portal.core.choices import Area, Sex
from portal.exchange.choices import ExportState, FileKind
from portal.exchange.models import ExportRun, ImportRun, StoredFile
from portal.members.models import Consent, Member
from portal.members.services import data_request_open
from portal.messaging.choices import Channel
from portal.messaging.models import Message, TodoDelegation
from portal.messaging.services import job_post
from portal.messaging.services.choosing import SALT, mailbox_set
from portal.notices.choices import NoticeState
from portal.notices.models import NoticeFile
from portal.organizations.models import Organization
from portal.organizations.services import employer_create
from portal.statistics.models import FigureFault, RangeCount, Recount, Target
from rights.choices import StationState
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.matchmaking_after import (
    make_asked,
    make_couple,
    make_nomination,
    make_pair,
    make_release,
    make_ticket,
    make_wedding,
)
from tests.factories.matchmaking_matchmakers import make_case, make_introduction, make_volunteer
from tests.factories.matchmaking_matchmakers import make_profile as make_active_profile
from tests.factories.matchmaking_planning import (
    make_budget,
    make_cost,
    make_demand,
    make_invitation,
    make_partner,
    make_series,
    make_theme,
    make_venue,
)
from tests.factories.matchmaking_singles import (
    make_appeal,
    make_photo,
    make_profile,
    make_report,
)
from tests.factories.matchmaking_singles import make_couple as make_two_singles
from tests.factories.members import (
    make_appointment,
    make_child,
    make_duty,
    make_member,
    make_phone_change,
    make_staff,
    make_transfer,
    make_vouching,
    phone_number,
)
from tests.factories.notices import make_notice
from tests.factories.organizations import make_organization, make_province, make_unit
from tests.factories.rights import make_shift, make_station


@dataclass
class Home:
    """The place an object lives in: a city, its chair, and the chair's neighbour who must not see it."""

    city: Organization
    chair: Member


def organization(home):
    return {"pk": home.city.pk}


def employer(home):
    return {"pk": employer_create(actor=home.chair, organization=home.city, name="示例公司").pk}


def member(home):
    return {"pk": make_member(organization=home.city).pk}


def duty(home):
    return {"pk": make_duty(make_member(organization=home.city), home.city).pk}


def vouching(home):
    return {"pk": make_vouching(home.city).pk}


def appointment(home):
    place = home.city.parent or home.city
    return {"pk": make_appointment(make_member(organization=home.city), home.city, home.chair, waits_at=place).pk}


def transfer(home):
    """One that leaves the city; the chair decides."""
    return {"pk": make_transfer(make_member(organization=home.city), make_organization()).pk}


def asked_transfer(home):
    """One that the city asks for; the chair takes it back."""
    return {"pk": make_transfer(make_member(make_organization()), home.city).pk}


def invitation(home):
    return {"token": "0" * 64}


def data_request(home):
    asked = data_request_open(member=make_member(organization=home.city), kind="correct", words="a")
    return {"pk": asked.pk}


def own_request(home):
    owner = make_member(organization=home.city)
    return {"pk": data_request_open(member=owner, kind="correct", words="a").pk}, owner


def masked(home):
    return {"pk": make_member(organization=home.city, phone="12000000009").pk, "field": "phone"}


def consent(home):
    owner = make_member(organization=home.city)
    given = Consent.objects.create(member=owner, purpose="a", version=1, language="en", text_digest="0" * 64)
    return {"pk": given.pk}, owner


def child(home):
    guardian = make_member(organization=home.city)
    return {"pk": make_child(guardian).pk}, guardian


def stored_file(home):
    made = StoredFile(key=secrets.token_hex(20), name="a", kind=FileKind.values[0], size=1, uploaded_by=home.chair)
    made.save()
    return made


def import_run(home):
    file = stored_file(home)
    run = ImportRun.objects.create(
        register="members.roster", organization=home.city, uploaded_by=home.chair, file=file, language="zh-hans"
    )
    return {"pk": run.pk}


def export_run(home):
    asked = make_staff(home.city)
    run = ExportRun.objects.create(
        address="/members/",
        list_name="members:member-list",
        title="a",
        area=Area.MEMBERS,
        organization=home.city,
        paths=[home.city.path],
        format="csv",
        reason="report",
        language="en",
        rows=2000,
        requested_by=asked,
        state=ExportState.WAITING,
    )
    return {"pk": run.pk}


def own_export_run(home):
    made = export_run(home)
    return made, ExportRun.objects.get(pk=made["pk"]).requested_by


def register(home):
    return {"register": "members.roster"}


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
    card = make_participation(held, photo=stored_file(home))
    return {"slug": held.slug, "pk": card.pk}, card.member


def mailbox(home):
    owner = make_member(organization=home.city)
    box = mailbox_set(actor=owner, address="a@example.org")
    return {"token": signing.dumps({"pk": box.pk, "index": box.address_index[:16]}, salt=SALT)}, owner


def delegation(home):
    made = TodoDelegation.objects.create(key="/", given_by=home.chair, given_to=make_staff(home.city))
    return {"pk": made.pk}


def message(home):
    return {"pk": Message.objects.create(recipient=home.chair, kind="a.b", channel=Channel.IN_APP).pk}


def notice(home):
    return {"pk": make_notice(home.city, created_by=home.chair).pk}


def posted(home):
    return {"pk": make_notice(home.city, created_by=home.chair, state=NoticeState.PUBLISHED).pk}


def notice_file(home):
    held = make_notice(home.city, created_by=home.chair)
    return {"pk": NoticeFile.objects.create(notice=held, file=stored_file(home)).pk}


def station(home):
    return {"pk": make_station(home.city).pk}


def paused_station(home):
    return {"pk": make_station(home.city, state=StationState.PAUSED).pk}


def shift(home):
    return {"pk": make_shift(make_station(home.city)).pk}


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


def range_of_months(home):
    count = RangeCount.objects.create(
        actor=home.chair,
        indicator="MM02p",
        organization=home.city,
        first=date(2026, 2, 1),
        last=date(2026, 4, 30),
        job=job_post(kind="statistics.range_count", actor=home.chair, about_id=1),
    )
    return {"pk": count.pk}


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


def account(home):
    return {"pk": make_member(home.city, phone=phone_number(4477)).pk}


def phone_change(home):
    return {"pk": make_phone_change(make_member(home.city, phone=phone_number(4478))).pk}


def own_phone_change(home):
    person = make_member(home.city, phone=phone_number(4479))
    return {"pk": make_phone_change(person).pk}, person


# URL name -> builder.
OBJECTS = {
    "exchange:export-run-decline": export_run,
    "exchange:export-run-detail": export_run,
    "exchange:export-run-download": own_export_run,
    "exchange:export-run-part": export_run,
    "exchange:export-run-release": export_run,
    "exchange:run-detail": import_run,
    "exchange:run-confirm": import_run,
    "exchange:run-discard": import_run,
    "exchange:run-faults": import_run,
    "exchange:run-part": import_run,
    "exchange:run-take-back": import_run,
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
    "members:appointment-approve": appointment,
    "members:appointment-detail": appointment,
    "members:appointment-refuse": appointment,
    "members:appointment-withdraw": appointment,
    "members:child-care": child,
    "members:child-remove": child,
    "members:child-update": child,
    "members:consent-withdraw": consent,
    "members:duty-detail": duty,
    "members:duty-end": duty,
    "members:duty-hand-over": duty,
    "members:member-detail": member,
    "members:member-factor": member,
    "members:member-hand-link": member,
    "members:member-invite": member,
    "members:member-phone": member,
    "members:member-unlock": member,
    "members:member-update": member,
    "members:member-vouch": member,
    "members:transfer-confirm": transfer,
    "members:transfer-detail": transfer,
    "members:transfer-refuse": transfer,
    "members:transfer-withdraw": asked_transfer,
    "members:vouching-detail": vouching,
    "members:vouching-grant": vouching,
    "members:vouching-refuse": vouching,
    "members:vouching-transfer": vouching,
    "members:member-dispute": account,
    "members:member-paper-codes": account,
    "members:member-seen": account,
    "members:phone-change-detail": phone_change,
    "members:phone-change-paper": phone_change,
    "members:phone-change-seen": phone_change,
    "members:phone-change-stop": own_phone_change,
    "members:phone-change-withdraw": phone_change,
    "members:member-reveal": masked,
    "members:request-detail": data_request,
    "members:request-settle": data_request,
    "members:request-withdraw": own_request,
    "messaging:message-open": message,
    "notices:file-open": notice_file,
    "notices:file-remove": notice_file,
    "notices:notice-approve": notice,
    "notices:notice-attach": notice,
    "notices:notice-detail": notice,
    "notices:notice-publish": notice,
    "notices:notice-return": notice,
    "notices:notice-submit": notice,
    "notices:notice-update": notice,
    "notices:notice-withdraw": notice,
    "notices:posted-confirm": posted,
    "notices:posted-detail": posted,
    **{
        f"organizations:{page}": organization
        for page in (
            "committee-end",
            "committee-record",
            "count-record",
            "organization-children",
            "organization-close",
            "organization-detail",
            "organization-merge",
            "organization-move",
            "organization-reopen",
            "organization-update",
        )
    },
    "organizations:employer-detail": employer,
    "organizations:employer-update": employer,
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
    **{f"rights:station-{page}": station for page in ("detail", "end", "pause", "shift", "update")},
    "rights:station-reopen": paused_station,
    "rights:shift-remove": shift,
    "messaging:mailbox-confirm": mailbox,
    "messaging:todo-delegation-end": delegation,
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
    "statistics:range-part": range_of_months,
    **{f"matchmaking:volunteer-{page}": volunteer for page in ("activate", "detail", "end", "rest", "train")},
    **{f"matchmaking:case-{page}": case for page in ("contact", "detail", "suggestions", "update")},
    "matchmaking:case-introduce": case_and_other,
    **{f"matchmaking:introduction-{page}": guided for page in ("guide", "guide-end", "guide-time", "met", "together")},
    **{f"matchmaking:introduction-{page}": introduction for page in ("contact", "detail", "end", "feedback", "time")},
}

# URL name -> (builder, why its object is no secret of a place).
ANYONES = {
    "members:request-create": (lambda home: {"kind": "correct"}, "what may be asked for is code"),
    "exchange:import-start": (register, "a register is code"),
    "exchange:import-template": (register, "a register is code"),
    "matchmaking:theme-update": (theme, "themes are reference data, the same for all"),
    "members:sign-in-invitation": (invitation, "whoever holds the link, which is the secret"),
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


def audit_entry(home):
    return AuditEntry.objects.create(action="a.b", organization_path=home.city.path)


def figure_fault(home):
    now = timezone.now()
    recount = Recount.objects.create(kind="full", started_at=now, finished_at=now)
    return FigureFault.objects.create(
        recount=recount, indicator="MM01", organization=home.city, start=date(2026, 3, 1), was=None, now=1
    )


# Model in the admin -> builder of a row of the home; administrators of another city must not open it.
ADMIN_OBJECTS = {
    "audit.AuditEntry": audit_entry,
    "matchmaking.MatchEvent": lambda home: make_event(home.city, created_by=home.chair),
    "matchmaking.EventSeries": lambda home: make_series(home.city),
    "matchmaking.Venue": lambda home: make_venue(home.city),
    "matchmaking.FollowUp": lambda home: make_pair(make_event(home.city, created_by=home.chair)).follow_ups.first(),
    "matchmaking.GroupWedding": lambda home: make_wedding(home.city, created_by=home.chair),
    "matchmaking.HotlineTicket": lambda home: make_ticket(home.city, actor=home.chair),
    "matchmaking.MediaRelease": lambda home: make_release(home.city),
    "matchmaking.Nomination": lambda home: make_nomination(home.city, actor=home.chair),
    "matchmaking.Pair": lambda home: make_pair(make_event(home.city, created_by=home.chair)),
    "matchmaking.SingleProfile": lambda home: make_profile(unit=make_unit(home.city)),
    "matchmaking.Volunteer": lambda home: make_volunteer(home.city),
    "members.Duty": lambda home: home.chair.duties[0],
    "members.Member": lambda home: make_member(organization=home.city),
    "notices.Notice": lambda home: make_notice(home.city, created_by=home.chair),
    "organizations.Organization": lambda home: home.city,
    "statistics.FigureFault": figure_fault,
    "statistics.Target": lambda home: Target.objects.create(
        indicator="MM01", organization=home.city, year=2026, value=3
    ),
}
# Model in the admin -> why its rows belong to no place: administrators at every level read them.
ADMIN_ANYONES = {
    "matchmaking.EventTheme": "themes are reference data, the same for all",
    "matchmaking.HobbyTag": "hobbies are the same for all",
    "matchmaking.ScoreWeight": "weights are the same for all",
    "messaging.Job": "the outbox as a whole: kinds and states, no words",
    "messaging.Reminder": "the ledger as a whole: rules and days, no people",
    "messaging.Message": "the outbox as a whole: kinds and states, no words",
    "statistics.FigureFault": "figures of the whole province, no people",
    "statistics.IndicatorDefinition": "what an indicator means is the same for all",
    "statistics.Recount": "the log of recounts: numbers alone",
    "statistics.Target": "set by the system's administrators for the whole province",
    "organizations.CalendarDay": "the calendar is the same for all",
    "organizations.LegalParameter": "the law is the same for all",
    "organizations.Region": "regions are public",
}
