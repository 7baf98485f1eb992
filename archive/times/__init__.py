"""Everything about instants and days: days in Iran, and the dates of WARC, HTTP and REST.

A text from the web that is no date gives None and never an error.
"""
