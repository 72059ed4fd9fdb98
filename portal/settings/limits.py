"""How long, how often and how many: numbers that an operator may need to look up in one place."""

from portal.settings.reading import environment

env = environment()

# Accounts: hours in which the holder of the earlier number may object; days for which an unproven change closes private
# pages; days without use after which a new proof is needed; attempts at proofs a day; days for which duties of new
# accounts need a second person.
PHONE_CHANGE_HOURS = env.int("PORTAL_PHONE_CHANGE_HOURS", default=72)
SECRETS_CLOSED_DAYS = env.int("PORTAL_SECRETS_CLOSED_DAYS", default=30)
IDLE_ACCOUNT_DAYS = env.int("PORTAL_IDLE_ACCOUNT_DAYS", default=90)
PROOFS_PER_PERSON_AND_DAY = 10
PROOFS_PER_ACTOR_AND_DAY = 60
ACCOUNT_AGE_DAYS = env.int("PORTAL_ACCOUNT_AGE_DAYS", default=30)
# Days that an appointment may wait for a second person, and days after which the next level may approve it too.
APPOINTMENT_DAYS = 30
APPOINTMENT_LEVEL_DAYS = 7
# Days that a unit has to answer a person who asks it to vouch for them; STANDING_DAYS_MOST is the most days that its
# confirmation is valid.
VOUCHING_DAYS = 30
# Working days within which the other unit or the person decides on a transfer.
TRANSFER_WORKING_DAYS = 15
STANDING_DAYS_MOST = 3 * 366

# Exports: above this many rows a second person must release the file; above the maximum the list must be narrowed.
EXPORT_SECOND_PERSON_ROWS: int = env.int("PORTAL_EXPORT_SECOND_PERSON_ROWS", default=1000)
EXPORT_MOST_ROWS = 50_000
EXPORT_HOURS = 24
EXPORTS_PER_HOUR = 20

# How often in an hour one person may open pages that need much computing (portal.web.middleware).
COSTLY_PER_HOUR = {
    "figures": 900,
    "take-out": 60,
    "document": 120,
    "picture": 600,
    "import": 60,
    "plan": 60,
    "own": 60,
    "look-up": 240,
}

# Matchmaking: working days within which a unit vets a profile, an appeal is decided and a report is settled; the most
# days that a unit's confirmation is valid; how often one person may search and open cards in an hour, and request
# introductions in a day.
MATCHMAKING_VETTING_WORKING_DAYS = 5
MATCHMAKING_APPEAL_WORKING_DAYS = 10
MATCHMAKING_REPORT_WORKING_DAYS = 5
MATCHMAKING_VOUCHED_DAYS_MOST = 366
MATCHMAKING_SEARCHES_PER_HOUR = 60
MATCHMAKING_CARDS_PER_HOUR = 60
MATCHMAKING_ASKS_PER_DAY = 10

# Days for which the logs of requests are kept, as the privacy statement says: deploy/logrotate and deploy/journald.
LOG_DAYS = env.int("PORTAL_LOG_DAYS", default=200)

# Nursing rooms: visits that the door of one room counts in an hour, reports that one network may send about one room in
# an hour, minutes for which one phone is not counted again.
ROOM_VISITS_PER_HOUR = env.int("PORTAL_ROOM_VISITS_PER_HOUR", default=200)
ROOM_REPORTS_PER_HOUR = 20
ROOM_VISIT_MINUTES = 30
