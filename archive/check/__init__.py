"""Is everything that a site has stored still as it was written?

>>> checked = Check(Archive("persian-news").site("khabar")).run()
>>> [str(finding) for finding in checked.damage]
[]
"""

from archive.check.finding import Checked, Finding
from archive.check.site import Check

__all__ = ["Check", "Checked", "Finding"]
