"""What X's own OpenAPI document says of the calls the bot makes.

The document is X's, not ours to pass on: the variable X_OPENAPI names a copy of it.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

CALLS = {
    ("get", "/2/users/me"),
    ("post", "/2/tweets"),
    ("post", "/2/media/upload"),
    ("post", "/2/media/metadata"),
    ("get", "/2/users/{id}/tweets"),
    ("delete", "/2/tweets/{id}"),
}
_REFERENCE = re.compile(r'"#/components/(\w+)/([^"]+)"')


def x_document() -> dict[str, Any]:
    """Only our calls and what they need, which is read in a second; skips the test without it.

    Left out: signatures, which Prism does not know, and answers to what went wrong, or else it
    would take any answer for one of them.
    """
    if not (file := os.environ.get("X_OPENAPI")):
        pytest.skip("X_OPENAPI names no file: get X's from https://api.x.com/2/openapi.json")
    whole = json.loads(Path(file).read_text("utf-8"))
    paths: dict[str, dict[str, Any]] = {}
    for method, path in sorted(CALLS):
        call = dict(whole["paths"][path][method])
        call.pop("security", None)
        call["responses"] = {
            status: answer for status, answer in call["responses"].items() if status != "default"
        }
        paths.setdefault(path, {})[method] = call
    needed = _needed(paths, whole["components"])
    for parameter in needed["parameters"].values():
        if parameter["name"] == "post.fields":  # its new name for what is asked for by its old one
            parameter["name"] = "tweet.fields"
    kept = {"openapi": whole["openapi"], "info": whole["info"]}
    return kept | {"paths": paths, "components": needed}


def parameters(document: Mapping[str, Any], method: str, path: str) -> set[str]:
    """The names of a call's query parameters."""
    known = document["components"]["parameters"]
    listed = document["paths"][path][method].get("parameters", ())
    found = [known[one["$ref"].rpartition("/")[2]] if "$ref" in one else one for one in listed]
    return {one["name"] for one in found if one["in"] == "query"}


def _needed(paths: object, components: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is referred to, and what that refers to."""
    needed: dict[str, dict[str, Any]] = {}
    unread = [paths]
    while unread:
        for kind, name in _REFERENCE.findall(json.dumps(unread.pop())):
            if name not in needed.setdefault(kind, {}):
                needed[kind][name] = components[kind][name]
                unread.append(components[kind][name])
    return needed
