"""Signposts: a sum and a sentence, with its source, shown to a council whose pledges to one project come near the sum.

Dated rows that people edit: those of a nation by coordinators, those of one council by its admins. Never advice.
"""
