"""WordPress's REST API: posts by their IDs, the site's own total, and what is missing.

Only the API's answers are read here. Pages are asked for by the spider.
"""
