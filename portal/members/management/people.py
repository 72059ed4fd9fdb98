"""Finding the member that a command is about."""

from django.core.management.base import CommandError
from django.db.models import Q

from portal.core.text import clean_code
from portal.members.choices import IdentityKind
from portal.members.models import Member
from portal.members.services.people import identity_index_of, phone_index_of


def ask_person(pk):
    """Return the member with this row number, or ask for a mobile or identity number.

    A number that is typed appears in no list of processes.
    """
    people = Member.objects.filter(is_active=True).select_related("organization")
    if pk is not None:
        found = people.filter(pk=pk)
    else:
        code = clean_code(input("Mobile or identity number of the person: "))
        index = identity_index_of(IdentityKind.RESIDENT, code)
        found = people.filter(Q(phone_index=phone_index_of(code)) | Q(identity_index=index))
    if len(found) != 1:
        raise CommandError("There is nobody, or more than one person, with this number.")
    return found[0]
