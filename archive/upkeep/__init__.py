"""What changes an archive as a whole: a site is taken out of it, or gets another name.

Nothing is deleted: what goes is moved to quarantine/, as an archive of its own.
"""
