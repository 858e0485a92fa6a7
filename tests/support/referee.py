"""The reference for what X counts and links: the twitter-text-parser package."""

import warnings
from typing import cast

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks pkg_resources for its data
    from twitter_text import extract_urls_with_indices, parse_tweet
    from twitter_text.regexp.emoji import emoji_list

EMOJI: tuple[str, ...] = tuple(
    "".join(chr(int(code, 16)) for code in entry.codepoint.split()) for entry in emoji_list
)
"""Every emoji the reference knows."""


def x_length(text: str) -> int:
    return cast("int", parse_tweet(text).weightedLength)


def x_links(text: str) -> list[str]:
    """By their places: of a link that names its domain twice, the package misquotes the text."""
    return [text[slice(*url["indices"])] for url in extract_urls_with_indices(text)]
