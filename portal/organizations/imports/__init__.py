"""Imports of organisations, their dated facts and their employers from Excel."""

from portal.organizations.imports.employers import EmployerRegister
from portal.organizations.imports.facts import CommitteeRegister, HeadCountRegister
from portal.organizations.imports.organizations import OrganizationRegister

REGISTERS = [OrganizationRegister, HeadCountRegister, CommitteeRegister, EmployerRegister]
