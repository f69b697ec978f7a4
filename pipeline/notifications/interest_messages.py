"""What the e-mails about interest, joining, asking back, late answers and following say. What somebody wrote stands
behind the link, for who may read it."""

from pipeline.kernel.words import Words, _
from pipeline.notifications.interest_queries import ProjectTold
from pipeline.notifications.messages import Letter, PledgeTold


def interest_shown(told: ProjectTold) -> Letter:
    """For leads: somebody has the same problem, or wants to talk."""
    return Letter(
        Words(_("A council is interested: {project}"), project=told.project),
        (
            Words(_("An officer of another council has shown interest in “{project}”."), project=told.project),
            Words(_("It promises nothing, and wants an answer. Please answer within three working days.")),
        ),
        Words(_("Read it and answer")),
        told.path,
        _as_lead(told),
    )


def interest_answered(told: ProjectTold) -> Letter:
    """For the officer who showed interest: a lead has answered."""
    return Letter(
        Words(_("The leads have answered: {project}"), project=told.project),
        (Words(_("A lead of “{project}” has answered the interest you showed."), project=told.project),),
        Words(_("Read the answer")),
        told.path,
        Words(_("You get this because you showed interest in “{project}”."), project=told.project),
    )


def join_asked(told: ProjectTold) -> Letter:
    """For leads: an officer asks to join the team."""
    return Letter(
        Words(_("Somebody asks to join the team: {project}"), project=told.project),
        (
            Words(_("An officer asks to join the team of “{project}”."), project=told.project),
            Words(_("Please answer within three working days.")),
        ),
        Words(_("Read the request and answer")),
        told.path,
        _as_lead(told),
    )


def join_invited(lead_council: str, path: str) -> Letter:
    """For an officer: a lead of a project asks them to join its team. What is not published yet is not named."""
    return Letter(
        Words(_("{council} asks you to join a project’s team"), council=lead_council),
        (
            Words(_("A lead of a project of {council} would like you in its team."), council=lead_council),
            Words(_("You join by saying yes. If you say no, or nothing, nobody is told.")),
        ),
        Words(_("Read it and answer")),
        path,
        Words(_("You get this because a lead gave this address.")),
    )


def join_declined(told: ProjectTold) -> Letter:
    """For an officer who asked to join: not this time."""
    return Letter(
        Words(_("About joining the team: {project}"), project=told.project),
        (Words(_("The leads of “{project}” do not take you into the team. They say why."), project=told.project),),
        Words(_("Read the answer")),
        told.path,
        Words(_("You get this because you asked to join.")),
    )


def team_in(told: ProjectTold) -> Letter:
    """For an officer: they are in the team now."""
    return Letter(
        Words(_("You are in the team: {project}"), project=told.project),
        (Words(_("You are in the team of “{project}” now, and see its drafts."), project=told.project),),
        Words(_("See the project")),
        told.path,
        Words(_("You get this because a lead took you into the team.")),
    )


def team_joined(told: ProjectTold) -> Letter:
    """For leads: an officer who was asked has joined."""
    return Letter(
        Words(_("Somebody has joined the team: {project}"), project=told.project),
        (Words(_("An officer who was asked has joined the team of “{project}”."), project=told.project),),
        Words(_("See the team")),
        f"{told.path}/team",
        _as_lead(told),
    )


def question_asked(told: ProjectTold) -> Letter:
    """For whoever waits for the leads: they have a question first."""
    return Letter(
        Words(_("The leads have a question: {project}"), project=told.project),
        (Words(_("The leads of “{project}” would like to know something before they answer."), project=told.project),),
        Words(_("Read the question and reply")),
        told.path,
        Words(_("You get this because the question is for you.")),
    )


def question_replied(told: ProjectTold) -> Letter:
    """For leads: the reply to their question has come."""
    return Letter(
        Words(_("A reply to your question: {project}"), project=told.project),
        (Words(_("What the leads of “{project}” asked has been answered."), project=told.project),),
        Words(_("Read the reply")),
        told.path,
        _as_lead(told),
    )


def answer_late(told: ProjectTold) -> Letter:
    """For leads: their answer was due yesterday."""
    return Letter(
        Words(_("Your answer is late: {project}"), project=told.project),
        (
            Words(_("Somebody waits for the leads of “{project}”. The answer was due by now."), project=told.project),
            Words(
                _("Accepting, declining, answering or asking a question is enough. Coordinators see what waits long.")
            ),
        ),
        Words(_("See what waits")),
        told.path,
        _as_lead(told),
    )


def pledge_reminded(told: PledgeTold) -> Letter:
    """For authorisers: an offer of their council still waits."""
    return Letter(
        Words(_("An offer still waits for your authority: {project}"), project=told.project),
        (
            Words(
                _("Your council’s offer of {amount} to “{project}” still waits for somebody to decide."),
                amount=told.amount, project=told.project,
            ),
            Words(_("If nobody has decided by its date, the offer ends by itself.")),
        ),
        Words(_("Read the offer and decide")),
        f"/pledges/{told.pledge_id}",
        Words(_("You get this because you may authorise pledges for {council}."), council=told.council),
    )  # fmt: skip


def room_free(told: ProjectTold, need: str) -> Letter:
    """For whoever waits for room in a need: there is some."""
    return Letter(
        Words(_("There is room again: {project}"), project=told.project),
        (Words(_("“{need}” of “{project}” takes pledges again."), need=need, project=told.project),),
        Words(_("See the project")),
        told.path,
        Words(_("You get this, once, because you asked to be told when there is room.")),
    )


def update_published(told: ProjectTold) -> Letter:
    """For followers: there is news."""
    return Letter(
        Words(_("News: {project}"), project=told.project),
        (Words(_("The leads of “{project}” have published an update."), project=told.project),),
        Words(_("Read the update")),
        told.path,
        as_follower(told.project),
    )


def as_follower(project: str) -> Words:
    """Why somebody who follows a project gets a mail."""
    return Words(_("You get this because you follow “{project}”. You can stop on its page."), project=project)


def _as_lead(told: ProjectTold) -> Words:
    return Words(_("You get this because you lead “{project}”."), project=told.project)
