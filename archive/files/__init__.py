"""How files are written so that they survive a crash: appending, locks, space on the disk.

Nothing here knows what is in a file. Nothing else in the program calls `fsync` or `rename`.
"""
