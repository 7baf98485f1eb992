"""What runs: the command line, the crawl, the wire tap, cleaning."""
