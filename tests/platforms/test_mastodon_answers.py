import pytest

from bot.platforms.base import Answer
from bot.platforms.http import Reply
from bot.platforms.mastodon_answers import taken_down


def reply(status: int) -> Reply:
    return Reply(status=status, headers={}, body=b'{"error":"Record not found"}')


@pytest.mark.parametrize(
    ("status", "seen", "answer"),
    [
        (200, None, Answer.SENT),
        (404, 404, Answer.SENT),
        (404, 410, Answer.SENT),
        (404, 200, Answer.NOT_SENT),
        (404, 503, Answer.UNKNOWN),
        (404, None, Answer.UNKNOWN),
        (401, None, Answer.NOT_SENT),
        (403, None, Answer.NOT_SENT),
        (503, None, Answer.UNKNOWN),
    ],
)
def test_a_post_is_said_to_be_gone_only_where_that_is_seen(
    status: int, seen: int | None, answer: Answer
) -> None:
    outcome = taken_down("social.example", reply(status), reply(seen) if seen else None)

    assert outcome.answer is answer
    assert bool(outcome.error) is (answer is not Answer.SENT)
