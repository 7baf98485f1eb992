"""What a person sees: the terminal, the report of a run, the log.

Without a terminal, and if nothing is wrong, not one byte is printed.
"""
