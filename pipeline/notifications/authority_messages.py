"""What e-mails about authority over pledges say, in `Words`. The first two go to somebody named by e-mail, who may have
no account: they hold no name, no address and no message anybody wrote."""

from pipeline.kernel.words import Words, _, day_words
from pipeline.notifications.messages import Letter, PledgeTold


def named_asked(told: PledgeTold, token: str) -> Letter:
    """For somebody named by e-mail: an offer of their council waits for their decision."""
    return Letter(
        Words(_("Your decision is asked for: an offer of {council}"), council=told.council),
        (
            Words(
                _("A colleague has offered {amount} from {council} to “{project}”, a project of {lead_council}."),
                amount=told.amount, council=told.council, project=told.project, lead_council=told.lead_council,
            ),
            Words(
                _("They named you as somebody with the authority to decide on it for {council}."), council=told.council
            ),
            Words(
                _("Read it and decide by the end of {date}. You need no account: a code is sent to this address."),
                date=day_words(told.sign_off_by),
            ),
        ),
        Words(_("Read the offer")),
        f"/authorise/{token}",
        Words(_("If you do not have this authority, do nothing, and tell your colleague. Do not pass this link on.")),
    )  # fmt: skip


def named_code(told: PledgeTold, token: str, code: str) -> Letter:
    """For somebody named by e-mail: the code with which they authorise or refuse."""
    return Letter(
        Words(_("Your code: {code}"), code=code),
        (
            Words(_("Your code is {code}."), code=code),
            Words(
                _("With it you authorise or refuse the offer of {amount} by {council} to “{project}”."),
                amount=told.amount, council=told.council, project=told.project,
            ),
            Words(_("It works once, and for one hour. Give it to nobody: whoever has it decides in your name.")),
        ),
        Words(_("Decide on the offer")),
        f"/authorise/{token}/decide",
        Words(_("If you did not ask for a code, do nothing, and tell your colleagues: somebody else has the link.")),
    )  # fmt: skip


def authorised_by_named(told: PledgeTold) -> Letter:
    """For the admins of the pledging council: somebody named by e-mail has authorised a pledge."""
    return Letter(
        Words(_("Somebody named by e-mail has authorised a pledge: {project}"), project=told.project),
        (
            Words(
                _("The pledge of {amount} by {council} to “{project}” was authorised by somebody a colleague named."),
                amount=told.amount, council=told.council, project=told.project,
            ),
            Words(_("See who it was and in which capacity. Until the pledge commits you can set it aside.")),
        ),
        Words(_("See the pledge")),
        f"/pledges/{told.pledge_id}",
        Words(_("You get this because you look after the people and settings of {council}."), council=told.council),
    )  # fmt: skip


def set_aside(told: PledgeTold) -> Letter:
    """For the leads and whoever offered: a pledge is an offer again."""
    return Letter(
        Words(_("A pledge by {council} is an offer again: {project}"), council=told.council, project=told.project),
        (
            Words(
                _("{council} has set aside the authorisation of its pledge of {amount} towards “{need}”."),
                council=told.council, amount=told.amount, need=told.need,
            ),
            Words(_("It is not public any more and counts for nothing until somebody in {council} authorises it."),
                  council=told.council),
        ),
        Words(_("See the offer")),
        f"/pledges/{told.pledge_id}",
        Words(_("You get this because you lead “{project}” or had a part in the pledge."), project=told.project),
    )  # fmt: skip


def nobody_decides(told: PledgeTold) -> Letter:
    """For whoever offered and the admins: whoever was to decide on an offer has gone."""
    return Letter(
        Words(_("Nobody is left to decide on an offer: {project}"), project=told.project),
        (
            Words(
                _("Whoever was to decide on the offer of {amount} by {council} to “{project}” can do so no longer."),
                amount=told.amount, council=told.council, project=told.project,
            ),
            Words(_("Whoever offered can name somebody by e-mail. A new authoriser decides on new offers only.")),
            Words(_("If nobody has by the end of {date}, the offer ends by itself."), date=day_words(told.sign_off_by)),
        ),
        Words(_("See the offer")),
        f"/pledges/{told.pledge_id}",
        Words(_("You get this because you offered it, or look after the people of {council}."), council=told.council),
    )  # fmt: skip
