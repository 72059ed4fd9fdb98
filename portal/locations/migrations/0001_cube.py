from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    """The extension by which rows are ordered by distance; it is trusted, so the owner of the database may create it."""

    dependencies = []

    operations = [CreateExtension("cube")]
