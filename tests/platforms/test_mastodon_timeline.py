import pytest

from bot.platforms.mastodon_timeline import plain, posts_of

STATUS = {"id": "1", "content": "<p>a</p>", "created_at": "2021-06-08T11:00:00.000Z"}
LINK = (
    '<a href="https://example.org/a/long/one?b=1&amp;c=2" rel="nofollow noopener" target="_blank">'
    '<span class="invisible">https://</span><span class="ellipsis">example.org/a/long/one</span>'
    '<span class="invisible">?b=1&amp;c=2</span></a>'
)
TAG = (
    '<a href="https://m.example/tags/MidlandsHealth" class="mention hashtag" rel="tag">'
    "#<span>MidlandsHealth</span></a>"
)
MENTION = '<span class="h-card"><a href="https://n.example/@nhs">@<span>nhs</span></a></span>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            f"<p>Soon: {LINK} {TAG}</p>",
            "Soon: https://example.org/a/long/one?b=1&c=2 #MidlandsHealth",
        ),
        ("<p>one<br />two</p><p>three</p>", "one\ntwo\n\nthree"),
        ("<p>R&amp;D &lt;b&gt; &#39;x&#39; &amp;amp;</p>", "R&D <b> 'x' &amp;"),
        (f"<p>with {MENTION}</p>", "with @nhs@n.example"),
        ('<p><a href="https://e.org/long">e.org/lo…</a></p>', "https://e.org/long"),
        ("", ""),
    ],
)
def test_the_text_is_what_was_posted(html, text):
    assert plain(html, {"https://n.example/@nhs": "@nhs@n.example"}) == text


def test_a_server_that_lists_the_text_itself_is_believed():
    [post] = posts_of([STATUS | {"content": "<p>R</p>", "text": "R <b>"}])
    assert post.text == "R <b>"


@pytest.mark.parametrize(
    "page",
    [None, {}, [1], [STATUS | {"id": ""}], [{"id": "1"}], [STATUS | {"created_at": "2021-06-08"}]],
)
def test_a_page_that_is_not_understood_is_refused(page):
    with pytest.raises(ValueError):
        posts_of(page)
