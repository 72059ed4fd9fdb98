"""Nursing rooms, who looks after them, reports from the door and visits by day."""

import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import portal.audit.gate
import portal.core.fields
import portal.locations.fields
import portal.locations.sphere
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organizations", "0008_validate_paths"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NursingRoom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "longitude",
                    portal.locations.fields.DegreesField(
                        blank=True, editable=False, most=180, null=True, verbose_name="Longitude (WGS-84)"
                    ),
                ),
                (
                    "latitude",
                    portal.locations.fields.DegreesField(
                        blank=True, editable=False, most=90, null=True, verbose_name="Latitude (WGS-84)"
                    ),
                ),
                (
                    "given_datum",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wgs84", "WGS-84 (phone, GPS)"),
                            ("gcj02", "GCJ-02 (Amap, Tencent)"),
                            ("bd09", "BD-09 (Baidu)"),
                        ],
                        editable=False,
                        max_length=5,
                        verbose_name="Datum as entered",
                    ),
                ),
                (
                    "given_longitude",
                    portal.locations.fields.DegreesField(
                        blank=True, editable=False, most=180, null=True, verbose_name="Longitude as entered"
                    ),
                ),
                (
                    "given_latitude",
                    portal.locations.fields.DegreesField(
                        blank=True, editable=False, most=90, null=True, verbose_name="Latitude as entered"
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=30, verbose_name="Number of the register")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "room_type",
                    models.CharField(
                        choices=[
                            ("room", "Nursing room"),
                            ("corner", "Care corner"),
                            ("box", "Care box"),
                            ("mobile", "Mobile nursing unit"),
                        ],
                        max_length=10,
                        verbose_name="Type",
                    ),
                ),
                ("is_public", models.BooleanField(default=False, verbose_name="Open to the public")),
                ("host", models.CharField(max_length=100, verbose_name="Unit that hosts it")),
                ("address", models.CharField(max_length=120, verbose_name="Address")),
                ("floor", models.CharField(blank=True, max_length=20, verbose_name="Floor")),
                ("landmark", models.CharField(blank=True, max_length=60, verbose_name="Nearest shop or lift")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="Phone of the room")),
                (
                    "area_m2",
                    portal.core.fields.AmountField(
                        blank=True, decimal_places=1, max_digits=6, null=True, verbose_name="Area in m²"
                    ),
                ),
                ("hours", portal.locations.fields.HoursField(verbose_name="Opening hours")),
                (
                    "facilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("lock", "Lockable door or curtain"),
                                ("seat", "Nursing seat"),
                                ("changing_table", "Changing table with strap"),
                                ("basin", "Basin with hot water and soap"),
                                ("table", "Side table"),
                                ("sockets", "Sockets"),
                                ("bin", "Bin"),
                                ("floor", "Non-slip floor"),
                                ("cot", "Cot"),
                                ("call", "Call button"),
                                ("fridge", "Fridge"),
                                ("heating", "Heating or air conditioning"),
                                ("water", "Drinking water"),
                                ("microwave", "Microwave or bottle warmer"),
                                ("fathers", "Changing area open to fathers"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Facilities",
                    ),
                ),
                ("state", portal.audit.gate.StateField(default="applied", max_length=30, verbose_name="State")),
                (
                    "star",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="Stars",
                    ),
                ),
                (
                    "opened_on",
                    portal.core.fields.DayField(
                        blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Opened on"
                    ),
                ),
                (
                    "renewed_on",
                    portal.core.fields.DayField(
                        blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Upgraded on"
                    ),
                ),
                (
                    "retired_on",
                    portal.core.fields.DayField(
                        blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Withdrawn on"
                    ),
                ),
                ("closed_from", portal.core.fields.DayField(blank=True, null=True, verbose_name="Closed from")),
                (
                    "closed_until",
                    portal.core.fields.DayField(blank=True, null=True, verbose_name="Closed until (included)"),
                ),
                ("closed_reason", models.CharField(blank=True, max_length=100, verbose_name="Why it is closed")),
                ("cleaned_at", portal.core.fields.MomentField(blank=True, null=True, verbose_name="Last cleaned at")),
                (
                    "verified_at",
                    portal.core.fields.MomentField(blank=True, null=True, verbose_name="Last seen on site at"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", portal.core.fields.MomentField(auto_now_add=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="Managed by",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.region",
                        verbose_name="Region",
                    ),
                ),
            ],
            options={
                "verbose_name": "Nursing room",
                "verbose_name_plural": "Nursing rooms",
                "ordering": ["region", "name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RoomDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", portal.core.fields.DayField(verbose_name="Day")),
                ("taps", models.PositiveIntegerField(default=0, verbose_name="Visits counted at the door")),
                ("fine", models.PositiveIntegerField(default=0, verbose_name="Visitors who found all in order")),
                ("marked", models.BooleanField(default=False, verbose_name="Ceiling reached")),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="nursing_rooms.nursingroom"
                    ),
                ),
            ],
            options={
                "verbose_name": "Visits of a day",
                "verbose_name_plural": "Visits by day",
            },
        ),
        migrations.CreateModel(
            name="RoomManager",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="From")),
                (
                    "valid_until",
                    portal.core.fields.DayField(
                        blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Until (not included)"
                    ),
                ),
                ("created_at", portal.core.fields.MomentField(auto_now_add=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Member",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="managers",
                        to="nursing_rooms.nursingroom",
                    ),
                ),
            ],
            options={
                "verbose_name": "Room manager",
                "verbose_name_plural": "Room managers",
            },
        ),
        migrations.CreateModel(
            name="RoomReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "trouble",
                    models.CharField(
                        choices=[
                            ("locked", "Locked"),
                            ("occupied", "Occupied by others"),
                            ("dirty", "Dirty"),
                            ("broken", "Something is broken"),
                            ("misused", "Used for something else"),
                            ("disturbed", "Disturbed inside, or no privacy"),
                            ("unsafe", "Not safe"),
                            ("staff", "Trouble with the staff"),
                        ],
                        max_length=20,
                        verbose_name="Trouble",
                    ),
                ),
                (
                    "bypasses",
                    models.BooleanField(default=False, editable=False, verbose_name="Not shown to the manager"),
                ),
                ("taps", models.PositiveIntegerField(default=1, verbose_name="Taps")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                ("state", portal.audit.gate.StateField(default="open", max_length=30, verbose_name="State")),
                ("first_on", portal.core.fields.DayField(verbose_name="First reported on")),
                ("last_on", portal.core.fields.DayField(verbose_name="Last reported on")),
                ("due_on", portal.core.fields.DayField(verbose_name="Due")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="What was done")),
                ("settled_at", portal.core.fields.MomentField(null=True, verbose_name="Settled at")),
                ("cleared", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="Responsible",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="nursing_rooms.nursingroom",
                        verbose_name="Room",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "Report from the door",
                "verbose_name_plural": "Reports from the door",
            },
        ),
        migrations.AddIndex(
            model_name="nursingroom",
            index=django.contrib.postgres.indexes.GistIndex(
                portal.locations.sphere.OnSphere(), name="nursing_rooms_room_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="nursingroom",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("given_datum", ""),
                        ("given_latitude__isnull", True),
                        ("given_longitude__isnull", True),
                        ("latitude__isnull", True),
                        ("longitude__isnull", True),
                    ),
                    models.Q(
                        ("given_datum__in", ["wgs84", "gcj02", "bd09"]),
                        ("given_latitude__isnull", False),
                        ("given_longitude__isnull", False),
                        ("latitude__isnull", False),
                        ("longitude__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="nursing_rooms_nursingroom_at",
                violation_error_message="A position has longitude, latitude and datum.",
            ),
        ),
        migrations.AddConstraint(
            model_name="nursingroom",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("number",),
                name="nursing_rooms_room_number",
                violation_error_message="There is already a room with this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="nursingroom",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "retired"), _negated=True),
                fields=("region", "host", "name", "floor"),
                name="nursing_rooms_room_once",
                violation_error_message="There is already a room with this name at this unit and floor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="nursingroom",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_from__isnull", True), models.Q(("closed_reason", ""), _negated=True), _connector="OR"
                ),
                name="nursing_rooms_room_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="roomday",
            constraint=models.UniqueConstraint(fields=("room", "on"), name="nursing_rooms_day_once"),
        ),
        migrations.AddConstraint(
            model_name="roommanager",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_until__isnull", True)),
                fields=("room", "member"),
                name="nursing_rooms_manager_once",
                violation_error_message="This person already looks after the room.",
            ),
        ),
        migrations.AddIndex(
            model_name="roomreport",
            index=models.Index(fields=["organization", "state", "due_on"], name="nursing_rooms_report_list"),
        ),
        migrations.AddConstraint(
            model_name="roomreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("room", "trouble"), name="nursing_rooms_report_once"
            ),
        ),
    ]
