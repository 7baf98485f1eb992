"""What a page needs to look as it did: images, styles, scripts and fonts.

They may lie on other hosts. What those answer says nothing of the site.
"""
