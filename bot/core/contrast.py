"""How well one colour is read on another (WCAG 2.2, relative luminance)."""

READABLE = 4.5
"""The least ratio at which everybody reads a text of any size (success criterion 1.4.3, AA)."""

_DARK = 0.04045
_LIGHT = ((1, 3, 0.2126), (3, 5, 0.7152), (5, 7, 0.0722))


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), of two colours as #rrggbb."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    return sum(weight * _linear(int(colour[a:b], 16) / 255) for a, b, weight in _LIGHT)


def _linear(share: float) -> float:
    return share / 12.92 if share <= _DARK else ((share + 0.055) / 1.055) ** 2.4
