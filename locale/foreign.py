"""Texts of installed packages that have no Simplified Chinese translation.

They are extracted like the portal's own texts; no module imports this file.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Untranslated in Django's zh_Hans catalogs.
gettext_noop("%(model)s instance with %(field)s %(value)r is not a valid choice.")
gettext_noop("Model name")
gettext_noop("Add link")
gettext_noop("Change or view list link")
gettext_noop("After you’ve created a user, you’ll be able to edit more user options.")
gettext_noop("Error:")
gettext_noop("Forgotten your login credentials?")
gettext_noop("In case you’ve forgotten, you are:")
ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)

# django-filter has only zh_CN, which Django does not look up for zh-hans.
gettext_noop("date")
gettext_noop("year")
gettext_noop("month")
gettext_noop("day")
gettext_noop("week day")
gettext_noop("hour")
gettext_noop("minute")
gettext_noop("second")
gettext_noop("contains")
gettext_noop("is in")
gettext_noop("is greater than")
gettext_noop("is greater than or equal to")
gettext_noop("is less than")
gettext_noop("is less than or equal to")
gettext_noop("starts with")
gettext_noop("ends with")
gettext_noop("is in range")
gettext_noop("is null")
gettext_noop("matches regex")
gettext_noop("search")
gettext_noop("is contained by")
gettext_noop("overlaps")
gettext_noop("has key")
gettext_noop("has keys")
gettext_noop("has any keys")
gettext_noop("Select a lookup.")
gettext_noop("Range query expects two values.")
gettext_noop("Today")
gettext_noop("Yesterday")
gettext_noop("Past 7 days")
gettext_noop("This month")
gettext_noop("This year")
gettext_noop("Multiple values may be separated by commas.")
gettext_noop("%s (descending)")
gettext_noop("Ordering")
gettext_noop("Submit")
gettext_noop("Field filters")
gettext_noop("exclude")
gettext_noop("All")
gettext_noop("Unknown")
gettext_noop("Yes")
gettext_noop("No")
