"""One object for each address with arguments: the arguments, and the person who has access.

Add a builder for each new address with arguments; the crawl fails until it is here, or in ``tests/<area>/objects.py``
for an address of an area. A builder takes a ``Home`` and returns the keyword arguments of the address, or a pair of
these and the person who has access where that is not the chair of the city.
"""

from datetime import date

from django.core import signing
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.choices import Area
from portal.core.roles import Role
from portal.exchange.choices import ExportState
from portal.exchange.models import ExportRun, ImportRun
from portal.inspections.services.rubrics import version_begin, version_submit
from portal.members.models import Consent
from portal.members.services.data_requests import data_request_open
from portal.messaging.choices import Channel
from portal.messaging.models import Message, TodoDelegation
from portal.messaging.services.choosing import SALT, mailbox_set
from portal.messaging.services.jobs import job_post
from portal.notices.choices import NoticeState
from portal.notices.models import NoticeFile
from portal.organizations.services.employers import employer_create
from portal.papers.codes import code_make
from portal.papers.models import AgencyWord, Certificate
from portal.statistics.models import FigureFault, RangeCount, Recount, Target
from tests.areas import Home as Home  # used by the builders of all areas
from tests.areas import merged
from tests.factories.exchange import make_file_row
from tests.factories.inspections import make_rubric, make_version
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
from tests.factories.organizations import make_organization, make_province


def organization(home):
    return {"pk": home.city.pk}


def rubric(home):
    return {"pk": make_rubric().pk}


def rubric_to_change(home):
    return rubric(home), make_staff(make_province())


def version(home):
    return {"pk": make_rubric().versions.get().pk}


def draft(home):
    return {"pk": make_version().pk}, make_staff(make_province())


def submitted_version(home):
    """Create a version that waits for the second person, a reviewer of the province."""
    author, second = make_staff(make_province()), make_staff(make_province(), Role.REVIEWER)
    waiting = version_submit(actor=author, version=version_begin(actor=author, rubric=make_rubric()))
    return {"pk": waiting.pk}, second


def rubric_item(home):
    return {"pk": make_version().items.get().pk}, make_staff(make_province())


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
    """Create a transfer that leaves the city; the chair decides on it."""
    return {"pk": make_transfer(make_member(organization=home.city), make_organization()).pk}


def asked_transfer(home):
    """Create a transfer that the city asks for; the chair may withdraw it."""
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


def import_run(home):
    file = make_file_row(home.chair)
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
    return {"pk": NoticeFile.objects.create(notice=held, file=make_file_row(home.chair)).pk}


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


def account(home):
    return {"pk": make_member(home.city, phone=phone_number(4477)).pk}


def phone_change(home):
    return {"pk": make_phone_change(make_member(home.city, phone=phone_number(4478))).pk}


def own_phone_change(home):
    person = make_member(home.city, phone=phone_number(4479))
    return {"pk": make_phone_change(person).pk}, person


def certificate(home):
    """Create a certificate of a kind that no area declares, as one of an area out of service is."""
    code = code_make()
    Certificate.objects.create(
        kind="a.b",
        number=f"示例工牌〔2026〕{Certificate.objects.count() + 1}号",
        code=code,
        organization=home.city,
        about_model="a.b",
        about_id=Certificate.objects.count() + 1,
        title="a",
        issued_on=date(2026, 3, 2),
        issued_by=home.chair,
    )
    return {"code": code}


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
    "messaging:mailbox-confirm": mailbox,
    "messaging:todo-delegation-end": delegation,
    "statistics:range-part": range_of_months,
}

RUBRICS = "the province keeps the rubrics of all"
# URL name -> (builder, why its object belongs to no organisation).
ANYONES = {
    **{f"inspections:item-{page}": (rubric_item, RUBRICS) for page in ("remove", "update")},
    "inspections:rubric-begin": (rubric_to_change, RUBRICS),
    "inspections:rubric-detail": (rubric, RUBRICS),
    "inspections:version-detail": (version, RUBRICS),
    **{f"inspections:version-{page}": (draft, RUBRICS) for page in ("discard", "grade", "item", "submit")},
    **{f"inspections:version-{page}": (submitted_version, RUBRICS) for page in ("publish", "return")},
    "members:request-create": (lambda home: {"kind": "correct"}, "what may be asked for is code"),
    "exchange:import-start": (register, "a register is code"),
    "exchange:import-template": (register, "a register is code"),
    "papers:certificate-check": (certificate, "whoever holds the code, which is printed on a plate"),
    "members:sign-in-invitation": (invitation, "whoever holds the link, which is the secret"),
}


def audit_entry(home):
    return AuditEntry.objects.create(action="a.b", organization_path=home.city.path)


def figure_fault(home):
    now = timezone.now()
    recount = Recount.objects.create(kind="full", started_at=now, finished_at=now)
    return FigureFault.objects.create(
        recount=recount, indicator="MM01", organization=home.city, start=date(2026, 3, 1), was=None, now=1
    )


# Model in the admin -> builder of a row of the home city; administrators of another city must not open it.
ADMIN_OBJECTS = {
    "audit.AuditEntry": audit_entry,
    "members.Duty": lambda home: home.chair.duties[0],
    "members.Member": lambda home: make_member(organization=home.city),
    "organizations.Organization": lambda home: home.city,
    "papers.AgencyWord": lambda home: AgencyWord.objects.create(organization=home.city, kind="a.b", word="黑工监提"),
    "statistics.FigureFault": figure_fault,
    "statistics.Target": lambda home: Target.objects.create(
        indicator="MM01", organization=home.city, year=2026, value=3
    ),
}
# Model in the admin -> why its rows belong to no organisation: administrators at every level read them.
ADMIN_ANYONES = {
    "deadlines.ClockRule": "how deadlines are counted is the same for all",
    "messaging.Job": "the outbox as a whole: kinds and states, no words",
    "messaging.Reminder": "the ledger as a whole: rules and days, no people",
    "messaging.Message": "the outbox as a whole: kinds and states, no words",
    "papers.LetterTemplate": "letters look the same in the whole province",
    "statistics.FigureFault": "figures of the whole province, no people",
    "statistics.IndicatorDefinition": "what an indicator means is the same for all",
    "statistics.Recount": "the log of recounts: numbers alone",
    "statistics.Target": "set by the system's administrators for the whole province",
    "organizations.CalendarDay": "the calendar is the same for all",
    "organizations.LegalParameter": "the law is the same for all",
    "organizations.Region": "regions are public",
}

OBJECTS = merged(OBJECTS, "objects", "OBJECTS")
ANYONES = merged(ANYONES, "objects", "ANYONES")
ADMIN_OBJECTS = merged(ADMIN_OBJECTS, "objects", "ADMIN_OBJECTS")
ADMIN_ANYONES = merged(ADMIN_ANYONES, "objects", "ADMIN_ANYONES")
