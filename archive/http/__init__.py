"""An HTTP exchange and its addresses, as bytes and as text.

Nothing here sends a request or touches a file.
"""
