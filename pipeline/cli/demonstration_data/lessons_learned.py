"""The lessons of made-up councils, and what others made of them, told act by act.

Some are pinned to a document of `documents_kept`, one is answered by a later version of it, and two have a reply.
"""

from pipeline.cli.demonstration_data.document_acts import Pin
from pipeline.cli.demonstration_data.shapes import MadeUpAct, act
from pipeline.lessons.rules import Measure

ONE_DAY = "One working day is too short a promise for a team of two"
FALSE_ACCOUNT = "A false account sold beach huts in our name for nine days"
BLOCKING = "Blocking people for good cost us an upheld complaint"
WARNINGS = "Two warnings are hard to count when people change their names"
PHOTOGRAPH = "Ask for the photograph before the questions"
AMOUNT = "The amount to pay belongs above the fold, alone"
VAN = "A shared van needs one person who says no"
NEIGHBOUR = "Answer the checklist with a neighbour in the room"

ABOUT_DOCUMENTS: tuple[MadeUpAct, ...] = (
    act(
        284, "ruth.calloway", "learn", title=ONE_DAY,
        pin=Pin("policy", 1, "We answer within one working day."),
        did="We promised an answer within one working day on both our accounts, as the policy said, with two people "
        "who also answer the telephones.",
        happened="We kept it on four days of five. On Mondays the questions of a whole weekend were late before we "
        "had opened the page, and people quoted our promise back at us.",
        differently="Say from when the day is counted, and promise what a Monday allows. We changed our own copy to "
        "two working days, and complaints about slow answers stopped although answers took no less time.",
        outcome="partly", themes=("websites-and-communications", "digital-and-customer-services"),
        measures=(
            Measure("Answers in the time promised", "97", "78", "%"),
            Measure("Complaints about slow answers", "1", "9", "a month"),
        ),
    ),
    act(
        270, "aisha.bello", "reply", lesson=ONE_DAY,
        words="Thank you: we had counted from the moment of the question without noticing. The next version says from "
        "when the day runs.",
    ),
    act(264, "aisha.bello", "answered", lesson=ONE_DAY, number=2),
    act(250, "beth.collingwood", "use", lesson=ONE_DAY, note="We wrote our opening hours into both profiles."),
    act(
        168, "catriona.macinnes", "learn", title=FALSE_ACCOUNT,
        pin=Pin("policy", 3, "If somebody pretends to be the council"),
        did="A resident told us of an account with our crest that took deposits for beach huts. We reported it to the "
        "platform and waited.",
        happened="It stayed up for nine days. Our warning had no picture of the false account, so people asked us "
        "which of the two was ours. Fourteen households paid a deposit, most of them after we knew.",
        differently="Warn on the first day and with a picture, pin the warning, and ring the bank that takes the "
        "money: the account was closed within two hours of that call. The section in the policy now says most of "
        "this.",
        outcome="did_not_work", themes=("websites-and-communications", "community-safety"),
        evidence="Notes of the service desk and of the trading standards team.",
        measures=(Measure("Days until the false account was gone", "9", unit="days"),),
    ),
    act(160, "jo.penhale", "use", lesson=FALSE_ACCOUNT, note="The bank’s number is on our card for bad days now."),
    act(120, "beth.collingwood", "use", lesson=FALSE_ACCOUNT,
    note="We tried it as an exercise: first warning out after 25 minutes."),
    act(
        130, "aisha.bello", "learn", title=BLOCKING,
        pin=Pin("policy", 4, "Somebody who keeps breaking the house rules"),
        did="We blocked a man who insulted staff, after one warning and without an end date. Nobody wrote down who "
        "had decided, or told him what he could do about it.",
        happened="He complained, and was right to: he could not see flood warnings any more, and nobody could say "
        "what exactly he had written. The complaint was upheld.",
        differently="Hide first. Block for a time that ends. Write down the words, the rule and who decided, and have "
        "somebody else look when the person asks.",
        outcome="did_not_work", themes=("websites-and-communications", "democracy-and-engagement"),
    ),
    act(59, "aisha.bello", "answered", lesson=BLOCKING, number=5),
    act(
        30, "catriona.macinnes", "learn", title=WARNINGS,
        pin=Pin("policy", 5, "Somebody who keeps breaking the house rules"),
        did="Since the summer we give two warnings before we block, as the policy asks, and note each with the name "
        "on the account.",
        happened="Three people changed that name between the warnings. We found out only because a moderator knew "
        "their turns of phrase, which nobody should have to rely on.",
        differently="We do not know yet. We are trying a note of the account’s address beside its name, and will say "
        "in spring whether it helps.",
        outcome="too_early", themes=("websites-and-communications",),
    ),
    act(
        20, "aisha.bello", "reply", lesson=WARNINGS,
        words="We have the same trouble. If your trial works we would gladly take a sentence about it from your copy.",
    ),
    act(
        185, "farah.siddiqui", "learn", title=NEIGHBOUR, pin=Pin("standard", 1),
        did="We answered the fifteen points twice for the same service: once on our own, and a month later with two "
        "colleagues from another council in the room.",
        happened="On our own we met eleven. With them we met six: each time they asked to be shown, not told. The "
        "afternoon was the friendliest of the year.",
        differently="Start with the neighbour. Put into the checklist what to look for under each point, so that the "
        "question to be shown something comes from the page and not from a guest.",
        outcome="worked", themes=("digital-and-customer-services",),
        measures=(Measure("Points met", "6", "11", "of 15"),),
    ),
    act(150, "nadia.haddad", "use", lesson=NEIGHBOUR, note="We invited Lough Derrin, by video."),
)  # fmt: skip

ABOUT_PROJECTS: tuple[MadeUpAct, ...] = (
    act(
        28, "gareth.lowe", "learn", project="repairs-form", title=PHOTOGRAPH,
        did="In the trial of the repairs form half of the tenants saw the questions first and half were asked for a "
        "photograph first.",
        happened="With the photograph first, people wrote less and we understood more. The wrong trade was sent out "
        "half as often, and 30 in 100 skipped the picture without any trouble.",
        differently="Say from the start that a bad photograph is fine. Several people tidied the room before they "
        "took one, and gave up when a child woke.",
        outcome="worked", themes=("housing", "digital-and-customer-services"),
        measures=(
            Measure("Visits by the wrong trade", "7", "15", "%"),
            Measure("Reports followed by a call", "23", "41", "%"),
        ),
    ),
    act(14, "olu.martins", "use", lesson=PHOTOGRAPH, note="Tried with pothole reports for two weeks."),
    act(9, "martin.quick", "use", lesson=PHOTOGRAPH,
    note="For missed bins it made no difference, which is good to know."),
    act(
        35, "beth.collingwood", "learn", project="council-tax-letters", title=AMOUNT,
        did="We sent 2,000 reminders in two forms: the usual one, and one with the amount, the date and three ways to "
        "pay in the top third and everything else below.",
        happened="More people paid within ten days, and fewer rang. Those who did ring asked about their own case and "
        "no longer what the letter meant.",
        differently="Ask the people who print the letters first. The new form broke the window of the envelope, and "
        "the first batch went out a week late.",
        outcome="worked", themes=("revenues-and-benefits", "websites-and-communications"),
        evidence="Counts of the payment system for the two groups over four weeks.",
        measures=(
            Measure("Paid within ten days", "38", "27", "%"), Measure("Calls for each 100 "
            "letters", "6.5", "11", "calls"),
        ),
    ),
    act(18, "conor.devlin", "use", lesson=AMOUNT, note="Now in sundry debts as well."),
    act(
        24, "catriona.macinnes", "learn", project="device-lending", title="Lend the charger twice",
        did="We lent forty tablets through four libraries, each in a bag with a charger and a card with a telephone "
        "number.",
        happened="Every tablet came back. Nineteen chargers did not, and a tablet without one stands in a cupboard "
        "for three weeks. Nobody rang the number; many asked the person at the desk.",
        differently="Buy two chargers for each tablet, colour the plugs, and spend the money for the telephone line "
        "on another hour at the desk.",
        outcome="partly", themes=("digital-inclusion", "libraries"),
        measures=(Measure("Days a tablet waits between two loans", "6", "22", "days"),),
    ),
    act(
        40, "lucy.entwistle", "learn", project="warm-spaces", title="A directory dies where nobody has to look at it",
        did="We asked every warm space to confirm its hours once a month by a link in a text message, and took those "
        "off the map that had not answered for six weeks.",
        happened="Nine in ten answered within a day, most of them from behind a counter. Two places that had closed "
        "were gone within the month; before, we had heard of it from people who stood outside.",
        differently="Ask on a Tuesday morning. Messages on Friday afternoon were answered by whoever was left.",
        outcome="worked", themes=("community-and-voluntary", "public-health"),
        measures=(Measure("Entries that were right when visited", "96", "71", "%"),),
    ),
    act(
        90, "farah.siddiqui", "learn", project="book-courier", title=VAN,
        did="Three library services shared one van and one calendar, in which each could write what it wanted.",
        happened="By the third month every day was full and every route was too long. Each service had been "
        "reasonable; nobody could see the whole. The driver said so first, and we listened last.",
        differently="Give the calendar to one person for all three, from the first day, with the right to refuse. Ask "
        "the driver every Friday.",
        outcome="did_not_work", themes=("libraries",),
    ),
    act(70, "sian.bevan", "use", lesson=VAN, note="Our two counties have named that person."),
    act(
        60, "elin.prydderch", "learn", project="bilingual-signs", title="Write both languages at one table",
        did="We stopped sending English signs away to be translated. The sign maker, a Welsh speaker from the service "
        "and the person who stands beside the sign wrote both texts together.",
        happened="Signs became shorter in both languages, because what would not fit in one was not needed in the "
        "other. A sign took an hour of three people, and two weeks less of waiting.",
        differently="Keep a list of what was agreed. We argued about the word for a lay-by three times.",
        outcome="worked", themes=("websites-and-communications", "digital-and-customer-services"),
        measures=(Measure("Weeks from request to sign", "3", "5", "weeks"),),
    ),
    act(
        16, "beth.collingwood", "learn", project="letter-clinic", title="Bring the letter nobody dares to open",
        did="For six Thursdays anybody could bring a letter from the council to a table in the library, opened or "
        "not, and have it read with them.",
        happened="One letter in three had not been opened. Of those, half asked for nothing at all: they said that "
        "something had been put right.",
        differently="Put the news on the envelope where the law allows it. And bring tea: the conversation is longer "
        "than the letter.",
        outcome="worked", themes=("revenues-and-benefits", "digital-and-customer-services"),
        measures=(Measure("Letters brought unopened", "34", unit="%"),),
    ),
)  # fmt: skip

ACTS: tuple[MadeUpAct, ...] = (*ABOUT_DOCUMENTS, *ABOUT_PROJECTS)
"""Every lesson, use, reply and mark."""
