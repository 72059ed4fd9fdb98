"""Views of a member's children, entered to apply for them.

Only the member sees them, after a fresh code.
"""

from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.members import rules
from portal.members.consents import CHILD, CHILD_CARE
from portal.members.forms.children import ChildCareForm, ChildCreateForm, ChildUpdateForm
from portal.members.models import Child, Consent
from portal.members.services.children import CHILDREN_AT_MOST, child_add, child_care_change, child_change, child_remove
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.web.views import ActionView, FormPageView, ShellMixin, UpdateView


def facts_of(child):
    field = Child._meta.get_field
    values = {"sex": child.get_sex_display(), "born_on": child.born_on, "relation": child.get_relation_display()}
    return [(field(name).verbose_name, value) for name, value in values.items()]


class ChildListView(FreshRequiredMixin, ShellMixin, generic.TemplateView):
    shell = None
    template_name = "members/child_list.html"
    title = _("My children")

    def get_context_data(self, **kwargs):
        me = self.request.user
        children = list(Child.objects.visible_to(me).order_by("born_on", "pk"))
        given = Consent.objects.visible_to(me).standing().filter(purpose=CHILD_CARE.code)
        agreed = set(given.values_list("about_id", flat=True)) if children else set()
        return super().get_context_data(
            children=[(child, facts_of(child), child.pk in agreed) for child in children],
            may_add=len(children) < CHILDREN_AT_MOST,
            **kwargs,
        )


class ChildCreateView(FreshRequiredMixin, FormPageView):
    shell = None
    template_name = "members/child_form.html"
    form_class = ChildCreateForm
    title = _("Enter a child")
    submit_label = _("Enter the child")
    success_message = _("The child is entered. Only you can see the entry.")
    success_url = reverse_lazy("members:child-list")
    back_url = success_url

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=CHILD, **kwargs)

    def perform(self, form):
        return child_add(guardian=self.request.user, **form.cleaned_data)


class ChildUpdateView(FreshRequiredMixin, UpdateView):
    model = Child
    shell = None
    form_class = ChildUpdateForm
    rule = rules.can_edit_child
    title = _("Edit a child's entry")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "child"
    service = child_change


class ChildCareView(FreshRequiredMixin, UpdateView):
    """Edits what carers must know, which needs a consent of its own; the same page withdraws it."""

    model = Child
    shell = None
    template_name = "members/child_care.html"
    form_class = ChildCareForm
    rule = rules.can_edit_child
    title = _("What carers must know")
    submit_label = _("Save the notes for carers")
    success_message = _("Saved. Only you can see it.")

    row_name = "child"
    service = child_care_change

    @cached_property
    def consent(self):
        """The valid consent, or None."""
        return Consent.objects.about_child(self.object, CHILD_CARE).first()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "agreed": self.consent is not None}

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=CHILD_CARE, consent=self.consent, **kwargs)


class ChildRemoveView(FreshRequiredMixin, ActionView):
    model = Child
    shell = None
    rule = rules.can_edit_child
    title = _("Remove the child's entry")
    action_label = _("Remove for good")
    consequence = _(
        "The entry and the notes for carers are deleted at once and for good; your consent ends with them. "
        "The child leaves all classes."
    )
    danger = True
    success_message = _("The entry is deleted.")
    success_url = reverse_lazy("members:child-list")

    row_name = "child"
    service = child_remove

    def get_context_data(self, **kwargs):
        return super().get_context_data(items=[self.object.name], **kwargs)
