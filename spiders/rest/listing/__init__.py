"""One listing of WordPress's REST API: its query, its answers, and the walk through its pages.
Nothing here decides which listings are read, or what becomes of the posts.
"""
