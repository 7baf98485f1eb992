"""Tells programs of the user's how a crawl went, as [notify] in sites.toml asks.

Nothing here can change what a crawl keeps or how it ends: what fails is a line in the log.
"""
