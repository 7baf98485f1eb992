"""Writes the archive in the formats of other programs: CDXJ and WACZ.

It reads finished files only and changes nothing in the archive.
"""
