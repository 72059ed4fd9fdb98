"""One object for each address that names one: who is let in, and with which arguments.

Add a builder for each new address with arguments; the walk fails until it is here. A builder takes a ``Home`` and
returns the keyword arguments of the address, or a pair of these and the person who is let in where that is not the
chair of the city.
"""

import secrets
from dataclasses import dataclass

from django.core import signing
from django.utils import timezone

from matchmaking.choices import EventState
from matchmaking.models import Pair
from portal.audit.models import AuditEntry
from portal.core.choices import Area, Sex
from portal.exchange.choices import ExportState, FileKind
from portal.exchange.models import ExportRun, ImportRun, StoredFile
from portal.members.models import Consent, Member
from portal.members.services import data_request_open
from portal.messaging.choices import Channel
from portal.messaging.models import Message, TodoDelegation
from portal.messaging.services.choosing import SALT, mailbox_set
from portal.notices.choices import NoticeState
from portal.notices.models import NoticeFile
from portal.organizations.models import Organization
from portal.organizations.services import employer_create
from tests.factories.matchmaking import make_event, make_participation
from tests.factories.members import make_duty, make_member, make_staff, make_vouching
from tests.factories.notices import make_notice


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
    "members:consent-withdraw": consent,
    "members:duty-detail": duty,
    "members:duty-end": duty,
    "members:member-detail": member,
    "members:member-factor": member,
    "members:member-invite": member,
    "members:member-phone": member,
    "members:member-unlock": member,
    "members:member-update": member,
    "members:member-vouch": member,
    "members:vouching-detail": vouching,
    "members:vouching-grant": vouching,
    "members:vouching-refuse": vouching,
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
    "messaging:mailbox-confirm": mailbox,
    "messaging:todo-delegation-end": delegation,
}

# URL name -> (builder, why its object is no secret of a place).
ANYONES = {
    "members:request-create": (lambda home: {"kind": "correct"}, "what may be asked for is code"),
    "exchange:import-start": (register, "a register is code"),
    "exchange:import-template": (register, "a register is code"),
    "members:sign-in-invitation": (invitation, "whoever holds the link, which is the secret"),
    **{
        f"matchmaking:meet-{page}": (meet, "whoever has the link of a published event may read about it")
        for page in ("accept", "choose", "detail", "join", "joined", "leave")
    },
}


def audit_entry(home):
    return AuditEntry.objects.create(action="a.b", organization_path=home.city.path)


# Model in the admin -> builder of a row of the home; administrators of another city must not open it.
ADMIN_OBJECTS = {
    "audit.AuditEntry": audit_entry,
    "matchmaking.MatchEvent": lambda home: make_event(home.city, created_by=home.chair),
    "members.Duty": lambda home: home.chair.duties[0],
    "members.Member": lambda home: make_member(organization=home.city),
    "notices.Notice": lambda home: make_notice(home.city, created_by=home.chair),
    "organizations.Organization": lambda home: home.city,
}
# Model in the admin -> why its rows belong to no place: administrators at every level read them.
ADMIN_ANYONES = {
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
