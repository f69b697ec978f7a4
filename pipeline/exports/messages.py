"""What the kinds of an export are called, and what their files hold, in a sentence each."""

from pipeline.kernel.words import Words, _

KIND_NAMES: dict[str, Words] = {
    "councils": Words(_("Councils")),
    "projects": Words(_("Projects")),
    "needs": Words(_("Needs")),
    "pledges": Words(_("Pledges")),
    "interests": Words(_("Interest in projects")),
    "updates": Words(_("Updates")),
    "lessons": Words(_("Lessons")),
    "artefacts": Words(_("Shared documents")),
    "versions": Words(_("Versions of shared documents")),
    "adoptions": Words(_("Who uses which document")),
    "suggestions": Words(_("Suggested changes")),
    "comments": Words(_("Comments")),
    "measures": Words(_("Measures")),
    "readings": Words(_("What was measured")),
}
"""By the name of the kind, in the order of the page."""

KIND_WORDS: dict[str, Words] = {
    "councils": Words(_("The councils of the United Kingdom, and those that have ended since 2015")),
    "projects": Words(_("Each project with what it needs, and how much is pledged to it")),
    "needs": Words(_("What projects ask for: officer time, funding, or things")),
    "pledges": Words(_("What councils have pledged, once somebody in the council authorised it")),
    "interests": Words(_("Councils that are interested in a project and chose to be named")),
    "updates": Words(_("What projects have told of their work")),
    "lessons": Words(_("What councils learned, and who used it")),
    "artefacts": Words(_("Documents that councils share, without their text")),
    "versions": Words(_("Every version of a shared document, without its text")),
    "adoptions": Words(_("Which council uses which version of which document")),
    "suggestions": Words(_("Changes that councils suggested to each other’s documents")),
    "comments": Words(_("What members said about updates and suggested changes")),
    "measures": Words(_("What projects measure, from where to where")),
    "readings": Words(_("What projects measured, and what councils say they have of the work")),
}
"""By the name of the kind."""
