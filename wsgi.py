"""What gunicorn and the `flask` command start."""

import sys

from config import Settings, SettingsError
from pipeline.app import create_app

try:
    app = create_app(Settings.from_environment())
except SettingsError as error:
    sys.exit("Pipeline cannot start:\n" + "\n".join(f"- {problem}" for problem in error.problems))
