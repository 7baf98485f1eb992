"""From a request to a response: robots.txt, the throttle, the connection, and the wire tap.

Everything that is sent or received goes through here. Nothing here reads an article.
"""
