"""Commands around the archive: is the machine fit, and what the shell can complete.

None of them fetches or changes an article.
"""
