"""`bot posts list --waiting`: what goes out if it is approved, or unless it is stopped."""


def list_waiting(*, as_json: bool) -> None:
    """Print them with their texts, the first to be too late for first."""
    from bot.cli import output
    from bot.cli.plan import as_object
    from bot.cli.posts import app_here
    from bot.cli.view import look
    from bot.core.consent import Consent
    from bot.services.plan import plan

    bot = app_here()
    records, known = look(bot)
    lines = [
        line
        for line in plan(records, bot.edition, known, bot.clock.now())
        if line.state == "held" or line.consent is Consent.SILENT
    ]
    lines.sort(key=lambda line: (line.until or line.due, line.key))
    if as_json:
        output.print_json(as_object(line) | {"until": line.until} for line in lines)
        return
    output.print_table(
        [
            {
                "state": line.state,
                "due": f"{line.due:%a %d %b %Y %H:%M %Z}",
                "until": f"{line.until:%a %d %b %H:%M %Z}" if line.until else "",
                "key": str(line.key),
                "text": line.text,
            }
            for line in lines
        ],
        empty="Nothing waits for you.",
    )
