"""What mails say of deliveries, and of committed pledges that end."""

from datetime import date

from pipeline.kernel.words import Words, _, day_words
from pipeline.notifications.delivery_queries import DeliveryTold
from pipeline.notifications.messages import Letter, PledgeTold, Side


def delivery_recorded(told: DeliveryTold) -> Letter:
    """For the side that answers: is this right?"""
    return Letter(
        Words(_("Was this delivered? {project}"), project=told.pledge.project),
        (
            _delivered(told, _("It was recorded that {council} gave {given} towards “{need}” on {day}.")),
            Words(
                _("Please say whether that is right by {date}. After that it counts, marked as not yet agreed."),
                date=day_words(told.answer_due_on),
            ),
        ),
        Words(_("Answer the delivery")),
        _path(told.pledge),
        why(told.pledge),
    )


def delivery_agreed(told: DeliveryTold) -> Letter:
    """For the side that recorded: the other side agrees."""
    return Letter(
        Words(_("A delivery is agreed: {project}"), project=told.pledge.project),
        (_delivered(told, _("Both sides agree that {council} gave {given} towards “{need}” on {day}.")),),
        Words(_("See the pledge")),
        _path(told.pledge),
        why(told.pledge),
    )


def delivery_disputed(told: DeliveryTold) -> Letter:
    """For the side that recorded: the other side gives a lower figure."""
    return Letter(
        Words(_("A delivery is disputed: {project}"), project=told.pledge.project),
        (
            _delivered(told, _("You recorded that {council} gave {given} towards “{need}” on {day}.")),
            Words(
                _("The other side says {disputed}. It counts at that, and both figures are shown."),
                disputed=told.disputed,
            ),
            Words(_("If you were mistaken, record a correction. If not, talk to each other: they can still agree.")),
        ),
        Words(_("See both figures")),
        _path(told.pledge),
        why(told.pledge),
    )


def delivery_counted(told: DeliveryTold) -> Letter:
    """For both: nobody answered, so it counts."""
    return Letter(
        Words(_("A delivery counts, not yet agreed: {project}"), project=told.pledge.project),
        (
            _delivered(told, _("It was recorded that {council} gave {given} towards “{need}” on {day}.")),
            Words(_("Nobody answered in 20 working days, so it counts. It can still be answered.")),
        ),
        Words(_("See the pledge")),
        _path(told.pledge),
        why(told.pledge),
    )


def delivery_missed(told: PledgeTold, due_on: date) -> Letter:
    """For the pledging council: the leads say that its pledge has not come."""
    return Letter(
        Words(_("What became of your council’s pledge? {project}"), project=told.project),
        (
            _promised(told, _("The project’s leads say that {amount} from {council} towards “{need}” have not come.")),
            Words(
                _("Please answer by {date}, or record what was given. After that, what is left is broken, in public."),
                date=day_words(due_on),
            ),
        ),
        Words(_("Answer the leads")),
        _path(told),
        why(told),
    )


def delivery_explained(told: PledgeTold) -> Letter:
    """For leads: the council has answered."""
    return Letter(
        Words(_("{council} has answered about its pledge: {project}"), council=told.council, project=told.project),
        (_promised(told, _("{council} has answered about its {amount} towards “{need}”.")),),
        Words(_("Read the answer")),
        _path(told),
        why(told),
    )


def release_asked(told: PledgeTold) -> Letter:
    """For leads: the council would be let off."""
    return Letter(
        Words(_("{council} asks to be let off: {project}"), council=told.council, project=told.project),
        (
            _promised(told, _("{council} asks to be let off the rest of its {amount} towards “{need}”.")),
            Words(_("Its pledge stays committed until you let it off.")),
        ),
        Words(_("Read why")),
        _path(told),
        why(told),
    )


def release_refused(told: PledgeTold) -> Letter:
    """For the council: the leads do not let it off."""
    return Letter(
        Words(_("The leads do not let {council} off: {project}"), council=told.council, project=told.project),
        (_promised(told, _("The {amount} of {council} towards “{need}” stay committed.")),),
        Words(_("Read why")),
        _path(told),
        why(told),
    )


def pledge_broken(told: PledgeTold) -> Letter:
    """For the two sides: the rest will not be given."""
    return _ended(
        told,
        Words(_("{council} does not give the rest: {project}"), council=told.council, project=told.project),
        _("The rest of the {amount} that {council} pledged towards “{need}” will not be given."),
    )


def pledge_released(told: PledgeTold) -> Letter:
    """For the two sides: the council is let off the rest."""
    return _ended(
        told,
        Words(_("{council} is let off the rest of its pledge: {project}"), council=told.council, project=told.project),
        _("{council} does not have to give the rest of the {amount} it pledged towards “{need}”."),
    )


def partner_broke(told: PledgeTold) -> Letter:
    """For a council bound in the same project: a partner does not give the rest. `told` is of its own pledge."""
    return Letter(
        Words(_("A partner does not give the rest of its pledge: {project}"), project=told.project),
        (
            Words(_("In “{project}” another council has broken its pledge, or was let off it."), project=told.project),
            _promised(told, _("The {amount} of {council} towards “{need}” stay committed.")),
            Words(_("If this changes things for your council, ask the project’s leads to let it off.")),
        ),
        Words(_("See your council’s pledge")),
        _path(told),
        why(told),
    )


def _ended(told: PledgeTold, subject: Words, sentence: str) -> Letter:
    lines = (_promised(told, sentence), Words(_("What was delivered stays. The reason is on the page of the pledge.")))
    return Letter(subject, lines, Words(_("See the pledge")), _path(told), why(told))


def _delivered(told: DeliveryTold, sentence: str) -> Words:
    pledge = told.pledge
    return Words(sentence, council=pledge.council, need=pledge.need, given=told.given, day=day_words(told.delivered_on))


def _promised(told: PledgeTold, sentence: str) -> Words:
    return Words(sentence, council=told.council, amount=told.amount, need=told.need)


def _path(told: PledgeTold) -> str:
    return f"/pledges/{told.pledge_id}"


def why(told: PledgeTold) -> Words:
    """Why its reader gets the mail."""
    if told.side is Side.LEAD:
        return Words(_("You get this because you lead “{project}”."), project=told.project)
    return Words(_("You get this because you had a part in this pledge of {council}."), council=told.council)
