from typing import Any

import pytest

from bot.schedules.phrases import Phrase, PhraseError
from bot.schedules.texts import ADDRESS, COUNT, FILE, FLAG, HASHTAG, NAME, TIMEZONE, UID, YEAR

IN_QUOTES = (
    'expected a hashtag in quotes, such as "#MidlandsHealth" (without quotes, # begins a comment)'
)
CITY = "expected a region and city, such as Europe/London"


@pytest.mark.parametrize(
    ("phrase", "text", "meant"),
    [
        (HASHTAG, "#MidlandsHealth", "#MidlandsHealth"),
        (HASHTAG, "#München_2021", "#München_2021"),
        (TIMEZONE, "Europe/London", "Europe/London"),
        (TIMEZONE, "UTC", "UTC"),
        (ADDRESS, "https://example.org", "https://example.org"),
        (ADDRESS, "http://localhost:8000/a?b#c", "http://localhost:8000/a?b#c"),
        (FILE, "./events/./list.txt", "events/list.txt"),
        (FILE, "events/what is on.txt", "events/what is on.txt"),
        (FILE, "..hidden", "..hidden"),
        (FILE, "https://example.org/calendar", "https://example.org/calendar"),
        (NAME, "week-before", "week-before"),
        (UID, "7kukuqrfedlm2f9t@example.org", "7kukuqrfedlm2f9t@example.org"),
        (COUNT, "6", 6),
        (YEAR, "2021", 2021),
        (FLAG, "yes", True),
        (FLAG, "No", False),
    ],
)
def test_a_text_is_read(phrase: Phrase[Any], text: str, meant: object) -> None:
    assert phrase.value(text) == meant


@pytest.mark.parametrize(
    ("phrase", "text", "at", "message"),
    [
        (
            HASHTAG,
            "MidlandsHealth",
            0,
            "'MidlandsHealth' has no #; write \"#MidlandsHealth\", in quotes",
        ),
        (HASHTAG, "##Tag", 1, "a second # stands here; a hashtag has one, at its beginning"),
        (HASHTAG, "#Two#Tags", 4, "a second # stands here; a hashtag has one, at its beginning"),
        (
            HASHTAG,
            "#Two Words",
            4,
            "a space would end the hashtag; write its words together, LikeThis",
        ),
        (
            HASHTAG,
            "#Midlands-Health",
            9,
            "'-' would end the hashtag; expected letters, digits and '_'",
        ),
        (HASHTAG, "#2021", 0, "'#2021' needs a letter to be a hashtag"),
        (HASHTAG, "#Half½", 5, "'½' would end the hashtag; expected letters, digits and '_'"),
        (
            HASHTAG,
            "#" + "a" * 65,
            0,
            "a hashtag of 66 characters is none on Bluesky; expected at most 65",
        ),
        (HASHTAG, "#_", 0, "'#_' needs a letter to be a hashtag"),
        (HASHTAG, "#", 0, f"'#' is not understood; {IN_QUOTES}"),
        (
            TIMEZONE,
            "London",
            0,
            f"'London' is not a time zone (did you mean 'Europe/London'?); {CITY}",
        ),
        (TIMEZONE, "BST", 0, f"'BST' is not a time zone (did you mean 'Europe/London'?); {CITY}"),
        (TIMEZONE, "GMT", 0, f"'GMT' is not a time zone (did you mean 'Europe/London'?); {CITY}"),
        (
            TIMEZONE,
            "europe/london",
            0,
            f"'europe/london' is not a time zone (did you mean 'Europe/London'?); {CITY}",
        ),
        (
            TIMEZONE,
            "Europe/Lundon",
            0,
            f"'Europe/Lundon' is not a time zone (did you mean 'Europe/London'?); {CITY}",
        ),
        (
            TIMEZONE,
            "new york",
            0,
            f"'new york' is not a time zone (did you mean 'America/New_York'?); {CITY}",
        ),
        (TIMEZONE, "localtime", 0, f"'localtime' is not a time zone; {CITY}"),
        (
            TIMEZONE,
            "+01:00",
            0,
            "'+01:00' is not understood; expected a time zone, such as Europe/London",
        ),
        (
            ADDRESS,
            "www.example.org",
            0,
            "'www.example.org' is not a whole address; write it with https://",
        ),
        (
            ADDRESS,
            "https://me:secret@example.org",
            8,
            "a name or password has no place in an address: take out 'me:secret@'",
        ),
        (
            ADDRESS,
            "ftp://example.org",
            0,
            (
                "'ftp://example.org' is not understood; "
                "expected a web address, such as https://example.org/events"
            ),
        ),
        (
            FILE,
            "events/../../list.txt",
            7,
            (
                "'..' leads out of the folder of this file: 'events/../../list.txt'; "
                "move the file below it"
            ),
        ),
        (
            FILE,
            "/etc/passwd",
            0,
            "'/etc/passwd' leads elsewhere; expected a path below the folder of this file",
        ),
        (
            FILE,
            "C:/events.txt",
            0,
            "'C:/events.txt' leads elsewhere; expected a path below the folder of this file",
        ),
        (
            FILE,
            "~/events.txt",
            0,
            "'~/events.txt' leads elsewhere; expected a path below the folder of this file",
        ),
        (FILE, "events\\list.txt", 6, "'events\\list.txt': write '/' instead of '\\'"),
        (FILE, "events/", 0, "'events/' is a folder; expected a file"),
        (FILE, ".", 0, "'.' is a folder; expected a file"),
        (
            NAME,
            "../secret",
            0,
            (
                "'../secret' is not understood; "
                "expected a name of letters, digits, '.', '_' and '-', the first a letter or "
                "digit, 54 at most"
            ),
        ),
        (
            UID,
            "a/b",
            0,
            "'a/b' is not understood; expected the uid of an event, as 'bot events list' shows it",
        ),
        (COUNT, "0", 0, "'0' is not understood; expected a whole number from 1 to 9999"),
        (COUNT, "-1", 0, "'-1' is not understood; expected a whole number from 1 to 9999"),
        (YEAR, "21", 0, "'21' is not understood; expected a year, such as 2021"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(
    phrase: Phrase[Any], text: str, at: int, message: str
) -> None:
    with pytest.raises(PhraseError) as caught:
        phrase.value(text)
    assert (caught.value.at, str(caught.value)) == (at, message)
