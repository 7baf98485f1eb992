"""WordPress's REST API: posts by their IDs, the site's own total, and what is missing.

Only answers of the API are read here. The spider asks for the pages.
"""
