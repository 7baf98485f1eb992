"""docs/schema.md, printed from line.schema.json: `python -m tests.schema_page` renews it."""

from __future__ import annotations

import json
from typing import Any

from tests.process import REPOSITORY

PAGE = REPOSITORY / "docs" / "schema.md"
SCHEMA = REPOSITORY / "archive" / "line.schema.json"
_HEAD = """\
# The line's schema

Printed from `archive/line.schema.json` by `python -m tests.schema_page`; a test compares. [The
archive on disk](archive.md) tells more of some keys, and when each flag is set.

Every line of `articles/*.jsonl` holds to this JSON Schema ({draft}). {description} To check
lines with a program of your own, as `baygan check` does:

```python
import json
from importlib.resources import files

import jsonschema

schema = json.loads(files("archive").joinpath("line.schema.json").read_text())
for line in open("persian-news/khabar/articles/2026-11.jsonl"):
    jsonschema.validate(json.loads(line), schema)
```

A key that is null or an empty list says that the page does not tell it, or not for sure. `?` stands
behind a type that may be null, and behind a key that may be missing.
"""


def printed() -> str:
    """The page as it should be."""
    schema = json.loads(SCHEMA.read_text())
    draft = schema["$schema"].split("/")[-2]
    parts = [_HEAD.format(draft=draft, description=schema["description"])]
    parts += ["## Keys\n", _table(schema, schema)]
    for key, told in schema["properties"].items():
        if "properties" in told:
            parts += [f"## {key}\n", f"{told['description']}\n", _table(told, schema)]
    return "\n".join(parts)


def _table(of: dict[str, Any], schema: dict[str, Any]) -> str:
    rows = [
        f"| `{key}`{'' if key in of['required'] else '?'} | {_type(told, schema)}"
        f" | {_cell(told['description'])} | {_rule(told, schema)} |"
        for key, told in of["properties"].items()
    ]
    return "\n".join(["| key | type | what | form |", "|---|---|---|---|", *rows, ""])


def _meant(told: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` into `$defs` stands for; `told` itself without one."""
    name = told.get("$ref", "").removeprefix("#/$defs/")
    meant: dict[str, Any] = schema["$defs"].get(name, told)
    return meant


def _type(told: dict[str, Any], schema: dict[str, Any]) -> str:
    told = _meant(told, schema)
    kinds = [told["type"]] if isinstance(told["type"], str) else told["type"]
    name = next(kind for kind in kinds if kind != "null")
    if name == "array":
        inner = told["items"]
        name = f"list of {inner.get('type', 'object')}s"
    return f"{name}?" if "null" in kinds else str(name)


def _rule(told: dict[str, Any], schema: dict[str, Any]) -> str:
    told = _meant(told, schema)
    if "pattern" in told:
        # A bar would end the cell of the table.
        return f"`{_cell(told['pattern'])}`"
    return f"at least {told['minimum']}" if "minimum" in told else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(printed())
