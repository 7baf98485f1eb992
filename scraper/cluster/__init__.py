"""A command over many machines, on Dask's `distributed`: each site is a task.

A worker runs the plain `baygan COMMAND SITE` as a child process, so a site's lock, index and memory
are its own there, as on one machine. The head makes one summary, one mail and one exit code of all.
Nothing here crawls, cleans or writes into a site's folder by itself, but for confirmed removals.
"""
