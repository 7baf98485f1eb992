"""Commands that work with what is there: find, count and compare articles.

They read the archive, and write nothing but what can be made anew from it (search.db).
"""
