"""The steps that bring an index.db of an earlier version to the next version.

A step is written once and never changed: it makes the next version as it was then, not as it is
now.
"""

from __future__ import annotations

_LOCAL = "ALTER TABLE pages ADD COLUMN local TEXT; ALTER TABLE pages ADD COLUMN content TEXT"

# In this version the spelling was the key of a page, and `http://` and `www.` made other
# spellings. If two live pages now have the same spelling, the kept one stays at the address. A
# page with an ID stays without an address, the others are dropped. Pages that failed or were
# refused for a reason that may pass are asked for once more.
_PLACES = """
ALTER TABLE pages RENAME TO old_pages;
DROP INDEX IF EXISTS post; DROP INDEX IF EXISTS page_state; DROP INDEX IF EXISTS live_address;
CREATE TABLE pages (
    place INTEGER PRIMARY KEY, spelling TEXT, url TEXT NOT NULL,
    post_type TEXT, post_id INTEGER,
    title TEXT, published TEXT, modified TEXT, protected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'due', reason TEXT, tries INTEGER NOT NULL DEFAULT 0,
    missing TEXT, local TEXT, content TEXT,
    article TEXT, failures INTEGER NOT NULL DEFAULT 0, asked TEXT
) STRICT;
INSERT INTO pages
SELECT place, iif(missing IS NULL AND nth > 1, NULL, key), url, post_type, post_id,
    title, published, modified, protected, state, reason, tries, missing, local, content,
    NULL,
    iif(state = 'failed' OR reason IN ('empty', 'error-page', 'challenge', 'unreadable',
        'clean-timeout', 'clean-crashed', 'clean-memory', 'clean-error'),
        min(max(tries, 1), 5), 0),
    NULL
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY key, missing IS NULL
        ORDER BY state = 'kept' DESC, post_id IS NULL, place DESC
    ) AS nth FROM (SELECT *, rowid AS place, spelling(url) AS key FROM old_pages)
) WHERE missing IS NOT NULL OR nth = 1 OR post_id IS NOT NULL ORDER BY place;
DROP TABLE old_pages;
CREATE UNIQUE INDEX live_address ON pages (spelling) WHERE missing IS NULL;
CREATE UNIQUE INDEX post ON pages (post_type, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX page_state ON pages (state);
UPDATE articles SET spelling = spelling(url);
UPDATE pages SET article = (
    SELECT id FROM articles
    WHERE id = (SELECT substr(id, 1, instr(id, '/')) FROM articles LIMIT 1)
        || pages.post_type || '/' || pages.post_id LIMIT 1
) WHERE post_id IS NOT NULL;
UPDATE pages SET article = (
    SELECT id FROM articles WHERE articles.spelling = pages.spelling
    AND substr(id, instr(id, '/')) LIKE '/url/%' LIMIT 1
) WHERE article IS NULL;
UPDATE OR REPLACE listed SET spelling = spelling(spelling);
UPDATE OR REPLACE validators SET spelling = spelling(spelling);
DELETE FROM rechecks WHERE place NOT IN (SELECT place FROM pages)
"""

# Only REST tells a date by the site's own clock.
_DATE_SOURCE = """
ALTER TABLE pages ADD COLUMN date_source TEXT;
UPDATE pages SET date_source = iif(local IS NULL, 'feed', 'rest') WHERE published IS NOT NULL
"""

# Lines that were there before have no flag that is counted.
_CONTENT_PLACE = """
ALTER TABLE pages ADD COLUMN content_place TEXT;
ALTER TABLE articles ADD COLUMN flags TEXT
"""

# The counts are kept by triggers from now on. They need all columns, so they are made behind the
# steps.
_PAGE_COUNTS = """
DELETE FROM page_counts;
INSERT INTO page_counts
SELECT coalesce(post_type, ''), post_id IS NOT NULL, missing IS NOT NULL, state,
    coalesce(reason, ''), substr(coalesce(
        iif(local >= '1700' AND local NOT BETWEEN '1969-12-31' AND '1970-01-02', local, NULL),
        iif(published >= '1700' AND published NOT BETWEEN '1969-12-31' AND '1970-01-02',
            published, NULL),
        '~'), 1, 10), count(*)
FROM pages GROUP BY 1, 2, 3, 4, 5, 6;
DELETE FROM listed_files;
INSERT INTO listed_files SELECT file, count(*) FROM listed GROUP BY file
"""

STEPS = (_LOCAL, _PLACES, _DATE_SOURCE, _CONTENT_PLACE, _PAGE_COUNTS)
