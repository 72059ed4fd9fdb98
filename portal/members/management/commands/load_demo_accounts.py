"""Loads provisional accounts and a waiting change of number into a demo, through the services."""

import re

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.core.choices import Area, Capability
from portal.core.demonstration import demo_only
from portal.members.choices import CodePurpose, SightingMeans
from portal.members.models import Member, PhoneChange
from portal.members.real_names import demo_cards, demo_cards_issue
from portal.members.selectors import holders
from portal.members.services.activation import member_activate
from portal.members.services.phones import roster_update
from portal.members.services.proofs import sighting_note
from portal.members.services.sign_in import code_confirm, code_send
from portal.messaging.channels import FileSms

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
PROVISIONAL = 3
NEW_NUMBER = "12099990001"


class Command(BaseCommand):
    help = "Load provisional accounts and a change of number that waits into a demonstration, once."

    @transaction.atomic
    def handle(self, **options):
        demo_only()
        if PhoneChange.objects.exists():
            self.stdout.write("Accounts are there already.")
            return
        entries = Member.objects.filter(activated_at=None, is_active=True, duty=None).exclude(phone_index="")
        opened = [self._open(entry) for entry in entries.select_related("organization").order_by("-pk")[:PROVISIONAL]]
        for person in opened[:1]:
            for cadre in holders(Area.MEMBERS, Capability.EDIT, person.organization)[:1]:
                sighting_note(actor=cadre, member=person, phone_index=person.phone_index, how=SightingMeans.IN_PERSON)
        moved = self._move()
        self.stdout.write(f"Loaded {len(opened)} provisional accounts and {moved} change of number that waits.")

    @staticmethod
    def _open(entry):
        """Open an account whose card is in a relative's name, so that the operator does not confirm it."""
        holder = demo_cards().get(entry.phone, ["", ""])
        demo_cards_issue([(entry.phone, "示例亲属", holder[1] or "999999196501010012")])
        code = code_send(phone=entry.phone, purpose=CodePurpose.SIGN_IN, address=entry.phone)
        sent = next(one["text"] for one in FileSms.sent(limit=10**6) if one["phone"] == entry.phone)
        row = code_confirm(code_row=code, code=CODE.search(sent)[0])
        return member_activate(code_row=row, name=entry.name)

    @staticmethod
    def _move():
        """Let a cadre propose another number for an account."""
        people = Member.objects.filter(proven_at__isnull=False, duty=None, is_active=True).exclude(phone_index="")
        person = people.select_related("organization").order_by("-pk").first()
        cadres = holders(Area.MEMBERS, Capability.EDIT, person.organization, but={person.pk}) if person else []
        if not cadres:
            return 0
        roster_update(actor=cadres[0], member=person, version=person.version, phone=NEW_NUMBER)
        return 1
