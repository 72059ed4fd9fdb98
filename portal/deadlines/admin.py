"""Admin of the rules of clocks."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_record
from portal.core.calendar import WorkingCalendar
from portal.core.errors import DomainError
from portal.deadlines.clock import clocks
from portal.deadlines.counting import Count, last_day
from portal.deadlines.models import ClockRule
from portal.web.admin import ReferenceAdmin


def clock_names():
    return [(code, clock.name) for code, clock in clocks().items()]


class ClockRuleForm(forms.ModelForm):
    """Form for the rule of a clock that exists, and by which a day can be counted."""

    code = forms.ChoiceField(label=_("Clock"), choices=clock_names)

    class Meta:
        model = ClockRule
        fields = ("code", "unit", "start_rule", "rolling", "source")

    def clean(self):
        cleaned = super().clean()
        if {"code", "unit", "start_rule", "rolling"} <= cleaned.keys():
            today = timezone.localdate()
            try:
                amount = clocks()[cleaned["code"]].amount(today)
                last_day(
                    WorkingCalendar(),
                    today,
                    Count(cleaned["unit"], amount, cleaned["start_rule"], cleaned["rolling"]),
                )
            except DomainError as error:
                raise ValidationError(error.message) from None
            except ValueError:
                raise ValidationError(
                    {
                        "unit": _("The amount of this clock is %(amount)s. In this unit that is more than ten years.")
                        % {"amount": amount}
                    },
                ) from None
        return cleaned


@admin.register(ClockRule)
class ClockRuleAdmin(ReferenceAdmin):
    """How deadlines are counted; a clock without a row here is counted as its app declares."""

    list_display = ("code", "unit", "start_rule", "rolling", "source")
    search_fields = ("code", "source")
    form = ClockRuleForm
    ordering = ("code",)

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit_record(actor=request.user, action="clock-rule.save", about=obj, fields=form.changed_data)
