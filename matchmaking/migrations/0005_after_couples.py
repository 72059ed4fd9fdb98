"""Couples whose other half has not confirmed yet, tickets of a caller's unit, and when things were settled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matchmaking", "0004_vouched_unit"),
        ("organizations", "0003_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="hotlineticket",
            name="caller_unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
                verbose_name="The caller's unit",
            ),
        ),
        migrations.AddField(
            model_name="hotlineticket",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="Closed at"),
        ),
        migrations.AddField(
            model_name="nomination",
            name="settled_on",
            field=models.DateField(editable=False, null=True, verbose_name="Resolved on"),
        ),
        migrations.AddField(
            model_name="weddingcouple",
            name="partner_index",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="hotlineticket",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="Answered at"),
        ),
        migrations.AlterField(
            model_name="weddingcouple",
            name="partner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="weddingcouple",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["partner_index"], name="matchmaking_couple_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="weddingcouple",
            constraint=models.CheckConstraint(
                condition=models.Q(("partner__isnull", False), ("state__in", ["asked", "withdrawn"]), _connector="OR"),
                name="matchmaking_couple_confirmed",
            ),
        ),
    ]
