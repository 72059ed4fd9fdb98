"""Agency words and letter templates in the admin."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.exchange.documents import DOCX
from portal.exchange.storage import guard
from portal.organizations.models import Organization
from portal.papers.forms import AgencyWordForm, LetterTemplateForm
from portal.papers.kinds import STANDARD, letter_kinds, number_kinds
from portal.papers.models import AgencyWord, LetterTemplate
from portal.papers.services.letters import (
    letter_builtin,
    letter_builtin_use,
    letter_template_save,
    letter_template_use,
    template_content,
)
from portal.papers.services.numbers import agency_word_set
from portal.web.admin import ReferenceAdmin, ScopedAdmin


@admin.register(AgencyWord)
class AgencyWordAdmin(ScopedAdmin):
    """Agency words of the organisations in the administrator's reach; without one, a word is made from names."""

    list_display = ("word", "organization", "kind_name")
    list_select_related = ("organization",)
    search_fields = ("word",)
    autocomplete_fields = ("organization",)
    form = AgencyWordForm
    fields = ("organization", "kind", "word")
    ordering = ("organization__path", "kind")

    @admin.display(description=_("Kind"))
    def kind_name(self, row):
        kind = number_kinds().get(row.kind)
        return kind.name if kind else row.kind

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return bool(request.user.reach(Area.ORGANIZATIONS, Capability.VIEW))

    def has_add_permission(self, request):
        return bool(request.user.reach(Area.ORGANIZATIONS, Capability.EDIT))

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return self.has_add_permission(request)
        return request.user.can(Area.ORGANIZATIONS, Capability.EDIT, obj.organization.path)

    def get_changeform_initial_data(self, request):
        return {}  # nothing comes from the URL: text for an organisation would be looked up as a number

    def get_readonly_fields(self, request, obj=None):
        return ("organization", "kind_name") if obj else ()

    def get_fields(self, request, obj=None):
        return ("organization", "kind_name", "word") if obj else self.fields

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "organization":
            kwargs["queryset"] = Organization.objects.reached_by(request.user, Capability.EDIT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show what the service refuses as a message above the form."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        saved = agency_word_set(actor=request.user, organization=obj.organization, kind=obj.kind, word=obj.word)
        obj.pk = saved.pk


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ReferenceAdmin):
    """Uploaded templates of letters; a kind of which no version is in use has its built-in template."""

    list_display = ("kind_name", "version", "state", "note", "uploaded_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("uploaded_by",)
    ordering = ("kind", "-version")
    form = LetterTemplateForm
    change_form_template = "admin/papers/lettertemplate/change_form.html"
    actions = ("use_version", "use_builtin")

    def get_urls(self):
        own = [
            path("builtin/", self.admin_site.admin_view(self.builtin), name="papers_lettertemplate_builtin"),
            path("<int:object_id>/file/", self.admin_site.admin_view(self.file), name="papers_lettertemplate_file"),
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request):
        return self.keeps_common(request)

    def has_keep_permission(self, request):
        return self.keeps_common(request)

    def get_fields(self, request, obj=None):
        if obj:
            return ("kind_name", "version", "state", "note", "download", "uploaded_by", "created_at")
        return ("kind", "upload", "note")

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj) if obj else ()

    @admin.display(description=_("Kind of letter"))
    def kind_name(self, row):
        return row.kind_name

    @admin.display(description=_("File"))
    def download(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:papers_lettertemplate_file", args=[row.pk]), row.file.name
        )

    def add_view(self, request, form_url="", extra_context=None):
        """Show the names that a template may use, and links to the built-in templates to begin with."""
        kinds = [
            {
                "name": kind.name,
                "url": f"{reverse('admin:papers_lettertemplate_builtin')}?kind={code}",
                "names": [*STANDARD, *kind.samples],
            }
            for code, kind in letter_kinds().items()
        ]
        try:
            return super().add_view(request, form_url, {**(extra_context or {}), "kinds": kinds})
        except DomainError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        saved = letter_template_save(actor=request.user, kind=given["kind"], upload=given["upload"], note=given["note"])
        obj.pk = saved.pk

    def file(self, request, object_id):
        """Send an uploaded template."""
        template = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, template):
            raise PermissionDenied
        if template is None:
            raise Http404
        return _document(template_content(template), f"template-{template.pk}.docx")

    def builtin(self, request):
        """Send the built-in template of the kind that the address names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kind = request.GET.get("kind", "")
        if kind not in letter_kinds():
            raise Http404
        return _document(letter_builtin(kind=kind), "template.docx")

    @admin.action(description=_("Use this version"), permissions=["keep"])
    def use_version(self, request, queryset):
        self._each(request, queryset, lambda row: letter_template_use(actor=request.user, template=row))

    @admin.action(description=_("Use the built-in template"), permissions=["keep"])
    def use_builtin(self, request, queryset):
        self._each(request, queryset, lambda row: letter_builtin_use(actor=request.user, kind=row.kind))

    @staticmethod
    def _each(request, queryset, step):
        for row in queryset:
            try:
                step(row)
            except DomainError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, _("The template of %(letter)s is changed.") % {"letter": row.kind_name})


def _document(content, name):
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return guard(response)
