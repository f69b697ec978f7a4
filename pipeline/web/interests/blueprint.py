"""The blueprint of these pages."""

from flask import Blueprint

blueprint = Blueprint("interests", __name__)
