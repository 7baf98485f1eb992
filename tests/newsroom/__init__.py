"""The newsroom: a little Persian news site on 127.0.0.1 that keeps its own bytes.

It speaks like WordPress (REST, sitemaps, feed, pages, boilerplate), has moods (slow, cut, odd
headers, 429, …), and knows the truth of every post it publishes. Needs the standard library
alone; only TLS wants the ``trustme`` package.
"""
