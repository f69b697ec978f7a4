"""Things in a few words, as others name them."""

import marshmallow as ma


class ProjectReference(ma.Schema):
    """A project in a few words."""

    slug = ma.fields.String(required=True, metadata={"example": "shared-repairs-form"})
    title = ma.fields.String(required=True)


class NeedReference(ma.Schema):
    """A need in a few words."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, metadata={"example": "time"})
    profession = ma.fields.String(required=True, allow_none=True, metadata={"example": "user-researcher"})
