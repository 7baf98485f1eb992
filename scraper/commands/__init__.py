"""The commands, each in its own module. A command parses, calls one thing and prints.

A module is imported when its command is typed, or when help shows it. Heavy modules are imported
inside the function of the command.
"""
