"""What markup says inside a line, and what was left in it by mistake: read or mended.

Nothing here knows where the article stands or which field is read.
"""
