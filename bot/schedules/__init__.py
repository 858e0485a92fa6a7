"""schedules.yaml: the language, read into bot.core.rules.Schedules.

    read         a file's bytes in, Schedules out, or all its mistakes with their places
    json_schema  the same language for editors
    template_at  where the file names the template of a post

One table of shapes (language) says what may stand where; reader and JSON Schema both come from it.
What is understood but not built stands in one more table (pending). What one scalar may say is in
phrases, times and texts; what must agree across the file is in checks.
"""

from bot.schedules.language import json_schema
from bot.schedules.reading import read, template_at

__all__ = ["json_schema", "read", "template_at"]
