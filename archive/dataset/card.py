"""README.md of a data set: a card by the Hugging Face Hub's form, which `datasets` reads, too.

Its head (YAML) is described at https://huggingface.co/docs/hub/datasets-cards.
"""

from __future__ import annotations

import json
import re

from archive.dataset import sentences
from archive.dataset.about import DATA, FILL_IN, About

_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B")
_LANGUAGE = re.compile("[a-z]{2,3}")


def card(about: About) -> str:
    """The page, in Markdown."""
    licence = (
        f"{FILL_IN}: the licence of this table. The texts are their publishers'; which of them you"
        " may pass on is for you to find out. `license` above is to be filled in, too."
    )
    digest = f"`{DATA}` has {about.size} bytes, SHA-256 `{about.sha256}`."
    parts = [
        _head(about),
        f"# {about.name}",
        _section("What is in it", sentences.what(about)),
        _section("When it was captured", sentences.when(about)),
        _section("How it was captured", sentences.how(about)),
        _section("What is missing", sentences.gaps(about)),
        "" if about.form.urls_only else _section("How the texts were made", sentences.rules(about)),
        f"## Columns\n\n{_columns(about)}",
        f"## Licence\n\n{licence}",
        f"## To cite it\n\n{cited(about)}\n\n{digest}",
        _READING,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def cited(about: About) -> str:
    """A citation of the data set."""
    keeper = about.operator or f"{FILL_IN}: your name"
    return f"{keeper}. {about.name}. Data set, {about.made}. {FILL_IN}: address or DOI."


def _head(about: About) -> str:
    languages = [code for code in sorted(about.tally.languages) if _LANGUAGE.fullmatch(code)]
    told = {
        "pretty_name": about.name,
        **({"language": languages} if languages else {}),
        "license": "other",
        "license_name": "fill-in",
        "size_categories": [_size(about.tally.lines)],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": "train", "path": str(DATA)}],
            }
        ],
    }
    # JSON is YAML.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    return "\n".join(["---", *lines, "---"])


def _size(rows: int) -> str:
    return _SIZES[min(max(len(str(rows)) - 3, 0), len(_SIZES) - 1)]


def _section(heading: str, told: list[str]) -> str:
    return "\n".join([f"## {heading}", "", *(f"* {sentence}" for sentence in told)])


def _columns(about: About) -> str:
    rows = [f"| `{c.name}` | {c.type} | {c.what} |" for c in about.columns]
    return "\n".join(["| column | type | what |", "|---|---|---|", *rows])


_READING = f"""## To read it

```python
import pandas
articles = pandas.read_parquet("{DATA}", dtype_backend="pyarrow")

import datasets
articles = datasets.load_dataset(".", split="train")
```

`croissant.json` says the same for programs (Croissant 1.0)."""
