"""Registers of organisations and of their dated facts from Excel."""

from portal.organizations.imports.facts import CommitteeRegister, HeadCountRegister
from portal.organizations.imports.organizations import OrganizationRegister

REGISTERS = [OrganizationRegister, HeadCountRegister, CommitteeRegister]
