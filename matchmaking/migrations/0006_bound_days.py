"""No day, moment, year or amount is written any more that stops whoever calculates with it."""

import datetime
from django.db import migrations

import portal.core.fields
from portal.core.migrating import BoundColumn


class Migration(migrations.Migration):
    dependencies = [
        ("matchmaking", "0005_after_couples"),
    ]

    operations = [
        BoundColumn(
            model_name="abusereport",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="abusereport",
            name="due_on",
            field=portal.core.fields.DayField(editable=False, verbose_name="Due"),
        ),
        BoundColumn(
            model_name="abusereport",
            name="settled_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="block",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="choiceround",
            name="opened_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="choiceround",
            name="revealed_at",
            field=portal.core.fields.MomentField(null=True),
        ),
        BoundColumn(
            model_name="contactlog",
            name="at",
            field=portal.core.fields.MomentField(last=datetime.date(2099, 12, 31), verbose_name="Time"),
        ),
        BoundColumn(
            model_name="contactlog",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="eventbudget",
            name="planned",
            field=portal.core.fields.AmountField(decimal_places=2, max_digits=12, verbose_name="Planned (yuan)"),
        ),
        BoundColumn(
            model_name="eventbudget",
            name="year",
            field=portal.core.fields.YearField(verbose_name="Year"),
        ),
        BoundColumn(
            model_name="eventcost",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="eventcost",
            name="planned",
            field=portal.core.fields.AmountField(
                decimal_places=2, default=0, max_digits=12, verbose_name="Planned (yuan)"
            ),
        ),
        BoundColumn(
            model_name="eventcost",
            name="spent",
            field=portal.core.fields.AmountField(
                blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="Spent (yuan)"
            ),
        ),
        BoundColumn(
            model_name="eventdemand",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="eventdemand",
            name="wanted_from",
            field=portal.core.fields.DayField(
                blank=True,
                first=datetime.date(2000, 1, 1),
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Earliest date",
            ),
        ),
        BoundColumn(
            model_name="eventdemand",
            name="wanted_until",
            field=portal.core.fields.DayField(
                blank=True,
                first=datetime.date(2000, 1, 1),
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Latest date",
            ),
        ),
        BoundColumn(
            model_name="eventletter",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Sent at"),
        ),
        BoundColumn(
            model_name="eventmatchmaker",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="eventmatchmaker",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="From"),
        ),
        BoundColumn(
            model_name="eventmatchmaker",
            name="valid_until",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Until (not included)"
            ),
        ),
        BoundColumn(
            model_name="eventseries",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="followup",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="followup",
            name="done_on",
            field=portal.core.fields.DayField(editable=False, null=True, verbose_name="Completed on"),
        ),
        BoundColumn(
            model_name="followup",
            name="due_on",
            field=portal.core.fields.DayField(verbose_name="Due"),
        ),
        BoundColumn(
            model_name="groupwedding",
            name="closes_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Application deadline"
            ),
        ),
        BoundColumn(
            model_name="groupwedding",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="groupwedding",
            name="on",
            field=portal.core.fields.DayField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Day"
            ),
        ),
        BoundColumn(
            model_name="hotlineticket",
            name="answered_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Answered at"),
        ),
        BoundColumn(
            model_name="hotlineticket",
            name="closed_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Closed at"),
        ),
        BoundColumn(
            model_name="hotlineticket",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True, verbose_name="Called at"),
        ),
        BoundColumn(
            model_name="hotlineticket",
            name="due_on",
            field=portal.core.fields.DayField(verbose_name="Due"),
        ),
        BoundColumn(
            model_name="introduction",
            name="agreed_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="introduction",
            name="answer_by",
            field=portal.core.fields.MomentField(editable=False, verbose_name="Answer by"),
        ),
        BoundColumn(
            model_name="introduction",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="introduction",
            name="ended_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="introduction",
            name="meets_at",
            field=portal.core.fields.MomentField(
                blank=True,
                first=datetime.date(2000, 1, 1),
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Meeting time",
            ),
        ),
        BoundColumn(
            model_name="invitation",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="matchcase",
            name="closed_on",
            field=portal.core.fields.DayField(editable=False, null=True, verbose_name="Until"),
        ),
        BoundColumn(
            model_name="matchcase",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="matchcase",
            name="last_contact_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Last contact"),
        ),
        BoundColumn(
            model_name="matchcase",
            name="next_due",
            field=portal.core.fields.DayField(
                blank=True,
                first=datetime.date(2000, 1, 1),
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Deadline",
            ),
        ),
        BoundColumn(
            model_name="matchcase",
            name="opened_on",
            field=portal.core.fields.DayField(verbose_name="Since"),
        ),
        BoundColumn(
            model_name="matchevent",
            name="choice_closes_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Choice round closes"
            ),
        ),
        BoundColumn(
            model_name="matchevent",
            name="choice_opens_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Choice round opens"
            ),
        ),
        BoundColumn(
            model_name="matchevent",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="matchevent",
            name="ends_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Ends"
            ),
        ),
        BoundColumn(
            model_name="matchevent",
            name="signup_closes_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Sign-up closes"
            ),
        ),
        BoundColumn(
            model_name="matchevent",
            name="signup_opens_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Sign-up opens"
            ),
        ),
        BoundColumn(
            model_name="matchevent",
            name="starts_at",
            field=portal.core.fields.MomentField(
                first=datetime.date(2000, 1, 1), last=datetime.date(2099, 12, 31), verbose_name="Begins"
            ),
        ),
        BoundColumn(
            model_name="matchevent",
            name="submitted_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="mediarelease",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="mediarelease",
            name="published_on",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="Published on"),
        ),
        BoundColumn(
            model_name="meetingfeedback",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="nomination",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="nomination",
            name="settled_on",
            field=portal.core.fields.DayField(editable=False, null=True, verbose_name="Resolved on"),
        ),
        BoundColumn(
            model_name="pair",
            name="ended_on",
            field=portal.core.fields.DayField(editable=False, null=True, verbose_name="Ended on"),
        ),
        BoundColumn(
            model_name="pair",
            name="held_on",
            field=portal.core.fields.DayField(),
        ),
        BoundColumn(
            model_name="pair",
            name="one_registered_on",
            field=portal.core.fields.DayField(editable=False, last=datetime.date(2099, 12, 31), null=True),
        ),
        BoundColumn(
            model_name="pair",
            name="registered_on",
            field=portal.core.fields.DayField(
                editable=False, last=datetime.date(2099, 12, 31), null=True, verbose_name="Marriage registered on"
            ),
        ),
        BoundColumn(
            model_name="pair",
            name="two_registered_on",
            field=portal.core.fields.DayField(editable=False, last=datetime.date(2099, 12, 31), null=True),
        ),
        BoundColumn(
            model_name="participation",
            name="checked_in_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Checked in at"),
        ),
        BoundColumn(
            model_name="participation",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="participation",
            name="offered_until",
            field=portal.core.fields.MomentField(null=True, verbose_name="Place held until"),
        ),
        BoundColumn(
            model_name="profileappeal",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="profileappeal",
            name="decided_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="profilephoto",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="seatplan",
            name="begun_at",
            field=portal.core.fields.MomentField(editable=False, null=True),
        ),
        BoundColumn(
            model_name="seatplan",
            name="made_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="declared_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Declared single at"),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="edited_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Last edited"),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="exited_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Left at"),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="last_seen_on",
            field=portal.core.fields.DayField(editable=False, null=True, verbose_name="Last visit"),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="submitted_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Submitted at"),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="verified_until",
            field=portal.core.fields.DayField(
                editable=False,
                last=datetime.date(2099, 12, 31),
                null=True,
                verbose_name="Confirmed until (not included)",
            ),
        ),
        BoundColumn(
            model_name="singleprofile",
            name="vetted_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Confirmed at"),
        ),
        BoundColumn(
            model_name="venue",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="volunteer",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="volunteer",
            name="pledged_at",
            field=portal.core.fields.MomentField(editable=False, null=True, verbose_name="Pledge signed at"),
        ),
        BoundColumn(
            model_name="volunteer",
            name="trained_on",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Trained on"
            ),
        ),
        BoundColumn(
            model_name="volunteer",
            name="valid_from",
            field=portal.core.fields.DayField(last=datetime.date(2099, 12, 31), verbose_name="From"),
        ),
        BoundColumn(
            model_name="volunteer",
            name="valid_until",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Until (not included)"
            ),
        ),
        BoundColumn(
            model_name="weddingcouple",
            name="created_at",
            field=portal.core.fields.MomentField(auto_now_add=True),
        ),
        BoundColumn(
            model_name="weddingcouple",
            name="registered_on",
            field=portal.core.fields.DayField(
                blank=True, last=datetime.date(2099, 12, 31), null=True, verbose_name="Marriage registered on"
            ),
        ),
    ]
