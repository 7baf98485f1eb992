"""A real WordPress in fa_IR from Debian's packages, seeded with Persian news.

python -m tests.wordpress up FOLDER
"""

from .accesslog import Request
from .bed import WordPress, missing
from .daemons import BedError
from .seeding import Plan
from .truth import Hidden, Post

__all__ = ["BedError", "Hidden", "Plan", "Post", "Request", "WordPress", "missing"]
