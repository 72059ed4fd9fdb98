"""Organisations and reference data in the admin."""

from django import forms
from django.contrib import admin

from portal.audit.services import audit_record
from portal.core.choices import Area, Capability
from portal.organizations.models import CalendarDay, LegalParameter, Organization, Region
from portal.organizations.services.organizations import organization_update
from portal.web.admin import ReferenceAdmin, ScopedAdmin


class OrganizationAdminForm(forms.ModelForm):
    """Form for the facts of an organisation; only services change its position in the tree."""

    class Meta:
        model = Organization
        fields = (
            "name",
            "short_name",
            "region",
            "uscc",
            "employment_form",
            "industry",
            "ownership",
            "founded_on",
        )


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    list_display = ("name", "kind", "parent", "region", "closed_on")
    list_filter = ("kind", "employment_form", "industry", "ownership")
    list_select_related = ("parent", "region")
    search_fields = ("name", "pinyin")
    autocomplete_fields = ("region",)
    form = OrganizationAdminForm
    ordering = ("pinyin", "pk")

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return bool(request.user.reach(Area.ORGANIZATIONS, Capability.EDIT))
        return request.user.can(Area.ORGANIZATIONS, Capability.EDIT, obj.path)

    def save_model(self, request, obj, form, change):
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        organization_update(actor=request.user, organization=obj, version=obj.version, **fields)


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ("code", "name", "short_name", "level", "parent", "valid_from", "valid_until")
    list_filter = ("level", "statistical")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    ordering = ("code",)


@admin.register(LegalParameter)
class LegalParameterAdmin(ReferenceAdmin):
    list_display = ("key", "region", "value", "unit", "valid_from", "source", "verified")
    list_filter = ("verified",)
    list_select_related = ("region",)
    autocomplete_fields = ("region",)
    search_fields = ("key", "source")
    ordering = ("key", "-valid_from")

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit_record(actor=request.user, action="legal-parameter.save", about=obj, fields=form.changed_data)


@admin.register(CalendarDay)
class CalendarDayAdmin(ReferenceAdmin):
    """Admin of exceptions to weekdays; the days of a new year are entered when its notice appears."""

    list_display = ("day", "kind", "name", "source")
    list_filter = ("kind",)
    search_fields = ("name",)
    date_hierarchy = "day"
    ordering = ("-day",)

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request)

    def get_readonly_fields(self, request, obj=None):
        return ("day",) if obj else ()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit_record(
            actor=request.user, action="calendar-day.save", data={"day": obj.day.isoformat(), "kind": obj.kind}
        )

    def delete_model(self, request, obj):
        audit_record(actor=request.user, action="calendar-day.delete", data={"day": obj.day.isoformat()})
        super().delete_model(request, obj)
