"""The organiser's templates, turned into posts that fit their platform.

Templates are a small part of Jinja2 in a sandbox. What comes from outside is neutralised where a
template reaches for it (views); what may be shortened, and what is a link, is marked in the text
(marks) until it has been made to fit.
"""

from bot.rendering.post import Context, Post
from bot.rendering.templates import Templates

__all__ = ["Context", "Post", "Templates"]
