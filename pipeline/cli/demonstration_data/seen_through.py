"""Made-up projects that went ahead: flexible, by their date, or early; one that was stopped, and one that is finished.

What was promised in them was given, disputed, broken and released.
"""

from inspect import cleandoc

from pipeline.cli.demonstration_data.shapes import (
    MadeUpCondition,
    MadeUpNeed,
    MadeUpPerson,
    MadeUpPledge,
    MadeUpProject,
    MadeUpUpdate,
    act,
    days,
    pounds,
)

LETTER_CLINIC = MadeUpProject(
    key="letter-clinic",
    title="A clinic for letters nobody understands",
    summary="Bring a letter that makes people ring you, and three of us rewrite it with you in a morning. It goes on "
    "for as long as somebody brings letters and somebody comes to help.",
    problem=cleandoc(
        """
        One in four calls to our revenues team is about a letter we sent. Everybody knows which letters they are.
        Nobody has the time to rewrite them, because the telephone rings.

        So on two Wednesdays a month we shut the door, put a letter on the table and do not leave before it is done.
        We have done it nine times alone. It goes better with somebody from outside who does not know what we meant.
        """
    ),
    council="oakenfell",
    leads=("beth.collingwood",),
    themes=("digital-and-customer-services", "revenues-and-benefits"),
    phase="beta",
    status="open",
    mode="flexible",
    published_days_ago=47,
    needs=(
        MadeUpNeed("mornings", "time", "Mornings at the clinic", days(20), profession="content-designer"),
        MadeUpNeed(
            "rooms", "in_kind", "A room with a large table", 3, is_essential=False, is_capped=True, thing="meeting room"
        ),
    ),
    pledges=(
        MadeUpPledge(
            "mornings",
            "northborough",
            "aisha.bello",
            days(4),
            "committed",
            40,
            "Eight mornings. I will bring our parking letters as well.",
            authorised_days_ago=37,
            authoriser="tom.hargreaves",
            accepted_days_ago=35,
            answerer="beth.collingwood",
            from_in_days=-30,
            to_in_days=60,
            acts=(
                act(20, "aisha.bello", "deliver", amount=days(2), on_days_ago=21, note="Four mornings in two weeks."),
                act(18, "beth.collingwood", "agree"),
            ),
        ),
        MadeUpPledge(
            "mornings",
            "tallow-bridge",
            "farah.siddiqui",
            days(2),
            "delivered",
            38,
            "Four mornings, and I would like to learn how you do it.",
            authorised_days_ago=36,
            authoriser="kevin.ashworth",
            accepted_days_ago=34,
            answerer="beth.collingwood",
            from_in_days=-30,
            to_in_days=20,
            acts=(
                act(15, "beth.collingwood", "deliver", amount=days(2), on_days_ago=16, note="All four, and on time."),
                act(13, "lucy.entwistle", "agree"),
            ),
        ),
        MadeUpPledge(
            "mornings",
            "eastmere",
            "sam.whitlock",
            days(2),
            "accepted",
            25,
            "If a council in Scotland comes too: half of our letters go to people who moved here from there.",
            authorised_days_ago=22,
            authoriser="meera.joshi",
            accepted_days_ago=20,
            answerer="beth.collingwood",
            from_in_days=10,
            to_in_days=70,
            conditions=(MadeUpCondition("councils", 1, of_nation="Scotland"),),
            stands_until_in_days=75,
        ),
        MadeUpPledge(
            "mornings",
            "thornmere",
            "hannah.price",
            days(3),
            "offered",
            16,
            "Six mornings, and the letter about postal votes.",
            authorised_days_ago=12,
            capacity="line-manager",
            named=MadeUpPerson("owen.lister", "Owen Lister", "Elections and licensing manager"),
            from_in_days=15,
            to_in_days=80,
            acts=(
                act(
                    8,
                    "raj.dhillon",
                    "set_aside",
                    reason="Our constitution leaves work for other councils to heads of service. Please ask one of "
                    "them.",
                ),
            ),
        ),
        MadeUpPledge(
            "rooms",
            "lough-derrin",
            "orla.mckeever",
            1,
            "committed",
            30,
            "The old council chamber, when we hold one here. The table seats forty.",
            authorised_days_ago=27,
            authoriser="conor.devlin",
            capacity="budget-holder",
            accepted_days_ago=25,
            answerer="beth.collingwood",
            worth_pence=pounds(240),
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Eleven letters, one word",
            cleandoc(
                """
                We have now rewritten eleven letters. **In nine of them the word that made people ring was
                "liability".** We took it out. Calls about those nine went from 212 a week to 131.
                """
            ),
            "beth.collingwood",
            12,
        ),
    ),
    acts=(
        act(
            46,
            "beth.collingwood",
            "measure",
            name="Calls a week about our letters",
            unit="number",
            better="less",
            baseline=(212, 47),
            target=(100, -60),
        ),
        act(33, "beth.collingwood", "read_measure", name="Calls a week about our letters", value=188),
        act(19, "beth.collingwood", "read_measure", name="Calls a week about our letters", value=160),
        act(
            12,
            "beth.collingwood",
            "read_measure",
            name="Calls a week about our letters",
            value=131,
            note="Nine letters of eleven.",
        ),
        act(
            2,
            "nadia.haddad",
            "ask_in",
            message="I could watch people read the new letters at home. Eight of ours said that I may.",
        ),
    ),
)

TREES_FROM_ABOVE = MadeUpProject(
    key="trees-from-above",
    title="Counting trees from the air, once for everybody",
    summary="Four councils paid for one flight over all of them, instead of four flights, and are counting trees with "
    "the pictures and on foot.",
    problem=cleandoc(
        """
        A council has to know which of its trees may fall on somebody. We know about 11,000 of ours, from a list begun
        in 1998. There are about three times as many.

        A flight with a laser shows every tree over three metres. It costs £24,000 for one council and £24,000 for four,
        because it is the aeroplane that costs money. Somebody then has to walk to one tree in forty and look.
        """
    ),
    council="port-ellis",
    leads=("iain.drummond",),
    themes=("environment-and-climate",),
    phase="alpha",
    status="going_ahead",
    published_days_ago=150,
    decision_in_days=-85,
    least_councils=3,
    needs=(
        MadeUpNeed("flight", "funding", "The flight and the pictures", pounds(24_000)),
        MadeUpNeed("on-foot", "time", "Walking to one tree in forty", days(14), profession="data-analyst"),
    ),
    pledges=(
        MadeUpPledge(
            "flight",
            "hartsea",
            "olu.martins",
            pounds(10_000),
            "delivered",
            140,
            "We had £19,000 set aside for a flight of our own.",
            authorised_days_ago=136,
            authoriser="peter.lindqvist",
            capacity="budget-holder",
            accepted_days_ago=133,
            answerer="iain.drummond",
            spending="capital",
            acts=(
                act(59, "olu.martins", "deliver", amount=pounds(10_000), on_days_ago=60, note="Paid in one sum."),
                act(57, "iain.drummond", "agree"),
            ),
        ),
        MadeUpPledge(
            "flight",
            "glan-aur",
            "elin.prydderch",
            pounds(8_000),
            "committed",
            138,
            "For the coast road, where the old elms are.",
            authorised_days_ago=130,
            authoriser="rhodri.vaughan",
            capacity="budget-holder",
            accepted_days_ago=128,
            answerer="iain.drummond",
            spending="revenue",
            acts=(
                act(
                    50,
                    "elin.prydderch",
                    "deliver",
                    amount=pounds(8_000),
                    on_days_ago=51,
                    note="With the £1,500 we paid the pilot for the second morning.",
                ),
                act(
                    46,
                    "iain.drummond",
                    "dispute",
                    amount=pounds(6_500),
                    note="£6,500 reached us. The second morning was for your own map and not part of this.",
                ),
            ),
        ),
        MadeUpPledge(
            "flight",
            "northborough",
            "gareth.lowe",
            pounds(6_000),
            "broken",
            135,
            "Our estates have more trees than our parks.",
            authorised_days_ago=131,
            authoriser="tom.hargreaves",
            capacity="budget-holder",
            accepted_days_ago=127,
            answerer="iain.drummond",
            spending="revenue",
            acts=(
                act(55, "gareth.lowe", "deliver", amount=pounds(2_000), on_days_ago=56, note="The first of three."),
                act(53, "iain.drummond", "agree"),
                act(
                    20,
                    "helen.marsh",
                    "break_off",
                    reason="Our council has stopped all spending that is not required by law. We are sorry.",
                ),
            ),
        ),
        MadeUpPledge(
            "on-foot",
            "oakenfell",
            "beth.collingwood",
            days(8),
            "committed",
            130,
            "Two of our rangers, who know an ash from a rowan in winter.",
            authorised_days_ago=126,
            authoriser="dev.chaudhry",
            accepted_days_ago=124,
            answerer="iain.drummond",
            from_in_days=-80,
            to_in_days=40,
            acts=(
                act(40, "beth.collingwood", "deliver", amount=days(3), on_days_ago=42, note="Harbour and cemetery."),
                act(38, "iain.drummond", "agree"),
                act(5, "beth.collingwood", "deliver", amount=days(2), on_days_ago=6, note="The coast road."),
            ),
        ),
        MadeUpPledge(
            "on-foot",
            "wharfside",
            "nadia.haddad",
            days(4),
            "released",
            128,
            "A week of our tree officer, to see how you do it.",
            authorised_days_ago=125,
            authoriser="marcus.greenidge",
            accepted_days_ago=122,
            answerer="iain.drummond",
            from_in_days=-80,
            to_in_days=40,
            acts=(
                act(
                    30,
                    "iain.drummond",
                    "release",
                    reason="Their tree officer has left and it is a day's journey. We have found somebody nearer.",
                ),
            ),
        ),
        MadeUpPledge(
            "on-foot",
            "lough-derrin",
            "orla.mckeever",
            days(2),
            "committed",
            120,
            "Two days of somebody with good boots.",
            authorised_days_ago=117,
            authoriser="conor.devlin",
            accepted_days_ago=115,
            answerer="iain.drummond",
            from_in_days=-80,
            to_in_days=20,
            acts=(act(10, "iain.drummond", "miss", note="We have waited twice. Has something come up?"),),
        ),
        MadeUpPledge(
            "on-foot",
            "thornmere",
            "hannah.price",
            days(2),
            "lapsed",
            118,
            "If it becomes something that most councils do, so do we.",
            authorised_days_ago=114,
            authoriser="raj.dhillon",
            accepted_days_ago=110,
            answerer="iain.drummond",
            from_in_days=-80,
            to_in_days=40,
            conditions=(MadeUpCondition("councils", 9),),
        ),
    ),
    updates=(
        MadeUpUpdate(
            "31,640 trees",
            cleandoc(
                """
                That is how many the laser counted in Port Ellis. Our list had 11,012. So far we have walked to 402
                of the others. **Nineteen needed something done the same week, and one the same afternoon.**
                """
            ),
            "iain.drummond",
            35,
        ),
    ),
    acts=(
        act(
            145,
            "iain.drummond",
            "measure",
            name="Trees we know of",
            unit="number",
            baseline=(11_012, 150),
            target=(25_000, -30),
        ),
        act(70, "iain.drummond", "move_target", name="Trees we know of", target=(30_000, -30)),
        act(
            62,
            "iain.drummond",
            "read_measure",
            name="Trees we know of",
            value=11_240,
            note="From walking alone, before the flight.",
        ),
        act(35, "iain.drummond", "read_measure", name="Trees we know of", value=31_640),
        act(
            34, "iain.drummond", "measure", name="What it saves on flights of one’s own", kind="benefit", unit="pounds"
        ),
        act(
            30,
            "olu.martins",
            "read_measure",
            name="What it saves on flights of one’s own",
            value=pounds(3_000),
            note="A flight of our own every third year cost £19,000.",
        ),
        act(28, "iain.drummond", "read_measure", name="What it saves on flights of one’s own", value=pounds(4_500)),
    ),
)

EVENT_NOTICES = MadeUpProject(
    key="event-notices",
    title="One form for street parties and fêtes",
    summary="A street party takes four forms in most places and none in some. We are testing one form that sends each "
    "question only to those whom it concerns.",
    problem=cleandoc(
        """
        To close a street for an afternoon somebody here fills in four forms for four teams and gives their address
        eleven times. Of 140 who began last year 61 gave up. We know of at least nine parties that were simply held.

        Most of what we ask, we ask because another form does. With one other council we put all questions on one wall:
        there were 96, and 22 that anybody had ever used an answer to.
        """
    ),
    council="eastmere",
    leads=("daniel.osei",),
    themes=("licensing", "transport-and-highways"),
    phase="alpha",
    status="going_ahead",
    published_days_ago=60,
    decision_in_days=45,
    least_councils=3,
    needs=(
        MadeUpNeed("testing", "time", "Testing the form with people who plan a party", days(10), profession="tester"),
        MadeUpNeed("hosting", "funding", "Two years of the form", pounds(6_000), is_essential=False),
    ),
    pledges=(
        MadeUpPledge(
            "testing",
            "hartsea",
            "grace.adeyemi",
            days(6),
            "committed",
            50,
            "We have eleven fêtes a summer and know all who plan them.",
            authorised_days_ago=47,
            authoriser="peter.lindqvist",
            accepted_days_ago=44,
            answerer="daniel.osei",
            from_in_days=5,
            to_in_days=60,
        ),
        MadeUpPledge(
            "testing",
            "tallow-bridge",
            "lucy.entwistle",
            days(5),
            "committed",
            42,
            "Five days, best in one week.",
            authorised_days_ago=39,
            authoriser="kevin.ashworth",
            accepted_days_ago=37,
            answerer="daniel.osei",
            from_in_days=5,
            to_in_days=60,
        ),
        MadeUpPledge(
            "hosting",
            "oakenfell",
            "beth.collingwood",
            pounds(3_000),
            "accepted",
            30,
            "Half of it, once the other half is nearly there.",
            authorised_days_ago=27,
            authoriser="dev.chaudhry",
            capacity="chief-finance-officer",
            accepted_days_ago=25,
            answerer="daniel.osei",
            spending="revenue",
            conditions=(MadeUpCondition("total", pounds(5_000), unit="funding"),),
        ),
        MadeUpPledge(
            "hosting",
            "wexcombe",
            "martin.quick",
            pounds(1_500),
            "authorised",
            12,
            "We had a form like this once and lost it with the old website.",
            authorised_days_ago=9,
            capacity="head-of-service",
            named=MadeUpPerson("carol.trewin", "Carol Trewin", "Head of customer services"),
            spending="revenue",
            acts=(
                act(7, "daniel.osei", "ask_back", words="May we put your name on the form's first page?"),
                act(6, "martin.quick", "reply", words="Please do, and the Welsh for it, since we are on the border."),
            ),
        ),
    ),
    acts=(
        act(
            34,
            "daniel.osei",
            "change_terms",
            least_councils=2,
            reason="Three councils were our guess. With the two we have, half of the parties in the county are in.",
        ),
        act(8, "daniel.osei", "go_ahead"),
    ),
)

BOOK_COURIER = MadeUpProject(
    key="book-courier",
    title="A van for library books across three councils",
    summary="Readers could ask for a book from any of three councils and have it on Thursday. After four months and "
    "212 books we stopped, and say why.",
    problem=cleandoc(
        """
        Our readers ask for about 90 books a week that a neighbour has and we do not. By post a book takes eleven days
        and costs £4.10. A van that went round once a week would cost less from 40 books a week on.
        """
    ),
    council="tallow-bridge",
    leads=("farah.siddiqui",),
    themes=("libraries",),
    phase="alpha",
    status="stopped",
    published_days_ago=160,
    decision_in_days=-95,
    least_councils=1,
    needs=(MadeUpNeed("van", "funding", "The first year of the van", pounds(9_000)),),
    pledges=(
        MadeUpPledge(
            "van",
            "glan-aur",
            "sian.bevan",
            pounds(5_000),
            "released",
            150,
            "Most of our Welsh books are in one library, and their readers are not.",
            authorised_days_ago=147,
            authoriser="rhodri.vaughan",
            capacity="budget-holder",
            accepted_days_ago=145,
            answerer="farah.siddiqui",
            spending="revenue",
            acts=(
                act(60, "sian.bevan", "deliver", amount=pounds(2_000), on_days_ago=62, note="The first five months."),
                act(58, "farah.siddiqui", "agree"),
            ),
        ),
        MadeUpPledge(
            "van",
            "eastmere",
            "ruth.calloway",
            pounds(4_000),
            "delivered",
            148,
            "Out of what we spend on the post.",
            authorised_days_ago=144,
            authoriser="meera.joshi",
            capacity="budget-holder",
            accepted_days_ago=142,
            answerer="farah.siddiqui",
            spending="revenue",
            acts=(
                act(70, "ruth.calloway", "deliver", amount=pounds(4_000), on_days_ago=72, note="For the whole year."),
                act(66, "farah.siddiqui", "agree"),
            ),
        ),
        MadeUpPledge(
            "van",
            "thornmere",
            "hannah.price",
            pounds(1_000),
            "lapsed",
            34,
            "If the van may come by on its way back.",
            authorised_days_ago=30,
            authoriser="raj.dhillon",
            capacity="budget-holder",
            spending="revenue",
        ),
    ),
    acts=(
        act(
            22,
            "farah.siddiqui",
            "stop",
            reason="The van carried 13 books a week where 40 would have paid for it. Readers did not know that they "
            "could ask. We will begin again with the catalogue and not with a van.",
        ),
    ),
)

SIGNS_OUTCOME = cleandoc(
    """
    Since then **412 signs went up and three came back**. A sign now goes through two hands. The template has
    380 words in both languages, and Port Ellis has begun to add a third.

    What we would do differently: we asked the printers last. They knew all along which signs came back.
    """
)

BILINGUAL_SIGNS = MadeUpProject(
    key="bilingual-signs",
    title="Signs in two languages from one template",
    summary="A sign in Welsh and English went through five hands and came back with a mistake one time in eight. Three "
    "councils made one template that knows the words.",
    problem=cleandoc(
        """
        We put up about 600 signs a year. Each is written, translated, laid out, checked and printed by five people. Of
        those we counted, 77 came back wrong: a missing circumflex, two languages on one line, the wrong one first.
        """
    ),
    council="glan-aur",
    leads=("elin.prydderch",),
    themes=("digital-and-customer-services",),
    phase="live",
    status="finished",
    published_days_ago=200,
    decision_in_days=-120,
    least_councils=1,
    needs=(MadeUpNeed("words", "time", "Collecting and checking the words", days(10), profession="content-designer"),),
    pledges=(
        MadeUpPledge(
            "words",
            "port-ellis",
            "catriona.macinnes",
            days(6),
            "delivered",
            190,
            "We do the same in Gaelic and would like the template.",
            authorised_days_ago=187,
            authoriser="ewan.baird",
            accepted_days_ago=185,
            answerer="elin.prydderch",
            from_in_days=-170,
            to_in_days=-110,
            acts=(
                act(130, "catriona.macinnes", "deliver", amount=days(6), on_days_ago=131, note="412 words."),
                act(128, "elin.prydderch", "agree"),
            ),
        ),
        MadeUpPledge(
            "words",
            "northborough",
            "aisha.bello",
            days(4),
            "committed",
            188,
            "For the English, which is the harder half.",
            authorised_days_ago=184,
            authoriser="tom.hargreaves",
            accepted_days_ago=182,
            answerer="elin.prydderch",
            from_in_days=-170,
            to_in_days=-110,
            acts=(
                act(126, "aisha.bello", "deliver", amount=days("3.5"), on_days_ago=127, note="All but the car parks."),
                act(124, "elin.prydderch", "agree"),
            ),
        ),
    ),
    outcome=SIGNS_OUTCOME,
    acts=(
        act(170, "elin.prydderch", "go_ahead"),
        act(95, "elin.prydderch", "finish", outcome=SIGNS_OUTCOME),
    ),
)

PROJECTS: tuple[MadeUpProject, ...] = (
    LETTER_CLINIC, TREES_FROM_ABOVE, EVENT_NOTICES, BOOK_COURIER, BILINGUAL_SIGNS,
)  # fmt: skip
