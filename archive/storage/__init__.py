"""Object storage: what is finished goes there, and is read from there by ranges of bytes.

Nothing in a store is deleted. Only `bucket` knows the library; nothing here knows of cleaning.
"""
