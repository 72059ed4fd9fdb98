"""Builders of the rights area."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from io import StringIO
from itertools import count

from django.core.management import call_command
from django.utils import timezone

from portal.core.fields import reserve_pks
from portal.core.roles import Role
from portal.exchange.choices import FileKind
from portal.members.models import Member
from portal.organizations.models import Organization, Region
from portal.receipts.services import receipt_give
from rights.choices.cases import (
    AssignedAs,
    CaseCategory,
    CaseState,
    LedgerKind,
    Naming,
    Outcome,
    ProtectedPeriod,
    StepKind,
)
from rights.choices.law_sessions import LawSessionState
from rights.choices.stations import HostKind, Weekday
from rights.models import (
    CaseAssignment,
    CaseFile,
    CaseLedgerEntry,
    CaseStep,
    LawSession,
    RightsCase,
    RightsStation,
    StationShift,
)
from rights.services.cases import case_accept, case_submit
from tests.factories.exchange import make_file
from tests.factories.matchmaking_library import make_region
from tests.factories.members import make_member, make_staff
from tests.factories.organizations import make_organization, make_province

_numbers = count(1)


def make_station(organization=None, **fields):
    fields = {
        "name": f"示例维权工作站{next(_numbers)}",
        "host_kind": HostKind.ARBITRATION,
        "host": "示例区仲裁院",
        "address": "示例路1号",
        "hours": "工作日9:00-17:00",
        **fields,
    }
    region = fields.pop("region", None) or Region.objects.filter(level=2).first() or make_region()
    return RightsStation.objects.create(organization=organization or make_organization(), region=region, **fields)


def make_law_session(organization=None, **fields):
    starts = fields.pop("starts_at", None) or timezone.now() + timedelta(days=3)
    fields = {
        "title": f"示例普法讲座{next(_numbers)}",
        "summary": "讲解女职工特殊保护。",
        "place": "示例文化宫",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "places_total": 30,
        "state": LawSessionState.OPEN,
        **fields,
    }
    return LawSession.objects.create(organization=organization or make_organization(), **fields)


def make_shift(station=None, member=None, **fields):
    station = station or make_station()
    member = member or make_member(organization=station.organization)
    fields = {"weekday": Weekday.MONDAY, "starts": time(9), "ends": time(11, 30), **fields}
    return StationShift.objects.create(station=station, member=member, **fields)


def make_rights_law():
    """Load the legal numbers and the working days that ship with the portal."""
    for command in ("load_legal_parameters", "load_calendar"):
        call_command(command, stdout=StringIO())


@dataclass
class Line:
    """A county with its region, its chair and cadre, the city and the province above it, and their chairs."""

    region: Region
    county: Organization
    city: Organization
    province: Organization
    chair: Member
    cadre: Member
    city_chair: Member
    province_chair: Member


def make_line(code="230102"):
    """Create a county (region ``code``) below its city, each level with people who work on rights."""
    city_region = make_region(f"{code[:4]}00", f"示例{code[2:4]}市")
    fields = {"name": f"示例{code[2:]}区", "short_name": "示例区", "level": 3, "parent": city_region}
    region = Region.objects.get_or_create(code=code, defaults={**fields, "valid_from": date(2000, 1, 1)})[0]
    province = make_province()
    city = make_organization(province, kind="city", region=city_region)
    county = make_organization(city, kind="county", region=region)
    return Line(
        region=region,
        county=county,
        city=city,
        province=province,
        chair=make_staff(county),
        cadre=make_staff(county, role=Role.CADRE),
        city_chair=make_staff(city),
        province_chair=make_staff(province),
    )


def make_case(line=None, **fields):
    """Submit a request in the county of ``line``; return the case and the code of its receipt."""
    fields = {
        "naming": Naming.HIDDEN,
        "region": (line or make_line()).region,
        "category": CaseCategory.DISMISSAL,
        "period": ProtectedPeriod.PREGNANCY,
        "story": "单位在我孕期口头通知不用再来上班。",
        "name": "示例李",
        "phone": "12000000031",
        "employer": "示例纺织厂",
        **fields,
    }
    return case_submit(**fields)


def make_handled_case(line=None, **fields):
    """Submit a request, and let the county's cadre accept it; return the case."""
    line = line or make_line()
    case, _code = make_case(line, **fields)
    return case_accept(actor=line.cadre, case=case)


def make_case_at(organization, *members, state=CaseState.HANDLING, **fields):
    """Create a case at ``organization`` without the services, assigned to ``members`` in every role."""
    (pk,) = reserve_pks(RightsCase)
    region = organization.region or make_region()
    number = next(_numbers)
    fields = {
        "naming": Naming.HIDDEN,
        "category": CaseCategory.DISMISSAL,
        "number": "" if state == CaseState.SUBMITTED else f"示例女维〔2026〕{number}号",
        "name": "示例李",
        "story": "单位在我孕期口头通知不用再来上班。",
        "consent_version": "2026-11",
        "submitted_at": timezone.now(),
        "due_on": timezone.localdate(),
        "outcome": Outcome.ADVISED if state in (CaseState.CLOSING, CaseState.CLOSED) else "",
        **fields,
    }
    case = RightsCase(pk=pk, organization=organization, region=region, state=state, **fields)
    receipt_give(row=case)
    case.save(force_insert=True)
    for member in members:
        for role in AssignedAs:
            (row,) = reserve_pks(CaseAssignment)
            CaseAssignment.objects.create(pk=row, case=case, member=member, role=role, valid_from=timezone.localdate())
    return case


def make_left(case, member):
    """Let a member step out of a case that was assigned to them."""
    (pk,) = reserve_pks(CaseAssignment)
    today = timezone.localdate()
    return CaseAssignment.objects.create(
        pk=pk,
        case=case,
        member=member,
        role=AssignedAs.HANDLER,
        valid_from=today,
        valid_until=today,
        stepped_out=True,
        reason="表亲关系",
    )


def make_step(case, author, **fields):
    """Create a step of a case that waits for the result of a mediation."""
    (pk,) = reserve_pks(CaseStep)
    today = timezone.localdate()
    fields = {"kind": StepKind.MEDIATE, "on": today, "due_on": today, **fields}
    return CaseStep.objects.create(pk=pk, case=case, author=author, **fields)


def make_case_file(case, author):
    """Create a file of a case, uploaded by ``author``."""
    stored = make_file(author, FileKind.DOCUMENT, "application/pdf")
    return CaseFile.objects.create(case=case, stored=stored, author=author)


def make_ledger_entry(organization, **fields):
    """Create a row of the ledger that is counted."""
    fields = {"kind": LedgerKind.ASKED, "on": timezone.localdate(), "category": CaseCategory.WAGES, **fields}
    fields.setdefault("released", True)
    return CaseLedgerEntry.objects.create(organization=organization, **fields)
