"""The commands, a module each. Each parses, calls one thing and prints.

A module is imported when its command is typed, or when help tells of it. Whatever is heavy is
imported inside the command.
"""
