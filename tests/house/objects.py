"""One object for each address that names one: who is let in, and with which arguments.

Add a builder for each new address with arguments; the walk fails until it is here. A builder takes a ``Home`` and
returns the keyword arguments of the address, or a pair of these and the person who is let in where that is not the
chair of the city.
"""

import secrets
from dataclasses import dataclass

from portal.exchange.choices import FileKind
from portal.exchange.models import ImportRun, StoredFile
from portal.members.models import Consent, Member
from portal.messaging.choices import Channel
from portal.messaging.models import Message
from portal.organizations.models import Organization
from tests.factories.members import make_member


@dataclass
class Home:
    """The place an object lives in: a city, its chair, and the chair's neighbour who must not see it."""

    city: Organization
    chair: Member


def organization(home):
    return {"pk": home.city.pk}


def member(home):
    return {"pk": make_member(organization=home.city).pk}


def consent(home):
    owner = make_member(organization=home.city)
    given = Consent.objects.create(member=owner, purpose="a", version=1, language="en", text_digest="0" * 64)
    return {"pk": given.pk}, owner


def import_run(home):
    file = StoredFile.objects.create(
        key=secrets.token_hex(16), name="a.xlsx", kind=FileKind.values[0], size=1, uploaded_by=home.chair
    )
    run = ImportRun.objects.create(
        register="members.roster", organization=home.city, uploaded_by=home.chair, file=file, language="zh-hans"
    )
    return {"pk": run.pk}


def message(home):
    return {"pk": Message.objects.create(recipient=home.chair, kind="a.b", channel=Channel.IN_APP).pk}


# URL name -> builder.
OBJECTS = {
    "exchange:run": import_run,
    "exchange:run-confirm": import_run,
    "exchange:run-discard": import_run,
    "exchange:run-faults": import_run,
    "exchange:run-part": import_run,
    "exchange:run-take-back": import_run,
    "members:consent-withdraw": consent,
    "members:member-detail": member,
    "members:member-update": member,
    "messaging:message-open": message,
    "organizations:organization-close": organization,
    "organizations:organization-detail": organization,
    "organizations:organization-update": organization,
}

# URL name -> (arguments, why they name no object of a place).
NO_OBJECTS = {
    "exchange:import-start": ({"register": "members.roster"}, "a register is code"),
    "exchange:import-template": ({"register": "members.roster"}, "a register is code"),
}

# Model in the admin -> builder of a row of the home; administrators of another city must not open it.
ADMIN_OBJECTS = {
    "members.Member": lambda home: make_member(organization=home.city),
    "organizations.Organization": lambda home: home.city,
}
