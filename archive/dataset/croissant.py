"""croissant.json: what a data set is, for programs, by Croissant 1.0 (an extension of schema.org).

https://docs.mlcommons.org/croissant/docs/croissant-spec.html describes it, and
…/croissant-rai-spec.html the keys with `rai:`.
"""

from __future__ import annotations

from typing import Any

from archive.dataset import sentences
from archive.dataset.about import DATA, FILL_IN, About
from archive.dataset.card import cited
from archive.tables.column import Column, ColumnType

_CROISSANT = "http://mlcommons.org/croissant/"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": _CROISSANT,
    "dct": "http://purl.org/dc/terms/",
    "rai": f"{_CROISSANT}RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject",
            "fileProperty", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key",
            "md5", "parentField", "path", "recordSet", "references", "regex", "repeated",
            "replace", "samplingRate", "separator", "source", "subField", "transform",
        )
    },
}  # fmt: skip
_TYPES = {
    ColumnType.TEXT: "sc:Text",
    ColumnType.INTEGER: "sc:Integer",
    ColumnType.INSTANT: "sc:DateTime",
    ColumnType.TEXTS: "sc:Text",
    ColumnType.JSON: "sc:Text",
}
_RECORDS = "articles"
# The registered type is application/vnd.apache.parquet, but mlcroissant reads only this one.
_PARQUET = "application/x-parquet"


def croissant(about: About) -> dict[str, Any]:
    """The metadata as JSON-LD. `license` and `url` are to be filled in."""
    languages = sorted(about.tally.languages)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [f"{_CROISSANT}1.0", f"{_CROISSANT}RAI/1.0"],
        "name": about.name,
        "description": " ".join(sentences.what(about)),
        "license": f"{FILL_IN}: the licence of this table",
        "url": f"{FILL_IN}: where it is published",
        "creator": {
            "@type": "sc:Organization",
            "name": about.operator or f"{FILL_IN}: who made it",
            **({"email": about.contact} if about.contact and "@" in about.contact else {}),
        },
        "datePublished": about.made,
        "version": "1.0.0",
        "citeAs": cited(about),
        **({"inLanguage": languages} if languages else {}),
        "isLiveDataset": False,
        "rai:dataCollection": " ".join(sentences.how(about)),
        "rai:dataCollectionTimeframe": " ".join(sentences.when(about)),
        "rai:dataCollectionMissingData": " ".join(sentences.gaps(about)),
        "rai:dataPreprocessingProtocol": " ".join(sentences.rules(about)),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": DATA.name,
                "name": DATA.name,
                "contentUrl": str(DATA),
                "contentSize": f"{about.size} B",
                "encodingFormat": _PARQUET,
                "sha256": about.sha256,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": _RECORDS,
                "name": _RECORDS,
                "description": "A record for each version of an article.",
                "key": [{"@id": f"{_RECORDS}/{name}"} for name in ("id", "version")],
                "field": [_field(column) for column in about.columns],
            }
        ],
    }


def _field(column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{_RECORDS}/{column.name}",
        "name": column.name,
        "description": column.what,
        "dataType": _TYPES[column.type],
        **({"repeated": True} if column.type is ColumnType.TEXTS else {}),
        "source": {"fileObject": {"@id": DATA.name}, "extract": {"column": column.name}},
    }
