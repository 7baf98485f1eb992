"""Cites an article as it was captured: as BibTeX, as CSL-JSON, as a sentence.

>>> citation = cite(site, line)
>>> citation.pwid
'urn:pwid:example.org:2026-11-22T00:30:09Z:part:https://khabar.example/1405/rain/'
"""
