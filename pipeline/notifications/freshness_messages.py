"""What e-mails say of projects whose leads are silent, and of those that pass to another council."""

from dataclasses import dataclass
from datetime import date

from pipeline.kernel.words import Words, _, day_words
from pipeline.notifications.messages import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What mails say of a project on its way to another council."""

    path: str
    project: str
    old: str
    new: str
    answer_due_on: date | None = None


def nudged(path: str, project: str, *, is_last: bool) -> Letter:
    """For leads: is the page still true? The page they come to takes any answer."""
    more = Words(_("If nobody answers, the page soon says that the project is quiet.")) if is_last else None
    lines = (
        Words(_("Nothing has happened on “{project}” for six weeks or more. Is its page still true?"), project=project),
        Words(_("Say that it is, change what has changed, stop the project, or hand it over. It takes a minute.")),
    )
    return Letter(
        Words(_("Is it still true? {project}"), project=project), (*lines, more) if more else lines,
        Words(_("Answer")), path, _why(project),
    )  # fmt: skip


def quiet(path: str, project: str) -> Letter:
    """For leads and admins: the page says that the project is quiet."""
    return Letter(
        Words(_("Quiet: {project}"), project=project),
        (
            Words(_("Nobody who leads “{project}” was heard from for 60 days. Its page says so now."), project=project),
            Words(_("Anything you do on it takes that back. After 90 days it looks for a new lead.")),
        ),
        Words(_("Answer")), path, _why(project),
    )  # fmt: skip


def looking_for_lead(path: str, project: str) -> Letter:
    """For leads and admins: another council can ask for the project."""
    return Letter(
        Words(_("Looking for a new lead: {project}"), project=project),
        (
            Words(_("Nobody who leads “{project}” was heard from for 90 days. It looks for a lead."), project=project),
            Words(_("It takes no new pledges, and its decision waits. Another council can ask to take it over.")),
            Words(_("If you are still here, say so. Then it goes on as before.")),
        ),
        Words(_("Say that you are still here")), path, _why(project),
    )  # fmt: skip


def given_up(path: str, project: str) -> Letter:
    """For coordinators: something is going ahead that nobody leads."""
    return Letter(
        Words(_("Nobody leads it: {project}"), project=project),
        (
            Words(_("“{project}” is going ahead, and nobody has led it for 150 days."), project=project),
            Words(_("Councils have committed to it. Find somebody to take it over, or stop it.")),
        ),
        Words(_("See the project")), path, _COORDINATES,
    )  # fmt: skip


def hand_over_offered(told: Passing) -> Letter:
    """For those with authority in the council that is to lead."""
    return Letter(
        Words(_("Would your council lead it? {project}"), project=told.project),
        (
            Words(_("{old} offers “{project}” to your council."), old=told.old, project=told.project),
            Words(_("If you agree, your council leads it. Say who will, or say no.")),
        ),
        Words(_("Read and answer")), told.path, _authority(told),
    )  # fmt: skip


def takeover_asked(told: Passing) -> Letter:
    """For the leads of a project that looks for a lead, and their admins."""
    day = day_words(told.answer_due_on) if told.answer_due_on else Words("")
    return Letter(
        Words(_("{new} asks to take it over: {project}"), new=told.new, project=told.project),
        (
            Words(_("{new} asks to lead “{project}” in your place."), new=told.new, project=told.project),
            Words(_("If you are still here, say so by {day}. Otherwise a coordinator decides."), day=day),
        ),
        Words(_("Read and answer")), told.path, _why(told.project),
    )  # fmt: skip


def takeover_to_agree(told: Passing) -> Letter:
    """For those with authority in the council that asks."""
    return Letter(
        Words(_("A colleague asks to take a project over: {project}"), project=told.project),
        (
            Words(_("A colleague of yours asks that your council leads “{project}”."), project=told.project),
            Words(_("Somebody with authority in your council has to agree first.")),
        ),
        Words(_("Read and answer")), told.path, _authority(told),
    )  # fmt: skip


def takeover_to_approve(told: Passing) -> Letter:
    """For coordinators."""
    day = day_words(told.answer_due_on) if told.answer_due_on else Words("")
    return Letter(
        Words(_("A takeover to decide on: {project}"), project=told.project),
        (
            Words(_("{new} asks to take “{project}” over from {old}."), **_names(told)),
            Words(_("Its leads can say until {day} that they are still here. You decide after that."), day=day),
        ),
        Words(_("Read and answer")), told.path, _COORDINATES,
    )  # fmt: skip


def handover_ended(told: Passing) -> Letter:
    """For whoever wanted it otherwise: the project stays where it is."""
    return Letter(
        Words(_("It stays with {old}: {project}"), old=told.old, project=told.project),
        (Words(_("“{project}” stays with {old}. Its page says why."), project=told.project, old=told.old),),
        Words(_("Read why")), told.path, Words(_("You get this because you asked for it or were asked.")),
    )  # fmt: skip


def handed_over(told: Passing) -> Letter:
    """For everybody it concerns: another council leads the project."""
    return Letter(
        Words(_("{new} leads it now: {project}"), new=told.new, project=told.project),
        (
            Words(_("{new} leads “{project}” now, in place of {old}."), **_names(told)),
            Words(_("Pledges stand. What is not committed may be withdrawn; what is, its council may carry over.")),
        ),
        Words(_("See the project")), told.path,
        Words(_("You get this because you lead this project, pledged to it or follow it.")),
    )  # fmt: skip


def carry_over_asked(path: str, project: str, council: str, due_on: date) -> Letter:
    """For those with authority in a council that committed something."""
    return Letter(
        Words(_("Does your council’s pledge still hold? {project}"), project=project),
        (
            Words(_("{council} leads “{project}” now."), council=council, project=project),
            Words(
                _("Your council has committed something to it. Say by {day} whether that carries over."
                  " Without an answer your council is let off."), day=day_words(due_on),
            ),
        ),
        Words(_("Answer")), path, Words(_("You get this because you have authority in your council.")),
    )  # fmt: skip


def _names(told: Passing) -> dict[str, str]:
    return {"new": told.new, "old": told.old, "project": told.project}


_COORDINATES = Words(_("You get this because you are a coordinator."))


def _why(project: str) -> Words:
    return Words(_("You get this because you lead “{project}”, or look after your council."), project=project)


def _authority(told: Passing) -> Words:
    return Words(_("You get this because you have authority in {council}."), council=told.new)
