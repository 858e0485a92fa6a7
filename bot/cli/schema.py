"""`bot schema`: the JSON Schema of schedules.yaml."""

from bot.cli import app


@app.command()
def schema() -> None:
    """Print the JSON Schema of schedules.yaml, for editors."""
    from bot.cli.output import print_json
    from bot.schedules import json_schema

    print_json(json_schema())
