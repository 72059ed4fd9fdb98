"""Loads transfers, data requests, appointments and a duty that ends soon into a demo.

The rows are created through the services.
"""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from portal.core.choices import Area, Capability
from portal.core.demonstration import demo_only
from portal.core.roles import Role
from portal.members.choices import DataRequestKind
from portal.members.models import Appointment, DataRequest, Duty, Member, Transfer
from portal.members.selectors import appointment_seconds, holders
from portal.members.services.appointments import appointment_approve, duty_give
from portal.members.services.data_requests import data_request_open
from portal.members.services.transfers import transfer_ask, transfer_refuse
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization

ENDS_IN = timedelta(days=20)


class Command(BaseCommand):
    help = (
        "Load transfers, data requests, appointments and a duty that ends soon into a demonstration; does nothing "
        "where some are."
    )

    @transaction.atomic
    def handle(self, **options):
        demo_only()
        if Transfer.objects.exists() or DataRequest.objects.exists():
            self.stdout.write("Requests are there already.")
            return
        cities = [
            city
            for city in Organization.objects.filter(kind=OrganizationKind.CITY, closed_on=None).order_by("pk")
            if self._people(city).exists() and self._keepers(city)
        ]
        transfers = self._transfers(*cities[:2]) if len(cities) > 1 else 0
        requests = sum(self._requests(city) for city in cities[:1])
        duties = sum(self._duty(city) for city in cities[:1])
        waiting = sum(self._waiting(city) for city in cities[:1])
        self.stdout.write(
            f"Loaded {transfers} transfers, {requests} data requests, {duties} duties that end soon, "
            f"{waiting} appointments that wait."
        )

    @staticmethod
    def _people(city):
        people = Member.objects.filter(organization__path__startswith=city.path, duty=None, is_active=True)
        return people.exclude(identity_number=None).select_related("organization").order_by("-pk")

    @staticmethod
    def _keepers(city):
        """Return the members who edit rosters by a duty at the city itself."""
        held = set(Duty.objects.current().filter(organization=city).values_list("member_id", flat=True))
        return [who for who in holders(Area.MEMBERS, Capability.EDIT, city) if who.pk in held]

    def _transfers(self, one, two):
        """Create two waiting transfers, one in each direction, and one that was rejected; return how many."""
        made = 0
        for asking, leaving, count in ((one, two, 1), (two, one, 2)):
            unit = self._people(asking).first().organization
            for number, person in enumerate(self._people(leaving)[:count]):
                row = transfer_ask(
                    actor=self._keepers(asking)[0], organization=unit, identity_number=person.identity_number
                )
                if number:
                    transfer_refuse(
                        transfer=row, actor=self._keepers(leaving)[0], reason="本人仍在我单位工作，未办理调动。"
                    )
                made += 1
        return made

    def _requests(self, city):
        first, second = self._people(city)[5:7]
        data_request_open(
            member=first, kind=DataRequestKind.CORRECT, words="名册上的婚姻状况已经变化，请按实际情况更正。"
        )
        data_request_open(member=second, kind=DataRequestKind.DELETE, words="我已离职，请删除我的个人信息。")
        return 2

    def _duty(self, city):
        givers = holders(Area.MEMBERS, Capability.APPOINT, city)
        if not givers:
            return 0
        given = duty_give(
            actor=givers[0],
            member=self._people(city)[8],
            organization=city,
            role=Role.EDITOR,
            valid_until=timezone.localdate() + ENDS_IN,
        )
        if isinstance(given, Appointment):
            appointment_approve(appointment=given, actor=appointment_seconds(given).people[0])
        return 1

    def _waiting(self, city):
        """Create an appointment that waits above the city, and one for an administrator at the root.

        Return how many appointments were created.
        """
        root = Organization.objects.get(parent=None)
        proposers = holders(Area.MEMBERS, Capability.APPOINT, city)[:1]
        proposers += [row.member for row in Duty.objects.current().filter(role=Role.SECURITY_ADMINISTRATOR)[:1]]
        places = [(city, Role.CADRE), (root, Role.REVIEWER)]
        people = self._people(city)[9:11]
        given = [
            duty_give(actor=actor, member=person, organization=place, role=role)
            for actor, person, (place, role) in zip(proposers, people, places, strict=False)
        ]
        return sum(isinstance(row, Appointment) for row in given)
