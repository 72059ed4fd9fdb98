"""Nursing rooms (妈咪小屋) and those who look after them."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nursing_rooms.choices.rooms import ROOM_TRANSITIONS, Facility, RoomState, RoomType
from nursing_rooms.querysets.rooms import NursingRoomQuerySet, RoomManagerQuerySet
from portal.audit.gate import StateField
from portal.core.bounds import VALIDITY
from portal.core.fields import AmountField, DayField, MomentField
from portal.locations.fields import HoursField
from portal.locations.models import Located
from portal.locations.opening import Closure
from portal.locations.sphere import nearest_index
from portal.members.models import Assignment


class NursingRoom(Located):
    """A place for nursing mothers: room, corner, box or bus (domain.md S9, L1).

    ``organization`` is the union responsible for it. A public room is found by everybody; a room of a unit is for its
    own people. ``renewed_on`` is the day of the last upgrade, counted apart from new rooms (NR05).
    """

    organization = models.ForeignKey(
        "organizations.Organization", on_delete=models.PROTECT, related_name="+", verbose_name=_("Managed by")
    )
    number = models.CharField(_("Number of the register"), max_length=30, blank=True)
    name = models.CharField(_("Name"), max_length=60)
    room_type = models.CharField(_("Type"), max_length=10, choices=RoomType)
    is_public = models.BooleanField(_("Open to the public"), default=False)
    host = models.CharField(_("Unit that hosts it"), max_length=100)
    region = models.ForeignKey(
        "organizations.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("Region")
    )
    address = models.CharField(_("Address"), max_length=120)
    floor = models.CharField(_("Floor"), max_length=20, blank=True)
    landmark = models.CharField(_("Nearest shop or lift"), max_length=60, blank=True)
    phone = models.CharField(_("Phone of the room"), max_length=30, blank=True)
    area_m2 = AmountField(_("Area in m²"), max_digits=6, decimal_places=1, null=True, blank=True)
    hours = HoursField(_("Opening hours"))
    facilities = ArrayField(
        models.CharField(max_length=20, choices=Facility), verbose_name=_("Facilities"), default=list, blank=True
    )
    state = StateField(ROOM_TRANSITIONS, default=RoomState.APPLIED)
    star = models.PositiveSmallIntegerField(
        _("Stars"), null=True, blank=True, validators=[MinValueValidator(3), MaxValueValidator(5)]
    )
    opened_on = DayField(_("Opened on"), span=VALIDITY, null=True, blank=True)
    renewed_on = DayField(_("Upgraded on"), span=VALIDITY, null=True, blank=True)
    retired_on = DayField(_("Withdrawn on"), span=VALIDITY, null=True, blank=True)
    closed_from = DayField(_("Closed from"), null=True, blank=True)
    closed_until = DayField(_("Closed until (included)"), null=True, blank=True)
    closed_reason = models.CharField(_("Why it is closed"), max_length=100, blank=True)
    cleaned_at = MomentField(_("Last cleaned at"), null=True, blank=True)
    verified_at = MomentField(_("Last seen on site at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = MomentField(auto_now_add=True)

    objects = NursingRoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nursing room")
        verbose_name_plural = _("Nursing rooms")
        ordering = ["region", "name", "pk"]
        constraints = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number=""),
                name="nursing_rooms_room_number",
                violation_error_message=_("There is already a room with this number."),
            ),
            models.UniqueConstraint(
                fields=["region", "host", "name", "floor"],
                condition=~Q(state="retired"),
                name="nursing_rooms_room_once",
                violation_error_message=_("There is already a room with this name at this unit and floor."),
            ),
            models.CheckConstraint(
                condition=Q(closed_from__isnull=True) | ~Q(closed_reason=""), name="nursing_rooms_room_closed"
            ),
        ]
        indexes = [nearest_index("nursing_rooms_room_place")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("nursing_rooms:room-detail", args=[self.pk])

    @property
    def closures(self):
        """The days on which the room is temporarily closed; it stays closed until somebody reopens it."""
        if self.closed_from is None or self.closed_until is None:
            return []
        return [Closure(self.closed_from, max(self.closed_until, self.closed_from), self.closed_reason)]


class RoomManager(Assignment):
    """A member who looks after a room: cleans, counts, answers reports."""

    room = models.ForeignKey(NursingRoom, on_delete=models.CASCADE, related_name="managers")

    objects = RoomManagerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Room manager")
        verbose_name_plural = _("Room managers")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "member"],
                condition=Q(valid_until__isnull=True),
                name="nursing_rooms_manager_once",
                violation_error_message=_("This person already looks after the room."),
            )
        ]

    def __str__(self):
        return f"Manager {self.pk}"

    def get_absolute_url(self):
        return self.room.get_absolute_url()
