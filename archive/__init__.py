"""The archive on disk: WARC files, lines, index, runs."""
