"""The archive in other programs' forms: CDXJ and WACZ.

It reads finished files only and changes nothing in the archive.
"""
