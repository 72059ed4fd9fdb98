"""No open administrator's duty beside an open duty of the work."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("members", "0015_duties_apart")]

    operations = [
        migrations.AddConstraint(
            model_name="duty",
            constraint=ExclusionConstraint(
                condition=Q(valid_until=None),
                expressions=[
                    ("member", "="),
                    (
                        models.Case(
                            models.When(
                                role__in=["audit_administrator", "security_administrator", "system_administrator"],
                                then=models.Value(1),
                            ),
                            default=models.Value(0),
                        ),
                        "<>",
                    ),
                ],
                name="members_duty_work_apart",
                violation_error_message=(
                    "An administrator may not hold an operational duty, and a person with an "
                    "operational duty may not be an administrator. End the other duty first."
                ),
            ),
        ),
    ]
