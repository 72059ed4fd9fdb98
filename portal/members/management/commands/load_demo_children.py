"""Loads children into a demo, entered through the services by a cadre and by two members."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from portal.core.choices import Sex
from portal.core.demonstration import demo_only
from portal.core.roles import Role
from portal.members.choices import ChildRelation
from portal.members.models import Child, Duty, Member
from portal.members.services.children import child_add, child_care_change
from portal.organizations.choices import OrganizationKind

# Given name, sex, age in years, what carers must know ('' where no consent is given).
OF_CADRE = (
    ("沐阳", Sex.MALE, 8, "对花生过敏，随身带有抗过敏药；出现皮疹请立即联系家长。"),
    ("可心", Sex.FEMALE, 3, ""),
)
OF_MEMBERS = (
    (("一诺", Sex.FEMALE, 7, "轻度近视，上课请安排前排座位。"),),
    (("子墨", Sex.MALE, 6, ""),),
)
# The parent was an adult when the oldest child was born.
PARENTS_FROM = 30


class Command(BaseCommand):
    help = "Load children of a cadre and of two members into a demonstration; does nothing where some are."

    @transaction.atomic
    def handle(self, **options):
        demo_only()
        if Child.objects.exists():
            self.stdout.write("Children are there already.")
            return
        latest = timezone.localdate().year - PARENTS_FROM
        women = Member.objects.filter(sex=Sex.FEMALE, is_active=True, birth_year__lte=latest)
        held = Duty.objects.current().filter(role=Role.CADRE, organization__kind=OrganizationKind.COUNTY)
        cadres = women.filter(pk__in=held.values("member_id")).order_by("pk")[:1]
        members = women.filter(duty=None, activated_at__isnull=False).order_by("birth_year", "pk")
        families = [*zip(cadres, (OF_CADRE,), strict=False), *zip(members[: len(OF_MEMBERS)], OF_MEMBERS, strict=False)]
        made = sum(self._family(parent, children) for parent, children in families)
        self.stdout.write(f"Loaded {made} children.")

    @staticmethod
    def _family(parent, children):
        today = timezone.localdate()
        for given, sex, years, notes in children:
            child = child_add(
                guardian=parent,
                name=parent.name[:1] + given,
                sex=sex,
                born_on=today.replace(year=today.year - years, month=1, day=1 + years),
                relation=ChildRelation.MOTHER,
            )
            if notes:
                child_care_change(actor=parent, child=child, version=child.version, care_notes=notes, agree=True)
        return len(children)
