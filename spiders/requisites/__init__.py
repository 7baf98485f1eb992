"""What a page needs to look as it did: images, styles, scripts and fonts.

They may be on other hosts. The answers of those say nothing about the site.
"""
