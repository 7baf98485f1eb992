"""Where articles are: WordPress REST and sitemaps."""
