"""Words everyone shares: who acts, what may be done, what happened, and how time, money and effort are counted.

Pure Python: nothing here knows of Flask, SQLAlchemy or a database.
"""
