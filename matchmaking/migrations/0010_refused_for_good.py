from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matchmaking", "0009_quiet_sides"),
    ]

    operations = [
        migrations.AddField(
            model_name="weddingcouple",
            name="refused_index",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=64),
        ),
    ]
