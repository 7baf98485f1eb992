"""Where on the page the article is, when no name tells it: the boxes that hold its text, found with
trafilatura as a witness. No word is read or left out here; that is `content`'s.
"""
