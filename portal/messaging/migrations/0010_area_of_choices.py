"""Call the area of a channel choice ``area``; the column keeps its name, so that the release before serves on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0009_validate_days")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="channelchoice", name="messaging_choice_once"),
                migrations.AlterField(
                    model_name="channelchoice", name="room", field=models.CharField(db_column="room", max_length=40)
                ),
                migrations.RenameField(model_name="channelchoice", old_name="room", new_name="area"),
                migrations.AddConstraint(
                    model_name="channelchoice",
                    constraint=models.UniqueConstraint(
                        fields=("member", "area", "channel"), name="messaging_choice_once"
                    ),
                ),
            ]
        )
    ]
