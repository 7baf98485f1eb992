"""The gold: pages rendered by a real WordPress, and what a reader would copy from each.

A case is a folder of `build/` (to build with) or `sealed/` (only ever scored):

    page.html       as it was served
    expected.json   the article, or why the page is none (case.py names the keys)
    junk.txt        one string a line that must not come out

`python -m tests.gold.render` makes them anew from posts/, pieces/, cases.toml and the bed.
"""
