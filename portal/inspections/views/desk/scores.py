"""The phone page on which inspectors enter scores, one group of items after another.

Without JavaScript each group is one form. With htmx each item is saved as soon as it changes, and photos travel alone.
"""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django.views.generic.detail import SingleObjectMixin

from portal.core.errors import DomainError
from portal.exchange.storage import file_response
from portal.inspections import rules
from portal.inspections.forms.scores import ScoreForm
from portal.inspections.selectors import groups_of, progress_of
from portal.inspections.services.scores import NOT_UNDER_WAY, score_attach, score_set
from portal.web.views import ScopedMixin

INVALID = 422


class OfInspectionMixin(ScopedMixin, SingleObjectMixin):
    """A page about scores of an inspection that the reader may see."""

    prefix = ""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def address(self, name, *args):
        """Return the address of a page of this inspection by the last part of its URL name."""
        return reverse(f"{self.model._meta.app_label}:{self.prefix}-{name}", args=[self.object.pk, *args])

    def save(self, form):
        """Save a valid form; return whether it was saved, with the refusal in the form otherwise."""
        inspection, actor, item = self.object, self.request.user, form.item
        try:
            if form.says_something:
                score_set(actor=actor, inspection=inspection, item=item, **form.given)
            return self.attach(form)
        except DomainError as error:
            form.add_error(None, error.message)
            return False

    def attach(self, form):
        """Attach the upload of a valid form, if there is one; return True."""
        if form.cleaned_data["upload"]:
            score_attach(
                actor=self.request.user,
                inspection=self.object,
                item=form.item,
                upload=form.cleaned_data["upload"],
                taken_at=form.cleaned_data.get("taken"),
            )
        return True

    def shown(self, line, form, **more):
        """Return what the template shows of one item."""
        score = line.score
        stored = score.file if score is not None and score.file and not score.file.deleted_at else None
        return {
            "line": line,
            "item": line.item,
            "form": form,
            "saved_at": score.scored_at if score else None,
            "lacking": line.lacks_evidence,
            "url": self.address("item", line.item.pk),
            "file_url": self.address("file", score.pk) if stored else "",
            "file_name": stored.name if stored else "",
            "is_picture": bool(stored) and stored.content_type == "image/jpeg",
            **more,
        }


class ScoreStartView(OfInspectionMixin, generic.View):
    """Leads to the first group with an item that has no answer yet."""

    rule = rules.can_inspect

    def get(self, request, *args, **kwargs):
        groups = groups_of(self.object)
        first = next((group.number for group in groups if not group.is_done), 1)
        return HttpResponseRedirect(self.address("group", first))


class ScoreGroupView(OfInspectionMixin, generic.TemplateView):
    """The items of one group, to be answered on a phone."""

    rule = rules.can_inspect
    cost_of_post = "picture"
    template_name = "inspections/score_group.html"
    title = _("Enter scores")

    def group_in(self, groups):
        number = self.kwargs["group"]
        if not 1 <= number <= len(groups):
            raise Http404
        return groups[number - 1]

    def get(self, request, *args, **kwargs):
        if not rules.can_score(request.user, self.object):
            messages.info(request, NOT_UNDER_WAY)
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        forms = kwargs.pop("forms", {})
        groups = groups_of(self.object)
        group = self.group_in(groups)
        done, count = progress_of(groups)
        steps = [
            {"number": one.number, "name": one.name, "is_done": one.is_done, "url": self.address("group", one.number)}
            for one in groups
        ]
        return super().get_context_data(
            # The address gives the number of the group, which is replaced by the group itself.
            **{
                **kwargs,
                "object": self.object,
                "group": group,
                "groups": steps,
                "rows": [self.shown(line, forms.get(line.item.pk) or ScoreForm(line=line)) for line in group.lines],
                "done": done,
                "count": count,
                "last": group.number == len(groups),
                "before_url": self.address("group", group.number - 1) if group.number > 1 else "",
                "back_url": self.object.get_absolute_url(),
            }
        )

    def post(self, request, *args, **kwargs):
        groups = groups_of(self.object)
        group = self.group_in(groups)
        forms = {line.item.pk: ScoreForm(request.POST, request.FILES, line=line) for line in group.lines}
        wrong = {pk: form for pk, form in forms.items() if not (form.is_valid() and self.save(form))}
        if wrong:
            context = self.get_context_data(forms=wrong, errors=len(wrong))
            return TemplateResponse(request, self.template_name, context, status=INVALID)
        if group.number < len(groups):
            return HttpResponseRedirect(self.address("group", group.number + 1))
        messages.success(request, _("All groups are saved."))
        return HttpResponseRedirect(self.object.get_absolute_url())


class ScoreItemView(OfInspectionMixin, generic.View):
    """Saves one item as htmx sends it, and answers with the fragment that shows it as saved.

    With ``part=upload`` only the photo or file is saved.
    """

    rule = rules.can_inspect
    cost_of_post = "picture"
    http_method_names = ("post",)
    template_name = "inspections/_score_saved.html"

    def post(self, request, *args, **kwargs):
        line = self.line()
        form = ScoreForm(request.POST, request.FILES, line=line)
        saved = form.is_valid() and self.keep(form)
        if not request.htmx:
            return HttpResponseRedirect(self.address("score"))
        groups = groups_of(self.object)
        fresh = self.find(groups)
        done, count = progress_of(groups)
        part = "upload" if self.is_upload else "answer"
        errors = [] if saved else [message for found in form.errors.values() for message in found]
        context = self.shown(
            fresh, ScoreForm(line=fresh), part=part, errors=errors, done=done, count=count, saved=saved
        )
        return TemplateResponse(request, self.template_name, context, status=200 if saved else INVALID)

    @property
    def is_upload(self):
        return self.request.POST.get("part") == "upload"

    def keep(self, form):
        if not self.is_upload:
            return self.save(form)
        try:
            return self.attach(form)
        except DomainError as error:
            form.add_error(None, error.message)
            return False

    def line(self):
        found = self.find(groups_of(self.object))
        if found is None:
            raise Http404
        return found

    def find(self, groups):
        lines = (line for group in groups for line in group.lines)
        return next((line for line in lines if line.item.pk == self.kwargs["item"]), None)


class ScoreFileView(OfInspectionMixin, generic.View):
    """The photo or file of a score, for everyone who may see the inspection."""

    shell = None

    def get(self, request, *args, **kwargs):
        score = get_object_or_404(self.object.scores.exclude(file=None).select_related("file"), pk=self.kwargs["score"])
        return file_response(score.file)
