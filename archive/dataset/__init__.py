"""A data set for others: the table, and what must be known of it, told from the archive's ledgers.

README.md  croissant.json  data/articles.parquet
"""
