"""index.db (SQLite): what is known of a site, what is due, and what is stored already.

It may be deleted: it is made anew from the other files. So nothing may be stored here alone.
"""
