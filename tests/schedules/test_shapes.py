import pytest

from bot.core.documents import parse
from bot.errors import MistakesError
from bot.schedules import json_schema, read
from tests.support import json_schema as schema
from tests.support.schedules_files import FULL, plain

NAME = "expected letters, digits, '.', '_' and '-', the first a letter or digit, 54 at most"
POST_KEYS = (
    "when:, every:, on:, template:, grace:, days:, only:, except:, channels:, was:, covers:, "
    "settle:, wait_for:, wait_until:, otherwise:, approve:, warning:, card:"
)
WHEN = (
    "a time such as '1 hour before start', 'at start', '7 days before start at 09:00' "
    "or 'on the day of start at 08:00'"
)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "series:\n",
            "serie:\n",
            [
                (
                    "1:1: 'serie' is not a key of the file (did you mean 'series'?); "
                    "expected series:, sources:, channels:, quiet_hours:, limits:, posts:"
                )
            ],
        ),
        (
            "  name: A series\n",
            "",
            ["1:1: the series has no 'name'; add name: \"My Symposium 2021\""],
        ),
        (
            '  hashtag: "#ASeries"\n',
            "",
            ["1:1: the series has no 'hashtag'; add hashtag: \"#MidlandsHealth\""],
        ),
        (
            "  timezone: Europe/London\n",
            "",
            ["1:1: the series has no 'timezone'; add timezone: Europe/London"],
        ),
        (
            '"#ASeries"',
            "#ASeries",
            [
                (
                    "3:11: nothing stands here; expected a hashtag in quotes, such as "
                    '"#MidlandsHealth" (without quotes, # begins a comment)'
                )
            ],
        ),
        (
            "name: A series",
            "name: [A, series]",
            ["2:9: a list stands here; expected a text"],
        ),
        (
            "name: A series",
            "name: true",
            ["2:9: if 'true' is meant as a text, put it in quotes"],
        ),
        (
            "name: A series",
            "Name: A series",
            [
                (
                    "2:3: 'Name' is not a key of the series (did you mean 'name'?); "
                    "expected name:, hashtag:, timezone:, url:, language:, colours:, logo:"
                )
            ],
        ),
        (
            "listing: events/list.txt",
            "listin: events/list.txt",
            [
                (
                    "7:5: 'listin' is not a key of a source (did you mean 'listing'?); "
                    "expected listing:, yaml:, year:, every:, defaults:"
                ),
                "8:5: 'year' says nothing without 'listing'; add it beside",
            ],
        ),
        (
            "- yaml: events/finale.yaml",
            "- every: 1 hour",
            ["19:5: a source has no listing: or yaml:; add one"],
        ),
        (
            "    year: 2021\n",
            "    yaml: a.yaml\n",
            ["8:5: 'yaml' cannot stand beside 'listing'; keep one"],
        ),
        (
            "platform: local",
            "{platform: local, token: abc}",
            [
                (
                    "24:23: 'token' is not a key of a channel; expected platform:, links:,"
                    " visibility:, language:, also_zone:, monthly_budget:, prices:; accounts and"
                    " passwords are in the environment, never here"
                )
            ],
        ),
        ("name: A series", 'name: ""', ["2:9: nothing stands here; expected a text"]),
        (
            "platform: x",
            "platform: X",
            [
                (
                    "22:15: 'X' is not a platform (did you mean 'x'?); "
                    "expected x, mastodon, bluesky, apprise or local"
                )
            ],
        ),
        (
            "platform: local",
            "platform: twiter",
            ["24:15: 'twiter' is not a platform; expected x, mastodon, bluesky, apprise or local"],
        ),
        (
            "    platform: local\n",
            "    {}\n",
            ["23:3: a channel has no 'platform'; add platform: x"],
        ),
        (
            "  trial:\n    platform: local\n",
            "  trial/1:\n    platform: local\n",
            [
                (
                    "23:3: 'trial/1' cannot be the name of a channel (did you mean 'trial-1'?); "
                    f"{NAME}"
                ),
                "52:19: there is no channel 'trial' (did you mean 'trial/1'?); expected x, trial/1",
            ],
        ),
        (
            "  from: 21:00\n",
            "",
            ["25:1: quiet_hours has no 'from'; add from: \"21:00\""],
        ),
        (
            "per_day: 6",
            "per_day: six",
            ["29:12: 'six' is not understood; expected a whole number from 1 to 9999"],
        ),
        (
            "gap: 20 minutes",
            "gap: 20",
            ["30:8: '20' of what? Write 20 minutes, hours, days or weeks"],
        ),
        (
            "when: 1 hour before start",
            "when: 1 hour befor start",
            [f"33:18: 'befor' is not understood (did you mean 'before'?); expected {WHEN}"],
        ),
        (
            "when: 1 hour before start",
            "when: '1 hour befor start'",
            [f"33:19: 'befor' is not understood (did you mean 'before'?); expected {WHEN}"],
        ),
        (
            "when: 1 hour before start",
            "when: |\n      1 hour befor start",
            [f"33:11: 'befor' is not understood (did you mean 'before'?); expected {WHEN}"],
        ),
        (
            "    when: 1 hour before start\n",
            "",
            ["32:3: a post has no when: or every: or on:; add one"],
        ),
        (
            "    template: starting\n",
            "",
            ["32:3: a post has no 'template'; add template: reminder (a file in templates/posts)"],
        ),
        (
            "template: starting",
            "templat: starting",
            [
                (
                    "34:5: 'templat' is not a key of a post (did you mean 'template'?); "
                    f"expected {POST_KEYS}"
                )
            ],
        ),
        (
            "  recap:\n",
            "  the recap:\n",
            [f"48:3: 'the recap' cannot be the name of a post (did you mean 'the-recap'?); {NAME}"],
        ),
        (
            "      tag: private",
            "      tags: private",
            [
                (
                    "47:7: 'tags' is not a key of a selection of events (did you mean 'tag'?); "
                    "expected kind:, tag:, format:, timed:, multi_day:, event:, upcoming:"
                )
            ],
        ),
        (
            "      tag: private",
            "      {}",
            [
                (
                    "47:7: nothing stands here; "
                    "expected kind:, tag:, format:, timed:, multi_day:, event:, upcoming:"
                )
            ],
        ),
        (
            "      format: virtual\n      timed",
            "      format: online\n      timed",
            ["40:15: 'online' is not a format; expected virtual, in-person or hybrid"],
        ),
        ("timed: true", "timed: 1", ["41:14: '1' is not understood; expected true or false"]),
        (
            "- another",
            "- a/b",
            [
                (
                    "45:11: 'a/b' is not understood; "
                    "expected the uid of an event, as 'bot events list' shows it"
                )
            ],
        ),
        ("[x, trial]", "[]", ["52:15: the list is empty; expected a channel"]),
        ("[x, trial]", "[x, x]", ["52:19: 'x' stands here twice; keep one"]),
        (
            "[x, trial]",
            "{x: yes}",
            [
                (
                    "52:15: a group of keys stands here; expected a name of letters, digits, "
                    "'.', '_' and '-', the first a letter or digit, 54 at most"
                )
            ],
        ),
    ],
)
def test_a_mistake_is_told_where_it_stands(right: str, wrong: str, told: list[str]) -> None:
    text = FULL.replace(right, wrong, 1)
    with pytest.raises(MistakesError) as caught:
        read(text, name="s.yaml")
    assert [str(each).removeprefix("s.yaml:") for each in caught.value.mistakes] == told
    # An editor underlines it too, apart from what only Python can know.
    assert schema.errors(plain(parse(text, "s.yaml")), json_schema()) or "twice" in told[0]


@pytest.mark.parametrize("part", ["channels", "posts"])
@pytest.mark.parametrize("content", ["", "{}", "[]", "none"])
def test_there_is_at_least_one_channel_and_one_post(part: str, content: str) -> None:
    head, _, tail = FULL.partition(f"{part}:\n")
    rest = "quiet_hours:\n" + tail.partition("quiet_hours:\n")[2] if part == "channels" else ""
    text = f"{head}{part}: {content}\n{rest}"
    with pytest.raises(MistakesError) as caught:
        read(text, name="s.yaml")
    line = 1 + head.count("\n")
    assert [(each.line, each.message.rpartition("; ")[2]) for each in caught.value.mistakes] == [
        (line, f"expected a {part[:-1]} under its name")
    ]
    assert schema.errors(plain(parse(text, "s.yaml")), json_schema())
