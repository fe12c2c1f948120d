"""Advice: the words a clinician reads (``library`` and its files in ``cards/``) and how a finding becomes a card.

Start at ``library.load_library``; ``docs/card-format.md`` explains the files to the clinician who edits them.
"""
