"""Where a site's articles are: discovery, the requests for what is due, and the pages that come.

Nothing here touches files or cleans a page. The index says what is known; the writer stores.
"""
