"""Who sits at the command line."""

import getpass


def user() -> str:
    """The name a change is kept under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "somebody"
