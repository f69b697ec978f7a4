"""The shared documents that made-up councils keep, adopt, adapt and answer, told act by act.

Their texts stand in the folder `documents`, one file a version. Version 4 of the policy has none: it is what comes of
Eastmere's suggestion. A day's acts happen in the order they stand here.
"""

from pipeline.cli.demonstration_data.shapes import MadeUpAct, act

TITLES: dict[str, str] = {
    "policy": "Social media policy for councils",
    "eastmere": "Eastmere social media policy",
    "port-ellis": "Social media policy of Port Ellis Council",
    "speaking": "Speaking at a council meeting",
    "siarad": "Siarad yng nghyfarfod y cyngor",
    "standard": "Local Government Digital Service Standard: where do we stand?",
}
"""What each document is called, by the key its acts name it with."""

POLICY: tuple[MadeUpAct, ...] = (
    act(
        330, "aisha.bello", "begin", document="policy", text="social-media-policy-1", kind="policy",
        summary="Short enough to read on a first morning: accounts, posts, answers, house rules, records, elections.",
        review_in_days=280,
    ),
    act(
        322, "aisha.bello", "publish", document="policy", is_major=True,
        note="First version. Six councils read the draft; most of what they asked for was to make it shorter.",
    ),
    act(
        310, "beth.collingwood", "adopt", document="policy", number=1, review_in_days=150,
        note="Taken as it stands: ours was eleven pages and nobody had read it.",
        approved_by="Cabinet member for resources",
        approved_days_ago=316,
    ),
    act(300, "ruth.calloway", "adapt", document="policy", number=1, copy="eastmere"),
    act(
        288, "ruth.calloway", "publish", document="eastmere", text="eastmere-1", is_major=True,
        note="Made from Northborough’s policy, for a small district with two accounts and a county next door.",
    ),
    act(
        265, "aisha.bello", "publish", document="policy", text="social-media-policy-2",
        note="Says from when the working day for an answer is counted, and that a line in a profile is enough.",
    ),
    act(
        200, "aisha.bello", "publish", document="policy", text="social-media-policy-3", is_major=True,
        note="New: made and altered pictures, false accounts, private messages. Records are kept by what they are.",
    ),
    act(
        196, "jo.penhale", "adopt", document="policy", number=3, review_in_days=170,
        note="Read out at the team meeting and agreed on the spot.", approved_by="Head of paid service",
        approved_days_ago=198,
    ),
    act(190, "catriona.macinnes", "adapt", document="policy", number=3, copy="port-ellis"),
    act(180, "ruth.calloway", "take_in", copy="eastmere", document="policy", number=3),
    act(
        176, "catriona.macinnes", "publish", document="port-ellis", text="port-ellis-1", is_major=True,
        note="Made from Northborough’s policy: Scottish law, Gaelic, ferries, and our records plan.",
    ),
    act(
        172, "ruth.calloway", "publish", document="eastmere", text="eastmere-2", is_major=True,
        note="Takes in version 3 of the original, and adds a section on the weeks before an election.",
    ),
    act(
        165, "ruth.calloway", "suggest", copy="eastmere",
        about=("Before an election", "From the day the notice", "Planned posts are looked through"),
        reason="We wrote this after the May elections, when two posts had to come down. Every council has elections, "
        "so it belongs into the original and not only into ours.",
    ),
    act(155, "aisha.bello", "accept", document="policy"),
    act(
        150, "aisha.bello", "publish", document="policy",
        note="New section on the weeks before an election, suggested by Eastmere.",
    ),
    act(147, "beth.collingwood", "move_up", document="policy"),
    act(140, "ruth.calloway", "take_in", copy="eastmere", document="policy", number=4),
    act(
        138, "ruth.calloway", "publish", document="eastmere", text="eastmere-3",
        note="Takes in version 4 of the original: our section on elections stands in both now. Names the elections "
        "team.",
    ),
    act(
        60, "aisha.bello", "publish", document="policy", text="social-media-policy-5", is_major=True,
        note="Hiding and blocking can be checked and looked at again, and those who answer are looked after.",
    ),
    act(55, "jo.penhale", "move_up", document="policy"),
    act(50, "catriona.macinnes", "take_in", copy="port-ellis", document="policy", number=5),
    act(
        45, "catriona.macinnes", "publish", document="port-ellis", text="port-ellis-2", is_major=True,
        note="Takes in version 5 of the original, and asks for a description where what is seen in a film matters.",
    ),
    act(12, "ruth.calloway", "begin_taking_in", copy="eastmere", document="policy", number=5),
    act(
        6, "catriona.macinnes", "suggest", copy="port-ellis", about=("has a spoken description",),
        reason="A blind resident told us that captions do nothing for her. One sentence would cover it for everybody.",
    ),
    act(
        3, "aisha.bello", "write_on", document="policy",
        add="What residents told us about our accounts is published with the report, in numbers and in their own "
        "words.",
        note="",
    ),
)  # fmt: skip

SPEAKING: tuple[MadeUpAct, ...] = (
    act(
        120, "elin.prydderch", "begin", document="speaking", text="speaking-at-a-meeting-1", kind="template",
        summary="One page for residents who want to speak: how to ask, what happens on the day, and what comes of it.",
        review_in_days=300,
    ),
    act(118, "elin.prydderch", "publish", document="speaking", is_major=True, note="First version."),
    act(
        96, "elin.prydderch", "publish", document="speaking", text="speaking-at-a-meeting-2", is_major=True,
        note="Corrects the day by which to ask, and promises an answer in writing.",
    ),
    act(
        96, "elin.prydderch", "begin", document="siarad", text="siarad-mewn-cyfarfod-1", kind="template",
        language="cy",
        summary="Un dudalen i drigolion sydd am siarad: sut i ofyn, beth sy'n digwydd ar y diwrnod, a beth ddaw "
        "ohono.",
        review_in_days=300,
    ),
    act(95, "elin.prydderch", "publish", document="siarad", is_major=True, note="Y fersiwn gyntaf."),
    act(94, "elin.prydderch", "pair", document="speaking", other="siarad", number=2, other_number=1),
    act(
        93, "elin.prydderch", "withdraw", document="speaking", number=1,
        reason="It gave the wrong day for asking to speak: people who went by it came too late. Use version 2.",
    ),
    act(
        70, "orla.mckeever", "adopt", document="speaking", number=2, review_in_days=200,
        note="With our own telephone number beside it.",
    ),
)  # fmt: skip

MET, PARTLY, NOT_YET, NOT_APPLICABLE = "met", "partly", "not_yet", "not_applicable"

OF_WHARFSIDE: dict[int, tuple[str, str]] = {
    1: (MET, "Pavement licences. Eleven traders this year, four of whom had never applied online."),
    2: (
        PARTLY,
        "A researcher, a developer and the licensing team; the designer is lent by another service until spring.",
    ),
    3: (MET, "Something is released every second Thursday."),
    4: (PARTLY, "Ten days a month are set aside until the end of the financial year, nothing after it."),
    5: (MET, "We asked four councils and took over the form of one of them."),
    6: (MET, "Impact assessment read again in the autumn."),
    7: (PARTLY, "The code is open. The register of licences is a PDF still."),
    8: (MET, ""),
    9: (NOT_YET, "There is a plan; nobody has tried it."),
    10: (MET, "83 in 100 of those who start finish on the same day."),
    11: (MET, ""),
    12: (PARTLY, "The market office helps in person on Mondays. No help in the evening, when traders have time."),
    13: (NOT_YET, "Measured, but not published."),
    14: (MET, "Second week of each quarter."),
    15: (MET, "The cabinet member applied for a licence for a café of her invention, and was turned down."),
}
OF_LOUGH_DERRIN: dict[int, tuple[str, str]] = {
    1: (PARTLY, "Booking an inspection. Builders asked, homeowners not."),
    2: (NOT_YET, "One manager and whoever answers the telephone."),
    3: (NOT_YET, ""),
    4: (NOT_YET, "The contract charges for each change."),
    5: (PARTLY, "We looked at two other councils’ systems before this project began."),
    6: (MET, "Addresses and telephone numbers only, deleted after a year."),
    7: (NOT_YET, ""),
    8: (PARTLY, "Tried on the inspectors’ own phones, on site and in the rain."),
    9: (MET, "It is the telephone, and it is rehearsed daily."),
    10: (PARTLY, ""),
    11: (NOT_YET, ""),
    12: (MET, "Everybody can ring."),
    13: (NOT_YET, ""),
    14: (NOT_YET, ""),
    15: (NOT_APPLICABLE, "Nothing to walk through yet: to be answered when the first form is there."),
}
OF_EASTMERE: dict[int, tuple[str, str]] = {
    1: (MET, "Comments on the local plan. Thirty residents and five parish clerks."),
    2: (PARTLY, "An analyst and a planner, each for two days a week."),
    3: (PARTLY, "In steps, but the steps are as long as a consultation."),
    5: (MET, "Shared with the county from the start."),
    6: (MET, "Lawful basis: a duty under planning law. Read again this spring."),
    7: (PARTLY, "Comments are published as a table anybody can take; the code is not open yet."),
    8: (NOT_YET, "Not with a screen reader."),
    10: (PARTLY, "Half of those who begin on a phone finish there."),
    12: (MET, "Paper forms in every library and parish office, typed in by us."),
    13: (MET, "On the page of the local plan, each Monday of a consultation."),
    15: (MET, "The portfolio holder left a comment and found two mistakes."),
}

STANDARD: tuple[MadeUpAct, ...] = (
    act(
        210, "farah.siddiqui", "begin", document="standard", text="digital-service-standard-1", kind="checklist",
        summary="Fifteen points of the Local Government Digital Service Standard, to be answered for a service of "
        "yours.",
        review_in_days=240,
    ),
    act(208, "farah.siddiqui", "publish", document="standard", is_major=True, note="First version."),
    act(200, "nadia.haddad", "answer_checklist", document="standard", answers=OF_WHARFSIDE),
    act(195, "orla.mckeever", "answer_checklist", document="standard", answers=OF_LOUGH_DERRIN),
    act(
        100, "farah.siddiqui", "publish", document="standard", text="digital-service-standard-2",
        note="Point 6 asks why you may hold the data, point 12 whether those who cannot use the service are served.",
    ),
    act(90, "nadia.haddad", "carry_over", document="standard"),
    act(
        89, "nadia.haddad", "answer_checklist", document="standard",
        answers={
            6: (MET, "Impact assessment read again in the autumn. Lawful basis: a public task under licensing law."),
            9: (PARTLY, "Rehearsed once, on a quiet afternoon: it took forty minutes to find the telephone list."),
        },
    ),
    act(40, "sam.whitlock", "answer_checklist", document="standard", answers=OF_EASTMERE),
)  # fmt: skip

ACTS: tuple[MadeUpAct, ...] = (*POLICY, *SPEAKING, *STANDARD)
"""Everything that happens to shared documents."""
