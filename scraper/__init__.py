"""What runs: the command line, the crawl, the download, cleaning, the verdict.

The top floor: it joins the other two. Neither `archive` nor `spiders` may import it.
"""
