"""Actions on rubrics, their versions and items."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.audit.actions import Action, Actions
from portal.inspections import rules
from portal.inspections.choices import UNPUBLISHED, VersionState
from portal.inspections.forms.rubrics import GradesForm, ItemForm
from portal.inspections.models import Rubric, RubricItem, RubricVersion
from portal.inspections.services import rubrics
from portal.web.forms import ReasonForm
from portal.web.second_person import PublishView, ReturnView, SubmitView
from portal.web.views import RowFormView, UpdateView

RUBRIC = Actions(
    Rubric,
    prefix="rubric",
    path="rubrics/",
    row_name="rubric",
    rule=rules.can_edit_rubric,
    words={"drop": _("Draft discarded")},
    actions=[
        Action(
            name="begin",
            service=rubrics.version_begin,
            when=lambda actor, rubric: not rubric.versions.filter(state__in=UNPUBLISHED).exists(),
            label=_("Begin a new version"),
            icon="edit",
            consequence=_(
                "The draft is a copy of the latest version. It can be changed until a second person puts it in force."
            ),
            done=_("The draft is ready."),
            lands=lambda rubric, version: version.get_absolute_url(),
        )
    ],
)


def next_item(version: RubricVersion) -> dict[str, object]:
    """Return what a new item of a draft starts with: the next number, and the group of the last item."""
    last = version.items.order_by("-number").first()
    return {"number": last.number + 1, "group": last.group} if last else {"number": 1}


VERSION = Actions(
    RubricVersion,
    prefix="version",
    path="versions/",
    row_name="version",
    rule=rules.can_edit_version,
    line=(VersionState.DRAFT, VersionState.SUBMITTED, VersionState.IN_FORCE, VersionState.REPLACED),
    actions=[
        Action(
            name="publish",
            service=rubrics.version_publish,
            target=VersionState.IN_FORCE,
            rule=rules.can_approve_version,
            view=PublishView,
            label=_("Put in force"),
            icon="check",
            consequence=_(
                "New inspections are made by this version from today. Inspections that are planned already keep the "
                "version before it. A version in force can no longer be changed."
            ),
            done=_("The version is in force."),
        ),
        Action(
            name="return",
            service=rubrics.version_return,
            target=VersionState.DRAFT,
            rule=rules.can_approve_version,
            view=ReturnView,
            form=ReasonForm,
            label=_("Return with a reason"),
            icon="arrow-back-up",
            button=ReturnView.action_label,
            consequence=ReturnView.consequence,
            done=ReturnView.success_message,
        ),
        Action(
            name="submit",
            service=rubrics.version_submit,
            target=VersionState.SUBMITTED,
            view=SubmitView,
            label=_("Submit for approval"),
            icon="send",
            consequence=SubmitView.consequence,
            done=SubmitView.success_message,
        ),
        Action(
            name="item",
            service=rubrics.item_create,
            rule=rules.can_change_version,
            view=RowFormView,
            form=ItemForm,  # type: ignore[arg-type]  # a model form is no Form
            initial=next_item,
            aside=True,
            label=_("Add an item"),
            icon="plus",
            done=_("The item is added."),
            options={"submit_label": _("Save")},
        ),
        Action(
            name="grade",
            service=rubrics.version_grade,
            rule=rules.can_change_version,
            view=RowFormView,
            form=GradesForm,
            aside=True,
            label=_("Change the grades"),
            icon="star",
            initial=lambda version: {"grades": "\n".join(f"{one.least} {one.name}" for one in version.scales())},
            done=_("The grades are saved."),
            options={"submit_label": _("Save")},
        ),
        Action(
            name="discard",
            service=rubrics.version_discard,
            rule=rules.can_change_version,
            label=_("Discard the draft"),
            icon="trash",
            consequence=_("The draft and its items are deleted. The version in force stays as it is."),
            danger=True,
            done=_("The draft is discarded."),
            lands=lambda version, rubric: rubric.get_absolute_url(),
        ),
    ],
)

ITEM = Actions(
    RubricItem,
    prefix="item",
    path="items/",
    row_name="item",
    rule=rules.can_change_item,
    actions=[
        Action(
            name="update",
            service=rubrics.item_update,
            view=UpdateView,
            form=ItemForm,  # type: ignore[arg-type]  # a model form is no Form
            label=_("Edit"),
            icon="edit",
            title=_("Edit the item"),
            done=_("The changes are saved."),
            options={"submit_label": _("Save changes")},
        ),
        Action(
            name="remove",
            service=rubrics.item_remove,
            label=_("Remove"),
            icon="x",
            title=_("Remove the item"),
            consequence=_("The item is removed from this draft. Versions in force keep it."),
            danger=True,
            done=_("The item is removed."),
        ),
    ],
)
