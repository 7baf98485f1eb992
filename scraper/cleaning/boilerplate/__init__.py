"""Finds what on a page is boilerplate: by class names and IDs, by phrases, by links. The rules are
data, in the TOML files here, so a new rule needs no Python.

Nothing here decides where the article's text stands.
"""
