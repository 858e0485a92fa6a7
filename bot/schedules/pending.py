"""What the language has and the bot does not: refused with "not yet", absent from the schema.

To build a feature is to use its values where Schedules is made, and to delete its rows here.
"""

NOT_YET = frozenset(
    {
        "sources.*.ics",
        "sources.*.csv",
        "sources.*.jsonld",
    }
)
"""Places of keys, names and list items as a star; or a place and one of its words."""
