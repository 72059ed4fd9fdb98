"""Admin pages for members and duties: search by POST, masked display, changes through the services."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core import limits
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.text import mask_any, mask_identity, mask_name, mask_phone
from portal.members.filters import find_people
from portal.members.lookups import term_keep, term_kept
from portal.members.models import Appointment, Duty, Member
from portal.members.rules import can_end_duty, may_give
from portal.members.services.appointments import duty_give
from portal.members.services.duties import duty_end
from portal.web.admin import ScopedAdmin

# The session key of the one search that the admin list of members keeps.
MARK = "admin"


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    """Admin of members, searched by a POST that keeps the term in the session.

    It has no search box and shows no document number in clear.
    """

    list_display = ("__str__", "shown_name", "sex", "organization", "is_active", "activated_at")
    list_filter = ("sex", "is_active")
    list_select_related = ("organization",)
    ordering = ("pk",)
    fields = (
        "shown_name",
        "sex",
        "birth_year",
        "organization",
        "shown_identity",
        "shown_phone",
        "is_active",
        "activated_at",
    )
    readonly_fields = fields
    change_list_template = "admin/members/member/change_list.html"

    @admin.display(description=_("Full name"))
    def shown_name(self, member):
        return mask_name(member.name)

    @admin.display(description=_("Identity number"))
    def shown_identity(self, member):
        return mask_identity(member.identity_number)

    @admin.display(description=_("Mobile number"))
    def shown_phone(self, member):
        return mask_phone(member.phone)

    def get_urls(self):
        find = path("find/", self.admin_site.admin_view(self.find), name="members_member_find")
        return [find, *super().get_urls()]

    def find(self, request):
        """Keep the search term in the session, so that it appears in no URL and no log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            limits.consume(
                "cost.look-up", str(request.user.pk), limit=settings.COSTLY_PER_HOUR["look-up"], seconds=3600
            )
            term_keep(request.session, request.POST.get("term", "")[:60].replace("\x00", ""), MARK)
        return HttpResponseRedirect(reverse("admin:members_member_changelist"))

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        term = term_kept(request.session, MARK)
        changelist = request.resolver_match and request.resolver_match.url_name == "members_member_changelist"
        return find_people(queryset, term) if term and changelist else queryset

    def changelist_view(self, request, extra_context=None):
        found = {"found": mask_any(term_kept(request.session, MARK))}
        return super().changelist_view(request, {**(extra_context or {}), **found})


class DutyForm(forms.ModelForm):
    """The admin form by which an administrator gives a duty; the service checks what they may give."""

    class Meta:
        model = Duty
        fields = ("member", "organization", "role", "valid_from", "valid_until")

    actor = None

    def clean(self):
        data = super().clean()
        role, organization, member = data.get("role"), data.get("organization"), data.get("member")
        if role and organization and member:
            if member.pk == self.actor.pk:
                raise ValidationError(_("You cannot appoint yourself."))
            if not may_give(self.actor, role, organization):
                raise ValidationError(
                    _("You can grant only the permissions that you hold yourself, and only within your own scope.")
                )
        return data


@admin.register(Duty)
class DutyAdmin(ScopedAdmin):
    list_display = ("__str__", "shown_member", "organization", "role", "valid_from", "valid_until")
    list_filter = ("role",)
    list_select_related = ("member", "organization")
    # Members have no search box here, because a name in a URL would be logged: the magnifying glass beside the number
    # opens the search by POST. The organisation field offers the organisations that the administrator's duties reach.
    raw_id_fields = ("member",)
    autocomplete_fields = ("organization",)
    ordering = ("-pk",)
    form = DutyForm
    actions = ("end_today",)

    @admin.display(description=_("Member"))
    def shown_member(self, duty):
        return mask_name(duty.member.name)

    def has_add_permission(self, request):
        return bool(request.user.reach(Area.MEMBERS, Capability.APPOINT))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        return type("ActorDutyForm", (form,), {"actor": request.user})

    def add_view(self, request, form_url="", extra_context=None):
        """Show what the service refuses as a message: the form takes no lock, and the service checks again."""
        try:
            return super().add_view(request, form_url, extra_context)
        except (DomainError, ValidationError) as error:
            words = error.messages if isinstance(error, ValidationError) else [error.message]
            messages.error(request, " ".join(str(word) for word in words))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        obj.given = duty_give(actor=request.user, **form.cleaned_data)
        obj.pk = obj.given.pk

    def response_add(self, request, obj, post_url_continue=None):
        """Redirect to the appointment where a second person must approve, because no duty exists yet."""
        if isinstance(obj.given, Appointment):
            messages.warning(request, _("A second person must approve it first; only then does the duty take effect."))
            return HttpResponseRedirect(obj.given.get_absolute_url())
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description=_("End from today"), permissions=["end"])
    def end_today(self, request, queryset):
        ended = 0
        for duty in queryset.select_related("organization"):
            if not can_end_duty(request.user, duty):
                messages.error(request, _("You are not permitted to end duty %(number)s.") % {"number": duty.pk})
                continue
            try:
                duty_end(actor=request.user, duty=duty, on=timezone.localdate())
            except DomainError as error:
                messages.error(request, error.message)
            else:
                ended += 1
        messages.success(request, _("%(count)s duties ended.") % {"count": ended})

    def has_end_permission(self, request):
        return bool(request.user.reach(Area.MEMBERS, Capability.APPOINT))
