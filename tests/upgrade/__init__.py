"""Archives that earlier versions of baygan wrote, each by the code of that version.

`python -m tests.upgrade.record NAME --code FOLDER` adds one to archives/. The site in them stands
at an address of its own, so that the newsroom can go on where it was.
"""
