"""One page that says what an archive holds, what changed in it, and what is missing.

It is HTML for a person who is sent the file: it holds no script and asks for nothing. Here the
facts of a selection are gathered and put into templates (`*.html`); nothing of the archive changes.
"""
