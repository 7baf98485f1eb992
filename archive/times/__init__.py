"""Every instant and every day: days in Iran, and the dates of WARC, HTTP and REST as others write
them.

What comes from the web is read here and gives None if it is no date; it never raises.
"""
