"""Repair days, moments and years outside their bounds, as far as there are any; no values are logged."""

import logging

from django.db import migrations
from django.db.models import Q

from portal.core.migrating import repaired

logger = logging.getLogger(__name__)


def empty_birth_dates(apps, schema_editor):
    """A birth date lies encrypted beside its year: where the year cannot be, both are emptied."""
    members = apps.get_model("members", "Member").objects
    for pk in members.filter(Q(birth_year__lt=1900) | Q(birth_year__gt=2099)).values_list("pk", flat=True):
        members.filter(pk=pk).update(birth_year=None, birth_date=None)
        logger.warning("members.Member %s: birth_date, birth_year emptied", pk)


class Migration(migrations.Migration):
    dependencies = [("members", "0011_bound_days")]

    operations = [migrations.RunPython(empty_birth_dates, migrations.RunPython.noop), repaired("members")]
