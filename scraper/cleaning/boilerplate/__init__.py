"""What on a page is not the article: by the names of elements, by phrases, by links.

The rules are data, in the TOML files here. A new rule needs no Python.
"""
