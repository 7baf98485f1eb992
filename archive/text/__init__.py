"""Two texts compared: one spelling for both (`fold`), and the words that differ (`diff`).

Nothing here changes a text that is stored.
"""
