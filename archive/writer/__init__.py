"""Everything that one run writes for one site, in the order that survives a crash.

Only one writer at a time holds a site's lock. Nothing here asks a site for anything.
"""
