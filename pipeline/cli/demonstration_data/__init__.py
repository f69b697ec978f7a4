"""What the demonstration is filled with: real past work as facts, and made-up councils with made-up work.

Plain frozen values without a database: `recorded.py` reads real projects from public sources; `made_up.py` holds
councils, officers, projects and pledges that do not exist. Nothing made up is ever said of a real council.
"""
