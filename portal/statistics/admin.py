"""Statistics in the admin: words and targets can be edited, formulas cannot.

Recounts and faults are read only.
"""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.querysets import within
from portal.organizations.models import Organization
from portal.statistics.models import FigureFault, IndicatorDefinition, Recount, Target
from portal.statistics.registry import indicators
from portal.statistics.services.targets import definition_set, target_set
from portal.web.admin import ReferenceAdmin


class SystemAdmin(ReferenceAdmin):
    """Base of admin pages that members with the system area may read and edit."""

    def has_view_permission(self, request, obj=None):
        return bool(request.user.reach(Area.SYSTEM, Capability.VIEW))

    def get_changeform_initial_data(self, request):
        return {}  # nothing comes from the URL: text for an organisation would be looked up as a number

    def may_edit(self, request):
        return bool(request.user.reach(Area.SYSTEM, Capability.EDIT))


class CodeForm(forms.ModelForm):
    """Offers the codes of the registered indicators."""

    code_field = "indicator"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.code_field in self.fields:
            choices = [(code, f"{code} {indicator.name}") for code, indicator in indicators().items()]
            self.fields[self.code_field] = forms.ChoiceField(choices=choices, label=_("Indicator"))


class PlaceAdmin(SystemAdmin):
    """Rows of organisations: those at or below an administrator's own duty."""

    def get_queryset(self, request):
        inside = within(request.user.reach(Area.SYSTEM, Capability.VIEW), "organization__path")
        rows = super().get_queryset(request)
        return rows.filter(inside) if inside is not None else rows.none()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "organization":
            inside = within(request.user.reach(Area.SYSTEM, Capability.EDIT), "path")
            places = Organization.objects.all()
            kwargs["queryset"] = places.filter(inside) if inside is not None else places.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DefinitionForm(CodeForm):
    code_field = "code"


@admin.register(IndicatorDefinition)
class IndicatorDefinitionAdmin(SystemAdmin):
    form = DefinitionForm
    list_display = ("code", "name", "order", "hidden")
    fields = ("code", "name", "definition", "order", "hidden")

    def has_add_permission(self, request):
        return self.keeps_common(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def get_readonly_fields(self, request, obj=None):
        return ("code",) if obj else ()

    def save_model(self, request, obj, form, change):
        definition_set(actor=request.user, code=obj.code, **{name: form.cleaned_data[name] for name in self.fields[1:]})


@admin.register(Target)
class TargetAdmin(PlaceAdmin):
    form = CodeForm
    list_display = ("indicator", "organization", "year", "value")
    list_filter = ("year", "indicator")
    list_select_related = ("organization",)
    fields = ("indicator", "organization", "year", "value")
    autocomplete_fields = ("organization",)

    def has_add_permission(self, request):
        return self.may_edit(request)

    def has_change_permission(self, request, obj=None):
        return self.may_edit(request)

    def get_readonly_fields(self, request, obj=None):
        return ("indicator", "organization", "year") if obj else ()

    def save_model(self, request, obj, form, change):
        saved = target_set(
            actor=request.user,
            indicator=obj.indicator,
            organization=obj.organization,
            year=obj.year,
            value=obj.value,
        )
        obj.pk = saved.pk


@admin.register(Recount)
class RecountAdmin(SystemAdmin):
    list_display = ("id", "kind", "started_at", "finished_at", "touches", "changed", "mended")
    list_filter = ("kind",)
    ordering = ("-id",)
    fields = list_display
    readonly_fields = fields


@admin.register(FigureFault)
class FigureFaultAdmin(PlaceAdmin):
    list_display = ("id", "indicator", "organization", "kind", "start", "was", "now", "recount")
    list_filter = ("indicator",)
    list_select_related = ("organization", "recount")
    ordering = ("-id",)
    fields = list_display
    readonly_fields = fields
