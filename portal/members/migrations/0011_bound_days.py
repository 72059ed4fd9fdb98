"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

import datetime
from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0010_earlier_accounts"),
    ]

    operations = [
        BoundColumn(
            model_name="appointment",
            name="decided_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Decided at"),
        ),
        BoundColumn(
            model_name="appointment",
            name="proposed_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Proposed at"),
        ),
        BoundColumn(
            model_name="appointment",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="From"),
        ),
        BoundColumn(
            model_name="appointment",
            name="valid_until",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Until (not included)"
            ),
        ),
        BoundColumn(
            model_name="member",
            name="proven_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Person confirmed"),
        ),
        BoundColumn(
            model_name="member",
            name="secrets_closed_until",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Private pages closed until"),
        ),
        BoundColumn(
            model_name="phonechange",
            name="due_at",
            field=portal.core.fields.MomentField(verbose_name="Takes effect, if there is no objection, at"),
        ),
        BoundColumn(
            model_name="phonechange",
            name="proposed_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Proposed at"),
        ),
        BoundColumn(
            model_name="phonechange",
            name="settled_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Completed at"),
        ),
        BoundColumn(
            model_name="sighting",
            name="made_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Seen in person at"),
        ),
        BoundColumn(
            model_name="member",
            name="last_login",
            field=portal.core.fields.MomentField(blank=True, null=True, verbose_name="last login"),
        ),
        BoundColumn(
            model_name="authenticator",
            name="confirmed_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="authenticator",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="child",
            name="born_on",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="Birth date"),
        ),
        BoundColumn(
            model_name="child",
            name="entered_on",
            field=portal.core.fields.DayField(editable=False, verbose_name="Entered on"),
        ),
        BoundColumn(
            model_name="consent",
            name="given_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="consent",
            name="withdrawn_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="datarequest",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Requested at"),
        ),
        BoundColumn(
            model_name="datarequest",
            name="due_on",
            field=portal.core.fields.DayField(verbose_name="Due on"),
        ),
        BoundColumn(
            model_name="datarequest",
            name="settled_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Answered at"),
        ),
        BoundColumn(
            model_name="duty",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="duty",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="From"),
        ),
        BoundColumn(
            model_name="duty",
            name="valid_until",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Until (not included)"
            ),
        ),
        BoundColumn(
            model_name="handover",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="handover",
            name="ended_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="invitation",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="invitation",
            name="expires_at",
            field=portal.core.fields.MomentField(verbose_name="Expires at"),
        ),
        BoundColumn(
            model_name="invitation",
            name="used_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Used at"),
        ),
        BoundColumn(
            model_name="member",
            name="activated_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="First sign-in"),
        ),
        BoundColumn(
            model_name="member",
            name="birth_date",
            field=portal.core.fields.EncryptedDayField(blank=True, max_length=10, null=True, verbose_name="Birth date"),
        ),
        BoundColumn(
            model_name="member",
            name="birth_year",
            field=portal.core.fields.YearField(blank=True, null=True, verbose_name="Birth year"),
        ),
        BoundColumn(
            model_name="member",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="member",
            name="erased_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Erased at"),
        ),
        BoundColumn(
            model_name="member",
            name="password_changed_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="member",
            name="phone_confirmed_at",
            field=portal.core.fields.MomentField(
                blank=True, editable=False, null=True, verbose_name="Mobile number confirmed"
            ),
        ),
        BoundColumn(
            model_name="member",
            name="standing_until",
            field=portal.core.fields.DayField(
                editable=False,
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Vouched for by the unit until (not included)",
            ),
        ),
        BoundColumn(
            model_name="member",
            name="unlocked_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="passwordhistory",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="recoverycode",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="recoverycode",
            name="used_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="signincode",
            name="confirmed_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="signincode",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="signincode",
            name="expires_at",
            field=portal.core.fields.MomentField(db_index=True),
        ),
        BoundColumn(
            model_name="signincode",
            name="used_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="transfer",
            name="asked_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Requested on"),
        ),
        BoundColumn(
            model_name="transfer",
            name="decided_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Decided on"),
        ),
        BoundColumn(
            model_name="transfer",
            name="due_on",
            field=portal.core.fields.DayField(verbose_name="Due on"),
        ),
        BoundColumn(
            model_name="vouching",
            name="asked_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Requested on"),
        ),
        BoundColumn(
            model_name="vouching",
            name="decided_at",
            field=portal.core.fields.MomentField(null=True, verbose_name="Decided on"),
        ),
        BoundColumn(
            model_name="vouching",
            name="until",
            field=portal.core.fields.DayField(
                last=datetime.date(2099, 12, 31), null=True, verbose_name="Valid until (not included)"
            ),
        ),
    ]
