"""The registers of people that are imported from Excel."""

from portal.members.imports.appointments import AppointmentRegister
from portal.members.imports.roster import RosterRegister

__all__ = ["REGISTERS", "AppointmentRegister", "RosterRegister"]

REGISTERS = [RosterRegister, AppointmentRegister]
