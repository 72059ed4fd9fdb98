"""The people of the demo and their accounts, created with the services that pages call."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from deploy.demo_data.cast import PASSWORD
from portal.audit.services import audit_record
from portal.members.backends import login_key_of_name
from portal.members.choices import CodePurpose, IdentityKind, MaritalStatus
from portal.members.models import Member, PasswordHistory
from portal.members.real_names import demo_cards_issue
from portal.members.services.activation import member_activate
from portal.members.services.appointments import duty_give
from portal.members.services.passwords import password_set
from portal.members.services.people import member_create, members_build, phone_index_of
from portal.members.services.sign_in import code_confirm, code_send
from portal.messaging.channels import FileSms

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
# A code is valid for five minutes; this many people at a time receive and enter theirs.
AT_A_TIME = 100


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
    """Create the members of staff with login name, password and duty; return them by login name."""
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
    """Give ``others`` their login names and the password hash of ``first``, since hashing takes long."""
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
    """Return the members for ``persons``, by phone."""
    index = {phone_index_of(person.phone): person.phone for person in persons}
    rows = Member.objects.filter(phone_index__in=index).select_related("organization")
    return {index[row.phone_index]: row for row in rows}


def people_write(people, places, units):
    """Create the people of no roster file: the volunteers, and the person with no activated account yet."""
    for units_of, volunteers in (
        (people.units, people.volunteers),
        *((city.units, city.volunteers) for city in people.cities),
    ):
        seats = [places[code] for code in sorted({unit.county for unit in units_of})]
        for number, person in enumerate(volunteers):
            _person(person, seats[number % len(seats)], MaritalStatus.OTHER)
    _person(people.waiting.person, units[people.waiting.unit.name], MaritalStatus.SINGLE)


def rosters_write(cities, units):
    """Create the singles of ``cities`` in bulk, as the import of their rosters would."""
    rows = [
        {
            "organization": units[single.unit.name],
            "name": single.person.name,
            "sex": single.person.sex,
            "identity_kind": IdentityKind.RESIDENT,
            "identity_number": single.person.identity,
            "birth_date": single.person.born,
            "phone": single.person.phone,
            "marital_status": MaritalStatus.SINGLE,
        }
        for city in cities
        for single in city.singles
    ]
    Member.objects.bulk_create(members_build(rows=rows), batch_size=500)


def cards_issue(people):
    """Register the phone of everybody with the demo's operator, whatever a roster says later."""
    demo_cards_issue([(person.phone, person.name, person.identity) for person in people.everybody])


def accounts_activate(persons):
    """Open an account for each of ``persons``: request a code, read its SMS, and confirm the identity."""
    persons = list(persons)
    for start in range(0, len(persons), AT_A_TIME):
        batch = persons[start : start + AT_A_TIME]
        codes = {one.phone: code_send(phone=one.phone, purpose=CodePurpose.SIGN_IN, address=one.phone) for one in batch}
        received = _messages_take(codes)
        for one in batch:
            code = code_confirm(code_row=codes[one.phone], code=received[one.phone])
            member_activate(code_row=code, name=one.name)


def _messages_take(phones):
    """Return the code sent to each of ``phones`` and delete these messages, which are no longer needed."""
    found = {}
    for entry in FileSms.sent(limit=10**6):
        if entry["phone"] in phones:
            found.setdefault(entry["phone"], _CODE.search(entry["text"]).group())
            (Path(settings.SMS_DIR) / f"{entry['key']}.json").unlink(missing_ok=True)
    return found
