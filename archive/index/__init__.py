"""index.db (SQLite): what is known of a site, what is due, what is stored already.

It is derived and may be deleted. No truth may stand here alone: it can be made anew.
"""
