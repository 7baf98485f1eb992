"""The version of the program, written into every WARC file and every line."""

__version__ = "0.1.0"
