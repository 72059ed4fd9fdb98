"""Base of all admin classes: the same scope as the pages, changes only through services."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models

from portal.core.choices import Area, Capability
from portal.core.discovery import in_service
from portal.core.text import whole_number
from portal.web.paging import CappedPaginator


class NumberedAutocomplete(AutocompleteSelect):
    """Autocomplete widget that treats a value that is no number as no choice.

    Django's own widget looks it up as a number and fails.
    """

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        numbered = isinstance(self.field.remote_field.model._meta.pk, models.AutoField)
        return "" if numbered and whole_number(value or "") is None else value


class ScopedAdmin(admin.ModelAdmin):
    """Rows in the scope of the administrator's duties.

    It makes no full count and writes no LogEntry, and it is read-only unless a class says otherwise.
    """

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None
    # Django's link from a row to its page finds rows outside the administrator's scope and would reveal which ids
    # exist.
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def lookup_allowed(self, lookup, value, request):
        """Allow only the filters that the list offers.

        Django allows any column, and whether a row matches would reveal its value.
        """
        offered = {name for name in (*self.get_list_filter(request), self.date_hierarchy) if isinstance(name, str)}
        return lookup.partition("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = db_field.remote_field.model._default_manager
        if hasattr(related, "visible_to") and "queryset" not in kwargs:
            kwargs["queryset"] = related.visible_to(request.user)
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = NumberedAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReferenceAdmin(ScopedAdmin):
    """Reference data that belongs to no organisation; every administrator may read it."""

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request)

    def has_module_permission(self, request):
        """Show the model on the index to every administrator, if its app is in service.

        This includes models of an area in which administrators see no row.
        """
        return request.user.is_staff and in_service(self.opts.app_label)

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    @staticmethod
    def keeps_common(request):
        """Return whether the user may change data that holds for the whole province.

        This takes the system area at the root, not at one city.
        """
        return any(path.count("/") == 2 for path in request.user.reach(Area.SYSTEM, Capability.EDIT))
