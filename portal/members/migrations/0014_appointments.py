"""Where an appointment waits, and since when; a duty's two people differ."""

import django.db.models.deletion
import portal.core.fields
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0013_validate_days"),
        ("organizations", "0006_validate_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="waits_at",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
                verbose_name="Organisation that must approve",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="waits_since",
            field=portal.core.fields.MomentField(null=True, verbose_name="At this organisation since"),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(condition=Q(state="waiting"), fields=["waits_at"], name="members_appointment_waiting"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("confirmed_by", None),
                    Q(
                        Q(("confirmed_by", F("member")), _negated=True),
                        Q(("given_by", None), Q(("confirmed_by", F("given_by")), _negated=True), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="members_duty_confirmed",
                violation_error_message="A person other than the proposer must decide.",
            ),
        ),
    ]
