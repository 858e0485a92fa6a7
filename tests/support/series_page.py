"""A series page: the facts of the real one, in its line format, among prose that is made up."""

from datetime import UTC, date, datetime

PAGE = """Health and Life Science Symposium

Under the patronage of nobody, this is a series of virtual events that ends with people in one \
room (as things stand on 24th November 2021). 3 of 4 readers skip this paragraph.

What the region has:

  \u2022 the largest number of fictional companies (worth \u00a31.6bn pa)
  \u2022 14% of all invented jobs (30,565 of them)
  \u2022 2 of the 3 tallest made-up hospitals
  \u2022 the 2nd oldest imaginary cluster
  \u2022 7 leading schools of nothing
  \u2022 a population of over 10 million characters

Upcoming Events:


June 2021:
3rd - 4th June - 14th UK & Ireland Occupational and Environmental Epidemiology Society Meeting
9th June - CANDAL seminar series 2021
9th June - Centre for Dementia Seminar Series
10th June - Cabin Fever: How does isolation affect our mental health?

July 2021:
14th July - Neuroscience in forensic mental health: Is it translatable?

Follow along at\u00a0 #MidlandsHealth wherever you read.
Questions go to\u00a0 nobody in particular



Previous Events:
15th Jan - The Midlands COVID-19 Response Report Launch\u00a0 Watch Here\u00a0\x20
25th Feb - Midlands Innovation Immunology Network Launch | COVID-19 Research Showcase\
\u00a0 Watch Here\u00a0\x20
26th Feb - Innovation Friday Online | Health Innovation for Leicester Life Sciences\
\u00a0 Event Details
4th Mar - INTERFACE | Science + Art + Health\u00a0 Event Details
15th - 17th Mar - Beyond COVID-19 | New directions for Public Involvement in Health and Social \
Care Research in the Midlands\u00a0 Event Details
26th Mar - Midlands Innovation Immunology Network Informal Fridays\u00a0\x20
14th April - Midlands Mass Spectrometry Group event series. 11:00-12:00\u00a0 Watch Here
30th April- Midlands Innovation Immunology Network Informal Fridays\u00a0\x20
17th May -\u00a0 Research on Mental Health Recovery: Co-Created with Survivors of Modern Slavery\
\u00a0 Event Details
18th May - Institute of Mental Health Research Day
20th May - Mood Disorders Centre of Excellence Research Meeting\u00a0 Event Details
28th May - Midlands Innovation Immunology Network Informal Fridays (get in touch for joining \
details)
"""

_CARE = "Health and Social Care Research"
_FRIDAYS = "Midlands Innovation Immunology Network Informal Fridays"

EVENTS: list[tuple[date, date | None, str]] = [
    (
        date(2021, 6, 3),
        date(2021, 6, 4),
        "14th UK & Ireland Occupational and Environmental Epidemiology Society Meeting",
    ),
    (date(2021, 6, 9), date(2021, 6, 9), "CANDAL seminar series 2021"),
    (date(2021, 6, 9), date(2021, 6, 9), "Centre for Dementia Seminar Series"),
    (
        date(2021, 6, 10),
        date(2021, 6, 10),
        "Cabin Fever: How does isolation affect our mental health?",
    ),
    (
        date(2021, 7, 14),
        date(2021, 7, 14),
        "Neuroscience in forensic mental health: Is it translatable?",
    ),
    (date(2021, 1, 15), date(2021, 1, 15), "The Midlands COVID-19 Response Report Launch"),
    (
        date(2021, 2, 25),
        date(2021, 2, 25),
        "Midlands Innovation Immunology Network Launch | COVID-19 Research Showcase",
    ),
    (
        date(2021, 2, 26),
        date(2021, 2, 26),
        "Innovation Friday Online | Health Innovation for Leicester Life Sciences",
    ),
    (date(2021, 3, 4), date(2021, 3, 4), "INTERFACE | Science + Art + Health"),
    (
        date(2021, 3, 15),
        date(2021, 3, 17),
        f"Beyond COVID-19 | New directions for Public Involvement in {_CARE} in the Midlands",
    ),
    (date(2021, 3, 26), date(2021, 3, 26), _FRIDAYS),
    (
        datetime(2021, 4, 14, 10, tzinfo=UTC),
        datetime(2021, 4, 14, 11, tzinfo=UTC),
        "Midlands Mass Spectrometry Group event series",
    ),
    (date(2021, 4, 30), date(2021, 4, 30), _FRIDAYS),
    (
        date(2021, 5, 17),
        date(2021, 5, 17),
        "Research on Mental Health Recovery: Co-Created with Survivors of Modern Slavery",
    ),
    (date(2021, 5, 18), date(2021, 5, 18), "Institute of Mental Health Research Day"),
    (date(2021, 5, 20), date(2021, 5, 20), "Mood Disorders Centre of Excellence Research Meeting"),
    (date(2021, 5, 28), date(2021, 5, 28), f"{_FRIDAYS} (get in touch for joining details)"),
]
