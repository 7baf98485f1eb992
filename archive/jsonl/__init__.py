"""The files of JSON lines: articles, runs, removals, manifest. Each line is one JSON object.

Lines are only appended. What a line means for the next crawl is decided in archive/index.
"""
