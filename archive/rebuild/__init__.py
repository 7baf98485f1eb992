"""Makes a site's lines, texts and index anew from its WARC files, beside the old ones.

The old files are moved to quarantine/, never deleted. No request is made.
"""
