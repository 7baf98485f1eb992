"""Where articles are listed when REST is closed: sitemaps, feeds, pages that list articles.

A source names addresses. What becomes of them is not its business.
"""
