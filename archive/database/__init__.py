"""SQLite files: how one is opened, brought up to date, changed, and found whole.

What the tables mean is the business of archive/index, archive/select and archive/rebuild.
"""
