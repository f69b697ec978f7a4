"""What each e-mail says, in `Words`: its reader's language is chosen when it leaves.

One thing each, with one link. No draft's content, no message somebody wrote (but for what comes through a contact form:
`contact_mail.py`), no name and no address: those are behind the link, for who may read them. A name typed at sign-up
never stands in a mail, or a stranger could have us send words of theirs to anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from pipeline.kernel.actor import Role
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _, day_words

NOT_A_NUMBER_OF_DAYS = 99
"""Stands for a fraction of days where a language chooses its plural by a whole number."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list in an e-mail, with the page it leads to, and what stands beside it."""

    words: Words
    path: str
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A list in an e-mail under its heading."""

    heading: Words
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail: what it is about, what it says, the one thing to do next, and why its reader gets it. One that tells
    of several things has a list of them."""

    subject: Words
    lines: tuple[Words, ...]
    action: Words
    path: str
    why: Words
    sections: tuple[Section, ...] = ()
    reply_to: str | None = None
    """The address an answer goes to, where somebody gave one for it."""


class Side(StrEnum):
    """Why a pledge concerns a reader: they lead the project, or act for the council that pledges."""

    LEAD = "lead"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeTold:
    """What mails say of a pledge. `council` pledges to a need of `project`, which `lead_council` leads."""

    pledge_id: UUID
    project: str
    lead_council: str
    need: str
    council: str
    amount: Words
    sign_off_by: date
    side: Side


def amount_words(kind: str, amount: int, thing: str | None) -> Words:
    """What is pledged, as people say it: "2.5 days", "£5,000", "8 evening room bookings"."""
    if kind == "time":
        whole, half = divmod(amount, 2)
        return Words(_("{days} day"), _("{days} days"), n=NOT_A_NUMBER_OF_DAYS if half else whole, days=days(amount))
    if kind == "funding":
        return Words("{pounds}", pounds=pounds(amount))
    return Words("{number} {thing}", number=f"{amount:,}", thing=thing or "")


# Accounts


def account_verify(token: str) -> Letter:
    """Somebody signed up with this address: is it theirs?"""
    return Letter(
        Words(_("Confirm your e-mail address")),
        (
            Words(_("Somebody, we hope you, signed up to Pipeline with this address. Confirm that it is yours.")),
            Words(_("The link works once, and for one hour.")),
        ),
        Words(_("Confirm your address")),
        f"/verify/{token}",
        Words(_("If it was not you, do nothing: without this step the account is deleted after seven days.")),
    )


def account_address(token: str) -> Letter:
    """The officer wants this to be their address from now on: is it theirs?"""
    return Letter(
        Words(_("Confirm your new e-mail address")),
        (
            Words(_("Somebody, we hope you, wants to use this address for their Pipeline account from now on.")),
            Words(_("The link works once, and for one hour.")),
        ),
        Words(_("Confirm your new address")),
        f"/verify/{token}",
        Words(_("If it was not you, do nothing. Nothing changes without this step.")),
    )


def account_already_here() -> Letter:
    """Somebody signed up with an address that has an account."""
    return Letter(
        Words(_("You already have an account")),
        (
            Words(_("Somebody, perhaps you, tried to sign up to Pipeline with this address, which has an account.")),
            Words(_("If it was you, sign in, or choose a new password if you have forgotten yours.")),
        ),
        Words(_("Sign in")),
        "/sign-in",
        Words(_("If it was not you, do nothing. Nothing has changed.")),
    )


def account_reset(token: str) -> Letter:
    """Somebody asked for a new password."""
    return Letter(
        Words(_("Choose a new password")),
        (
            Words(_("Somebody, we hope you, asked to choose a new password for your Pipeline account.")),
            Words(_("The link works once, and for one hour.")),
        ),
        Words(_("Choose a new password")),
        f"/reset-password/{token}",
        Words(_("If it was not you, do nothing. Your password stays as it is.")),
    )


def account_password_changed() -> Letter:
    """The password of the account was changed."""
    return Letter(
        Words(_("Your password was changed")),
        (
            Words(_("The password of your Pipeline account was changed. You were signed out everywhere else.")),
            Words(_("If it was not you, choose a new password at once and tell us.")),
        ),
        Words(_("Choose a new password")),
        "/reset-password",
        Words(_("You get this because it concerns the safety of your account.")),
    )


def account_token_made() -> Letter:
    """A token was made, with which a program acts for the account's owner."""
    return Letter(
        Words(_("A token for programs was made in your name")),
        (
            Words(_("With it a program can use Pipeline on your behalf. You find it among your tokens.")),
            Words(_("If it was not you, revoke it and choose a new password at once.")),
        ),
        Words(_("See your tokens")),
        "/account/tokens",
        Words(_("You get this because it concerns the safety of your account.")),
    )


def account_token_leaked() -> Letter:
    """A token was found where others can read it, and was ended."""
    return Letter(
        Words(_("A token of yours was found in public, so it was ended")),
        (
            Words(_("Somebody found one of your tokens for programs where others can read it, and reported it to us.")),
            Words(_("It no longer works. Your list of tokens says which one it was.")),
            Words(_("Look for where it was kept, such as a repository of code, before you make another.")),
        ),
        Words(_("See your tokens")),
        "/account/tokens",
        Words(_("You get this because it concerns the safety of your account.")),
    )


def account_address_changed() -> Letter:
    """The address of the account was changed; this goes to the old one."""
    return Letter(
        Words(_("Your e-mail address was changed")),
        (
            Words(_("Your Pipeline account now has another e-mail address. This one no longer signs you in.")),
            Words(_("If it was not you, tell us at once.")),
        ),
        Words(_("Contact us")),
        "/contact",
        Words(_("You get this because it concerns the safety of your account.")),
    )


# Memberships and roles


def membership_waiting(council: str, slug: str, has_admin: bool) -> Letter:
    """Somebody waits to be let in to a council: for its admins, or for coordinators where it has none."""
    why = (
        Words(_("You get this because you look after the people and settings of {council}."), council=council)
        if has_admin
        else Words(_("You get this because you are a coordinator and {council} has no admin yet."), council=council)
    )
    return Letter(
        Words(_("Somebody asks to join {council}"), council=council),
        (
            Words(_("Somebody says they work for {council}. Their address alone does not show it."), council=council),
            Words(_("Let them in if you know them. Until then they can read what everybody can, and no more.")),
        ),
        Words(_("See who is waiting")),
        f"/councils/{slug}/settings" if has_admin else f"/coordination/councils/{slug}/admin",
        why,
    )


def membership_started(council: str) -> Letter:
    """The officer's place in a council has begun."""
    return Letter(
        Words(_("You can now act for {council}"), council=council),
        (
            Words(_("Your place in {council} is confirmed."), council=council),
            Words(_("You can offer pledges for your council and post its projects.")),
        ),
        Words(_("See your work")),
        "/your-work",
        Words(_("You get this because you asked to join {council}."), council=council),
    )


ROLE_GIVEN: dict[str, tuple[str, str]] = {
    Role.AUTHORISER: (
        _("You can now authorise pledges for {council}"),
        _("What your colleagues offer other councils waits for your authority. You never authorise your own offer."),
    ),
    Role.COUNCIL_ADMIN: (
        _("You now look after {council} on Pipeline"),
        _("You let people in, and choose who may authorise what your council pledges."),
    ),
    Role.COORDINATOR: (
        _("You are now a coordinator"),
        _("You help councils find each other, and appoint the first admin of a council."),
    ),
    Role.PLATFORM_ADMIN: (
        _("You are now a platform admin"),
        _("You appoint the coordinators."),
    ),
}
"""The subject and the sentence for each role somebody can be given."""


def role_given(role: str, council: str) -> Letter:
    """The officer has been given a role. `council` is empty for a role on the whole platform."""
    subject, sentence = ROLE_GIVEN[role]
    return Letter(
        Words(subject, council=council),
        (Words(sentence), Words(_("You were signed out so that this takes effect. Sign in again when it suits you."))),
        Words(_("Sign in")),
        "/sign-in",
        Words(_("You get this because what you may do has changed. If it surprises you, tell us.")),
    )


# Pledges


def pledge_asked(told: PledgeTold) -> Letter:
    """For authorisers: an offer of their council waits for them."""
    return Letter(
        Words(_("An offer waits for your authority: {project}"), project=told.project),
        (
            Words(
                _("A colleague has offered {amount} from {council} to “{project}”, a project of {lead_council}."),
                amount=told.amount, council=told.council, project=told.project, lead_council=told.lead_council,
            ),
            Words(_("It counts only when somebody with authority in {council} has agreed."), council=told.council),
            Words(_("If nobody has by the end of {date}, the offer ends by itself."), date=day_words(told.sign_off_by)),
        ),
        Words(_("Read the offer and decide")),
        _path(told),
        Words(_("You get this because you may authorise pledges for {council}."), council=told.council),
    )  # fmt: skip


def pledge_offered(told: PledgeTold) -> Letter:
    """For leads: there is an offer, not yet authorised."""
    return Letter(
        Words(_("{council} has made an offer: {project}"), council=told.council, project=told.project),
        (
            _promised(told, _("{council} has offered {amount} towards “{need}”.")),
            Words(_("It is not yet authorised: {council} has not agreed to it so far."), council=told.council),
            Words(_("There is nothing you must do now. We will tell you when it is authorised.")),
        ),
        Words(_("Read the offer")),
        _path(told),
        _why(told),
    )


def pledge_authorised(told: PledgeTold) -> Letter:
    """For leads: a pledge waits for their answer. For the pledging council: it is authorised and public."""
    if told.side is Side.LEAD:
        lines = (
            _promised(told, _("{council} has authorised its pledge of {amount} towards “{need}”.")),
            Words(_("It waits for your answer. Please accept or decline it within three working days.")),
        )
        action = Words(_("Answer the pledge"))
    else:
        lines = (
            _promised(told, _("The pledge of {amount} by {council} towards “{need}” is authorised and public.")),
            Words(_("The leads of the project answer next.")),
        )
        action = Words(_("See the pledge"))
    subject = Words(_("{council} has authorised a pledge: {project}"), council=told.council, project=told.project)
    return Letter(subject, lines, action, _path(told), _why(told))


def pledge_refused(told: PledgeTold) -> Letter:
    """The pledging council does not stand behind an offer."""
    return _ended(
        told,
        Words(_("{council} does not go ahead with an offer: {project}"), council=told.council, project=told.project),
        _("The offer of {amount} by {council} towards “{need}” was not authorised, so it has ended."),
    )


def pledge_accepted(told: PledgeTold) -> Letter:
    """For the pledging council: the leads take the pledge."""
    return Letter(
        Words(_("Your council’s pledge is accepted: {project}"), project=told.project),
        (
            _promised(
                told, _("The project’s leads have accepted the pledge of {amount} by {council} towards “{need}”.")
            ),
            Words(_("It stands as agreed until the project goes ahead.")),
        ),
        Words(_("See the pledge")),
        _path(told),
        _why(told),
    )


def pledge_committed(told: PledgeTold) -> Letter:
    """For the pledging council: its pledge is bound, in a project that takes pledges one by one or is going ahead."""
    return Letter(
        Words(_("Your council’s pledge is committed: {project}"), project=told.project),
        (
            _promised(told, _("The pledge of {amount} by {council} towards “{need}” is accepted and committed.")),
            Words(_("What your council gives is recorded on its page, and the leads agree it.")),
        ),
        Words(_("See the pledge")),
        _path(told),
        _why(told),
    )


def pledge_declined(told: PledgeTold) -> Letter:
    """For the pledging council: the leads do not take the pledge."""
    return Letter(
        Words(_("Your council’s pledge was declined: {project}"), project=told.project),
        (
            _promised(
                told, _("The project’s leads have declined the pledge of {amount} by {council} towards “{need}”.")
            ),
            Words(_("They gave a reason, which your council can read.")),
        ),
        Words(_("Read the reason")),
        _path(told),
        _why(told),
    )


def pledge_withdrawn(told: PledgeTold) -> Letter:
    """A council took its pledge back."""
    return _ended(
        told,
        Words(_("{council} has withdrawn its pledge: {project}"), council=told.council, project=told.project),
        _("{council} has withdrawn its pledge of {amount} towards “{need}”."),
    )


def pledge_lapsed(told: PledgeTold) -> Letter:
    """A pledge ended because its day had passed."""
    return _ended(
        told,
        Words(_("A pledge by {council} has lapsed: {project}"), council=told.council, project=told.project),
        _("The pledge of {amount} by {council} towards “{need}” has lapsed: what it waited for did not come in time."),
    )


PLEDGE_LETTERS: dict[str, Callable[[PledgeTold], Letter]] = {
    "pledge.asked": pledge_asked,
    "pledge.offered": pledge_offered,
    "pledge.authorised": pledge_authorised,
    "pledge.refused": pledge_refused,
    "pledge.accepted": pledge_accepted,
    "pledge.committed": pledge_committed,
    "pledge.declined": pledge_declined,
    "pledge.withdrawn": pledge_withdrawn,
    "pledge.lapsed": pledge_lapsed,
}


def _ended(told: PledgeTold, subject: Words, sentence: str) -> Letter:
    lines = (_promised(told, sentence), Words(_("The room it held is free again.")))
    return Letter(subject, lines, Words(_("See the pledge")), _path(told), _why(told))


def _promised(told: PledgeTold, sentence: str) -> Words:
    return Words(sentence, council=told.council, amount=told.amount, need=told.need)


def _path(told: PledgeTold) -> str:
    return f"/pledges/{told.pledge_id}"


def _why(told: PledgeTold) -> Words:
    if told.side is Side.LEAD:
        return Words(_("You get this because you lead “{project}”."), project=told.project)
    return Words(_("You get this because you had a part in this pledge of {council}."), council=told.council)


# Drafts a colleague is asked to check


def check_asked(path: str) -> Letter:
    """For a colleague: somebody asks them to read a draft. Of the draft itself the mail says nothing."""
    return Letter(
        Words(_("A colleague asks you to check a draft")),
        (
            Words(_("A colleague would like you to read something before it is published and say if it is fine.")),
            Words(_("You can read it until you have answered. Your answer goes to the people who are writing it.")),
        ),
        Words(_("Read the draft")),
        path,
        Words(_("You get this because a colleague chose you.")),
    )


def check_answered(path: str) -> Letter:
    """For who asked: the colleague has answered."""
    return Letter(
        Words(_("Your colleague has checked your draft")),
        (Words(_("The colleague you asked has answered. Their note is beside your draft.")),),
        Words(_("See the answer")),
        path,
        Words(_("You get this because you asked.")),
    )
