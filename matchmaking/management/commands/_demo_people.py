"""The demo's organisations and people, made by the services that pages call."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import CommandError

from deploy.demo_data.cast import PASSWORD
from matchmaking.management.commands._demo_roster import roster_file
from portal.audit.services import audit_record
from portal.core.fields import reserve_pks
from portal.exchange import services as exchange
from portal.exchange.choices import RunState
from portal.members.backends import login_key_of_name
from portal.members.choices import CodePurpose, IdentityKind, MaritalStatus
from portal.members.imports import RosterRegister
from portal.members.models import Member, PasswordHistory
from portal.members.real_names import demo_cards_issue
from portal.members.services import (
    code_confirm,
    code_send,
    duty_give,
    member_activate,
    member_create,
    password_set,
    phone_index_of,
)
from portal.messaging.channels import FileSms
from portal.messaging.services import job_run
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization, Region
from portal.organizations.services import organization_build, organization_create, organizations_bulk_create

INDUSTRIES = (
    ("教科文卫体工会", "教科文卫体"),
    ("财贸轻纺工会", "财贸轻纺"),
    ("国防邮电工会", "国防邮电"),
    ("机冶建材工会", "机冶建材"),
    ("能源化工工会", "能源化工"),
    ("农林水工会", "农林水"),
)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
# A code lives five minutes; so many people at a time read and type theirs.
AT_A_TIME = 100


def tree_plant(people):
    """Found the tree; return the federations by their region's code and the units by name."""
    regions = list(Region.objects.filter(statistical=False).order_by("level", "code"))
    top, rest = regions[0], regions[1:]
    root = organization_create(
        actor=None, kind=OrganizationKind.PROVINCE, name=f"{top.name}总工会", short_name="省总工会", region=top
    )
    by_code = {top.code: root}
    planned = [*people.units, *people.other_units]
    pks = iter(reserve_pks(Organization, len(rest) + len(INDUSTRIES) + len(planned)))
    rows = []
    for region in rest:
        above = by_code[region.parent_id]
        in_city = region.level == 3 and region.name.endswith("区")
        by_code[region.code] = organization_build(
            pk=next(pks),
            parent=above,
            kind=OrganizationKind.CITY if region.level == 2 else OrganizationKind.COUNTY,
            # District names such as 向阳区 stand in several cities.
            name=f"{above.region.name if in_city else ''}{region.name}总工会",
            short_name=region.short_name,
            region=region,
        )
        rows.append(by_code[region.code])
    rows += [
        organization_build(
            pk=next(pks),
            parent=root,
            kind=OrganizationKind.INDUSTRIAL,
            name=f"{top.short_name}省{name}",
            short_name=short_name,
            region=top,
        )
        for name, short_name in INDUSTRIES
    ]
    units = {}
    for plan in planned:
        above = by_code[plan.county]
        units[plan.name] = organization_build(
            pk=next(pks),
            parent=above,
            kind=OrganizationKind.GRASSROOTS,
            name=plan.name,
            short_name=plan.short_name,
            region=above.region,
        )
    organizations_bulk_create(rows=[*rows, *units.values()])
    return by_code, units


def _person(person, organization, marital_status):
    return member_create(
        actor=None,
        organization=organization,
        name=person.name,
        sex=person.sex,
        identity_kind=IdentityKind.RESIDENT,
        identity_number=person.identity,
        phone=person.phone,
        marital_status=marital_status,
    )


def staff_appoint(people, by_code, units):
    """Write the members of staff down with login name, password and duty; return them by login name."""
    validate_password(PASSWORD)
    first, others = None, []
    for one in people.staff:
        unit = people.unit_at(one.place)
        organization = units[unit.name] if unit else by_code[one.place]
        member = _person(one.person, organization, MaritalStatus.UNKNOWN)
        if first is None:
            first = password_set(actor=None, member=member, login_name=one.login_name, password=PASSWORD)
        else:
            others.append((member, one.login_name))
        duty_give(actor=None, member=member, organization=organization, role=one.role)
    _logins_share(first, others)
    found = members_of(one.person for one in people.staff)
    return {one.login_name: found[one.person.phone] for one in people.staff}


def _logins_share(first, others):
    """Give ``others`` their login names and the password of ``first``: hashing it for each would take very long."""
    for member, login_name in others:
        member.login_key = login_key_of_name(login_name)
        member.password, member.password_changed_at = first.password, first.password_changed_at
        member.activated_at = first.activated_at
        member.proven_at, member.proof = first.proven_at, first.proof
        audit_record(actor=None, action="member.password", about=member, fields=["login_key", "password"])
    members = [member for member, _login_name in others]
    written = ["login_key", "password", "password_changed_at", "activated_at", "proven_at", "proof"]
    Member.objects.bulk_update(members, written)
    PasswordHistory.objects.bulk_create(PasswordHistory(member=one, password=one.password) for one in members)


def members_of(persons):
    """Return the members who are ``persons``, by phone."""
    index = {phone_index_of(person.phone): person.phone for person in persons}
    rows = Member.objects.filter(phone_index__in=index).select_related("organization")
    return {index[row.phone_index]: row for row in rows}


def roster_import(*, actor, organization, singles, name, faults=False):
    """Take the roster of ``singles`` in as the import page and its worker do; return the run."""
    content = roster_file(singles, faults=faults)
    run = exchange.import_start(
        actor=actor, organization=organization, register=RosterRegister(), upload=SimpleUploadedFile(name, content)
    )
    job_run(job_id=run.job_id, work=exchange.import_check)
    run.refresh_from_db()
    wanted = RunState.CHECKED_FAULTY if faults else RunState.CHECKED_CLEAN
    if not faults and run.state == wanted:
        run, wanted = exchange.import_confirm(run=run, actor=actor), RunState.IMPORTED
        job_run(job_id=run.job_id, work=exchange.import_write)
        run.refresh_from_db()
    if run.state != wanted:
        raise CommandError(f"The roster {name} ended as {run.state}: {run.summary} {run.faults[:3]}")
    return run


def people_write(people, units, seats):
    """Write down who comes from no roster file: the volunteers at ``seats``, and who has not activated yet."""
    helpers_write(people.volunteers, seats)
    _person(people.waiting.person, units[people.waiting.unit.name], MaritalStatus.SINGLE)


def everybody(people):
    """Return all persons of the cast."""
    parts = (people.singles, people.newcomers, people.elsewhere, *(city.singles for city in people.cities))
    volunteers = (people.volunteers, *(city.volunteers for city in people.cities))
    return [
        *(one.person for one in (*people.staff, people.waiting)),
        *(single.person for part in parts for single in part),
        *(person for part in volunteers for person in part),
    ]


def cards_issue(persons):
    """Have the demo's operator know ``persons`` by the numbers they have now, whatever a roster says later."""
    demo_cards_issue([(person.phone, person.name, person.identity) for person in persons])


def helpers_write(persons, seats):
    """Write volunteer matchmakers down at ``seats``, by turns."""
    for number, person in enumerate(persons):
        _person(person, seats[number % len(seats)], MaritalStatus.OTHER)


def accounts_activate(persons):
    """Let each of ``persons`` open her account: she asks for a code, reads her SMS, and proves who she is."""
    persons = list(persons)
    for start in range(0, len(persons), AT_A_TIME):
        batch = persons[start : start + AT_A_TIME]
        codes = {one.phone: code_send(phone=one.phone, purpose=CodePurpose.SIGN_IN, address=one.phone) for one in batch}
        received = _messages_take(codes)
        for one in batch:
            code = code_confirm(code_row=codes[one.phone], code=received[one.phone])
            member_activate(code_row=code, name=one.name)


def _messages_take(phones):
    """Return the code that each of ``phones`` received and delete these messages: nobody needs them any more."""
    found = {}
    for entry in FileSms.sent(limit=10**6):
        if entry["phone"] in phones:
            found.setdefault(entry["phone"], _CODE.search(entry["text"]).group())
            (Path(settings.SMS_DIR) / f"{entry['key']}.json").unlink(missing_ok=True)
    return found
