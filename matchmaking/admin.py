"""Reference data of matchmaking in the admin; administrators see no rows about persons or events."""

from django.contrib import admin

from matchmaking.models import EventTheme, HobbyTag, ScoreWeight
from matchmaking.services.series import theme_create, theme_update
from portal.audit.services import audit_record
from portal.web.admin import ReferenceAdmin


@admin.register(EventTheme)
class EventThemeAdmin(ReferenceAdmin):
    """Event themes: province system administrators edit them here, province cadres on their desk pages."""

    list_display = ("name", "mode", "order", "active")
    list_filter = ("active",)
    fields = ("name", "summary", "mode", "order", "active")
    ordering = ("order", "pk")

    def has_add_permission(self, request):
        return self.keeps_common(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            theme_update(actor=request.user, theme=obj, **fields)
        else:
            obj.pk = theme_create(actor=request.user, **form.cleaned_data).pk


class KeptHereAdmin(ReferenceAdmin):
    """Reference data common to all, edited by system administrators of the province."""

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.keeps_common(request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        data = {"key": str(obj.pk)}
        about = obj if isinstance(obj.pk, int) else None
        audit_record(actor=request.user, action=f"{self.code}.save", about=about, fields=form.changed_data, data=data)


@admin.register(HobbyTag)
class HobbyTagAdmin(KeptHereAdmin):
    code = "hobby"
    list_display = ("name", "order", "active")
    ordering = ("order", "pk")


@admin.register(ScoreWeight)
class ScoreWeightAdmin(KeptHereAdmin):
    """Weights of the score; the keys belong to the calculation and are loaded, not entered."""

    code = "weight"
    list_display = ("key", "weight")
    ordering = ("key",)
    readonly_fields = ("key",)

    def has_add_permission(self, request):
        return False
