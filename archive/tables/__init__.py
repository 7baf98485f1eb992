"""Articles as typed tables: one schema, written as Parquet or SQLite.

It reads what the archive gives and changes nothing in it.
"""
