"""Builders of people and duties."""

import time
from datetime import timedelta
from itertools import count

from django.utils import timezone
from stdnum.cn import ric

from portal.core.choices import Sex
from portal.core.fields import reserve_pks
from portal.core.roles import Role
from portal.members.backends import login_key_of_name
from portal.members.choices import ChildRelation, ProofMeans
from portal.members.models import Appointment, Authenticator, Child, Duty, Member, PhoneChange, Transfer, Vouching
from portal.members.services.children import child_add, child_care_change
from portal.members.services.people import members_build, phone_index_of
from portal.web.numbers import NUMBERS
from tests.factories.organizations import make_organization, make_province

_numbers = count(1)
_ROSTER = ("name", "sex", "phone", "birth_date", "identity_kind", "identity_number", "marital_status")


def identity_number(serial, born="19950307", sex=Sex.FEMALE, area="999999"):
    """Return an identity number of the demo area.

    ``serial`` (0 to 499) distinguishes people of the same birthday and sex.
    """
    number = f"{area}{born}{serial * 2 + (sex == Sex.MALE):03d}"
    return number + ric.calc_check_digit(number + "0")


def phone_number(serial):
    """Return a mobile number of a demo person."""
    return f"120{serial:08d}"


def make_member(organization=None, **fields):
    """Create a person who has an account; with ``login_key`` None, a person who is only on a roster."""
    number = next(_numbers)
    row = {"organization": organization or make_organization(), "name": f"示例{number}", "sex": Sex.FEMALE}
    row |= {name: fields.pop(name) for name in list(fields) if name in _ROSTER}
    (member,) = members_build(rows=[row])
    member.login_key = login_key_of_name(f"person-{number}")
    member.activated_at = member.proven_at = timezone.now() - timedelta(days=400)
    member.proof = ProofMeans.SET_UP
    for name, value in fields.items():
        setattr(member, name, value)
    member.save(force_insert=True)
    return Member.objects.get(pk=member.pk)


def make_entry(organization=None, **fields):
    """Create a person who is on a roster and has no account yet."""
    fields = {"login_key": None, "activated_at": None, "proven_at": None, "proof": "", **fields}
    return make_member(organization, **fields)


def make_duty(member, organization, role=Role.CADRE, **fields):
    """Create a duty that is held from today."""
    fields = {"valid_from": timezone.localdate(), **fields}
    return Duty.objects.create(member=member, organization=organization, role=role, **fields)


def make_staff(organization=None, role=Role.CHAIR, **fields):
    """Create a person with one duty at ``organization``."""
    organization = organization or make_organization()
    member = make_member(organization=organization, **fields)
    make_duty(member, organization, role)
    return member


def make_authenticator(member):
    """Create and return a confirmed authenticator."""
    (pk,) = reserve_pks(Authenticator)
    return Authenticator.objects.create(
        pk=pk, member=member, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", confirmed_at=timezone.now()
    )


def make_child(guardian, **fields):
    """Create a child of ``guardian``, entered with the guardian's consent.

    ``care_notes`` are entered with the consent to them.
    """
    number, today = next(_numbers), timezone.localdate()
    notes = fields.pop("care_notes", "")
    row = {
        "name": f"示例孩子{number}",
        "sex": Sex.FEMALE,
        "born_on": today - timedelta(days=7 * 365),
        "relation": ChildRelation.MOTHER,
        **fields,
    }
    child = child_add(guardian=guardian, **row)
    if notes:
        child_care_change(actor=guardian, child=child, version=child.version, care_notes=notes, agree=True)
    return Child.objects.get(pk=child.pk)


def make_vouching(organization, *, serial=7, **fields):
    """Create a request to vouch for a person who is on no roster, with an own phone and identity number."""
    number = next(_numbers)
    (pk,) = reserve_pks(Vouching)
    row = {
        "name": "示例何",
        "identity_number": identity_number(serial),
        "phone": phone_number(90_000 + number),
        "phone_index": phone_index_of(phone_number(90_000 + number)),
        **fields,
    }
    return Vouching.objects.create(pk=pk, organization=organization, **row)


def make_appointment(member, organization, proposed_by, **fields):
    """Create an appointment that waits at the root for a second person."""
    fields = {
        "role": Role.CADRE,
        "valid_from": timezone.localdate(),
        "waits_at": make_province(),
        "waits_since": timezone.now(),
        **fields,
    }
    return Appointment.objects.create(member=member, organization=organization, proposed_by=proposed_by, **fields)


def make_phone_change(member, **fields):
    """Create a change of phone that staff proposed for ``member``; it takes effect after three days."""
    number = next(_numbers)
    (pk,) = reserve_pks(PhoneChange)
    row = {
        "phone": phone_number(70_000 + number),
        "phone_index": phone_index_of(phone_number(70_000 + number)),
        "old_phone": member.phone,
        "old_phone_index": member.phone_index,
        "salt": f"{number:032x}",
        "due_at": timezone.now() + timedelta(days=3),
        **fields,
    }
    return PhoneChange.objects.create(pk=pk, member=member, **row)


def make_transfer(member, organization, **fields):
    """Create a request of ``organization`` to take over ``member``, open for a month."""
    fields = {
        "from_organization": member.organization,
        "due_on": timezone.localdate() + timedelta(days=30),
        **fields,
    }
    return Transfer.objects.create(member=member, organization=organization, **fields)


def sign_in(client, member):
    """Sign ``member`` in as the portal does, without code and password; return the client.

    An administrator gets an authenticator, because without one only its set-up can be reached. The number of to-do
    items in the frame of desk pages counts as just counted: most tests do not look at it, and the first page of each
    would count them. The home page, and each page after an action, count them anew.
    """
    if member.is_staff and not member.authenticators.exists():
        make_authenticator(member)
    client.force_login(member)
    session = client.session
    session["signed_in_at"] = session["seen_at"] = int(time.time())
    if member.is_desk:
        session["staff"] = True
        session[NUMBERS] = {"todo": (0, session["seen_at"])}
        Member.objects.filter(pk=member.pk).update(session_key=session.session_key)
    session.save()
    return client
