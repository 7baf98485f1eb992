"""Which articles have the same text: who published it first, and who copied it when.

Only texts are compared here. Nothing is written, and no text is left out but in `distinct`.
"""
