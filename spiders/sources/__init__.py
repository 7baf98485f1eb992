"""Where articles are listed when REST is closed: sitemaps, feeds, pages that list articles.

A source only names addresses. It does not decide what becomes of them.
"""
