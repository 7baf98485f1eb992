"""What may be written to the disk, and how it lasts: files that only grow, locks, room.

Nothing here knows what is in a file; nothing else in the program calls `fsync` or `rename`.
"""
