"""What a person sees: the terminal, the report of a run, the log.

With no terminal and nothing wrong, not one byte is printed.
"""
