"""Made-up projects in which councils wait for each other: a sum a penny short, a pair, a staircase of three.

And one that lapsed and was posted again, in which an answer of the leads is all that is missing.
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

TWENTY_THOUSAND_IN_ALL = MadeUpCondition("total", pounds(20_000), unit="funding")

INTERPRETERS = MadeUpProject(
    key="interpreters",
    title="One pool of interpreters for seven languages",
    summary="A mother waits nine days for somebody who speaks Dari, though an interpreter two councils away has an "
    "empty afternoon. We want one list, one way of booking and one rate.",
    problem=cleandoc(
        """
        We booked 2,310 interpreters last year through three agencies. For the four languages asked for most we waited
        two days; for the next seven it was nine. Our neighbours use the same 60 people through other agencies and pay
        between £22 and £41 an hour for them.

        We asked the interpreters. What they want is not more money but fewer empty hours between bookings. A shared
        list would give them that, and it only pays for itself if several councils are on it from the first day.
        """
    ),
    council="tallow-bridge",
    leads=("lucy.entwistle",),
    themes=("digital-and-customer-services", "community-and-voluntary"),
    phase="discovery",
    status="open",
    published_days_ago=33,
    first_decision_in_days=30,
    decision_in_days=58,
    least_councils=2,
    needs=(
        MadeUpNeed(
            "first-year",
            "funding",
            "The first year of the shared list",
            pounds(20_000),
            description="Somebody to keep the list and answer the telephone, three days a week for a year.",
        ),
        MadeUpNeed(
            "booking",
            "time",
            "Trying out one way of booking",
            days(6),
            is_essential=False,
            profession="service-manager",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "first-year",
            "hartsea",
            "olu.martins",
            499_999,
            "accepted",
            26,
            "What is left of this year's budget for interpreting, to the penny.",
            authorised_days_ago=24,
            authoriser="peter.lindqvist",
            capacity="budget-holder",
            accepted_days_ago=22,
            answerer="lucy.entwistle",
            spending="revenue",
        ),
        MadeUpPledge(
            "first-year",
            "oakenfell",
            "beth.collingwood",
            pounds(8_000),
            "authorised",
            20,
            "We are in as soon as it is sure that somebody will answer that telephone for a year.",
            authorised_days_ago=17,
            authoriser="dev.chaudhry",
            capacity="chief-finance-officer",
            spending="revenue",
            conditions=(TWENTY_THOUSAND_IN_ALL,),
        ),
        MadeUpPledge(
            "first-year",
            "northborough",
            "gareth.lowe",
            pounds(7_000),
            "accepted",
            19,
            "On the same terms as Oakenfell: all of it, or we keep our agency for another year.",
            authorised_days_ago=15,
            authoriser="tom.hargreaves",
            capacity="budget-holder",
            accepted_days_ago=12,
            answerer="lucy.entwistle",
            spending="revenue",
            conditions=(TWENTY_THOUSAND_IN_ALL,),
        ),
        MadeUpPledge(
            "booking",
            "wexcombe",
            "jo.penhale",
            days(2),
            "offered",
            6,
            "I book about six a month. I would gladly try another way for two days.",
            from_in_days=62,
            to_in_days=90,
            named=MadeUpPerson("carol.trewin", "Carol Trewin", "Head of customer services"),
        ),
    ),
    updates=(
        MadeUpUpdate(
            "What sixty interpreters told us",
            cleandoc(
                """
                Forty-four of the sixty answered. **Thirty-one drive more than an hour for a booking of half an hour**,
                and are paid for the half hour. Nobody had ever asked them which afternoons are empty.
                """
            ),
            "lucy.entwistle",
            16,
        ),
        MadeUpUpdate(
            "A week of bookings, name by name",
            cleandoc(
                """
                To show how the hours fall, here is one week of bookings as the agency sent it to us, with who was seen
                where.
                """
            ),
            "lucy.entwistle",
            12,
        ),
    ),
    acts=(
        act(
            12,
            "miriam.stone",
            "hide_update",
            update="A week of bookings, name by name",
            reason="It names the people who were interpreted for. Publish the hours without the names.",
        ),
        act(
            14,
            "catriona.macinnes",
            "comment",
            update="What sixty interpreters told us",
            text="Ours say the same. Did you ask them about **travelling together**? Two of ours share a car.",
        ),
        act(
            13,
            "lucy.entwistle",
            "comment",
            update="What sixty interpreters told us",
            text="We did not, and will. May I ring you about it?",
            mention="catriona.macinnes",
        ),
        act(
            6,
            "beth.collingwood",
            "comment",
            update="What sixty interpreters told us",
            text="My brother runs an agency that does all this already, at very good rates. Ask me.",
        ),
        act(
            5,
            "hannah.price",
            "report_comment",
            by="beth.collingwood",
            reason="advertising",
            words="This is for a family business.",
        ),
        act(
            15,
            "hannah.price",
            "take_interest",
            message="We have the same three agencies. Our budget is fixed until April, but we would like to be told.",
            is_named=True,
        ),
        act(
            13,
            "lucy.entwistle",
            "answer",
            officer="hannah.price",
            words="Thank you. April is soon enough: the list can grow once it is there. I will send you the rates.",
        ),
        act(11, "sam.whitlock", "follow"),
        act(
            9,
            "lucy.entwistle",
            "move_date",
            to_in_days=58,
            reason="Two councils told us that their committees meet three weeks after the day we had set.",
        ),
        act(
            1,
            "catriona.macinnes",
            "take_interest",
            kind="conversation",
            message="Would the list take interpreters of British Sign Language, too? Then I know of four.",
        ),
    ),
)

OUT_OF_HOURS = MadeUpProject(
    key="out-of-hours",
    title="One telephone number after five o'clock",
    summary="After five each of us pays somebody to sit by a telephone that rings four times a night. Three councils "
    "together could have two people who know what they are doing.",
    problem=cleandoc(
        """
        Our out-of-hours line took 1,406 calls last year, four a night. Each night one officer sits up for it, on a rota
        that nobody wants to be on. A third of the calls are for somebody else: the water company, the police, the
        council next door.

        One team for three councils would cost each of them half as much and have two people awake. But whoever goes
        first has to give notice to their own rota before knowing that anybody else will.
        """
    ),
    council="hartsea",
    leads=("olu.martins",),
    themes=("digital-and-customer-services",),
    phase="concept",
    status="open",
    published_days_ago=24,
    decision_in_days=66,
    least_councils=2,
    needs=(
        MadeUpNeed(
            "nights",
            "time",
            "Sitting in with our team for a month of nights",
            days(12),
            profession="service-manager",
            description="To see what is asked, and what each council would have answered.",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "nights",
            "wharfside",
            "yusuf.demir",
            days(6),
            "authorised",
            15,
            "We give notice to nobody before another council is in. With one other we would begin at once.",
            authorised_days_ago=11,
            authoriser="marcus.greenidge",
            from_in_days=70,
            to_in_days=100,
            conditions=(MadeUpCondition("councils", 1),),
        ),
        MadeUpPledge(
            "nights",
            "oakenfell",
            "beth.collingwood",
            days(6),
            "offered",
            4,
            "Just like Wharfside: not as the first, but gladly as the second.",
            from_in_days=70,
            to_in_days=100,
            conditions=(MadeUpCondition("councils", 1),),
        ),
    ),
    acts=(
        act(
            10,
            "hannah.price",
            "ask_in",
            message="I ran an out-of-hours line for six years and kept the scripts. I would like to help write these.",
        ),
        act(8, "olu.martins", "let_in", officer="hannah.price", words="Yes, please. Bring the scripts."),
        act(7, "nadia.haddad", "follow"),
    ),
)

NIGHT_VISITS = MadeUpProject(
    key="night-visits",
    title="A shared rota for dangerous buildings",
    summary="When a wall comes down at night, a council needs a surveyor within the hour. Few of us have more than "
    "two. We want a rota that several councils share.",
    problem=cleandoc(
        """
        We were called to 38 dangerous structures last year, 21 of them at night. We have two surveyors who may say
        that a street has to be closed. Last February both were ill in the same week.

        Six councils lie within forty minutes of each other by road, and between them they have eleven such people.
        One week in eleven is bearable. One in two is not, and that is why the last three left.
        """
    ),
    council="lough-derrin",
    leads=("orla.mckeever",),
    themes=("planning", "community-safety"),
    phase="discovery",
    status="open",
    published_days_ago=21,
    decision_in_days=75,
    least_councils=4,
    needs=(
        MadeUpNeed(
            "rota",
            "time",
            "Writing the rota, the rules and the insurance",
            days(16),
            profession="policy-officer",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "rota",
            "eastmere",
            "sam.whitlock",
            days(4),
            "authorised",
            14,
            "As long as one other council takes it as seriously as we do.",
            authorised_days_ago=12,
            authoriser="meera.joshi",
            from_in_days=80,
            to_in_days=110,
            conditions=(MadeUpCondition("councils", 1),),
        ),
        MadeUpPledge(
            "rota",
            "glan-aur",
            "sian.bevan",
            days(4),
            "authorised",
            12,
            "With two others a rota is worth writing down.",
            authorised_days_ago=9,
            authoriser="rhodri.vaughan",
            from_in_days=80,
            to_in_days=110,
            conditions=(MadeUpCondition("councils", 2),),
        ),
        MadeUpPledge(
            "rota",
            "port-ellis",
            "catriona.macinnes",
            days(4),
            "authorised",
            9,
            "We are the furthest away. With three others our week comes round seldom enough.",
            authorised_days_ago=6,
            authoriser="ewan.baird",
            from_in_days=80,
            to_in_days=110,
            conditions=(MadeUpCondition("councils", 3),),
        ),
    ),
    acts=(act(5, "beth.collingwood", "follow"),),
)

EVENINGS = (
    MadeUpNeed(
        "evenings",
        "time",
        "Officers who can go out on a Friday or Saturday evening",
        days(24),
        profession="service-manager",
    ),
)

NIGHT_NOISE = MadeUpProject(
    key="night-noise",
    title="Night-time noise, answered the same night",
    summary="Somebody who cannot sleep rings us and hears that an officer will call on Tuesday. We wanted one team for "
    "several councils that goes out while the noise is there.",
    problem=cleandoc(
        """
        We had 3,120 complaints about noise at night last year. An officer heard the noise in 88 cases. In all others
        we sent a diary to fill in, and most people gave up on page two.

        One council alone cannot pay for a car and two officers on every night of the week. Four could.
        """
    ),
    council="wharfside",
    leads=("yusuf.demir",),
    themes=("public-health", "community-safety"),
    phase="concept",
    status="lapsed",
    published_days_ago=125,
    decision_in_days=-38,
    least_councils=2,
    needs=EVENINGS,
    pledges=(
        MadeUpPledge(
            "evenings",
            "northborough",
            "gareth.lowe",
            days(5),
            "lapsed",
            110,
            "Our tenants ring about little else between May and September.",
            authorised_days_ago=106,
            authoriser="tom.hargreaves",
            accepted_days_ago=104,
            answerer="yusuf.demir",
            from_in_days=-30,
            to_in_days=30,
        ),
        MadeUpPledge(
            "evenings",
            "hartsea",
            "olu.martins",
            days(4),
            "lapsed",
            60,
            "Four evenings, and the van if nobody else needs it.",
            authorised_days_ago=55,
            authoriser="peter.lindqvist",
            from_in_days=-30,
            to_in_days=30,
        ),
    ),
    acts=(
        act(
            90,
            "catriona.macinnes",
            "take_interest",
            message="In the holidays our harbour is one long party. We have nobody to send either.",
        ),
        act(
            87,
            "yusuf.demir",
            "answer",
            officer="catriona.macinnes",
            words="You are too far away for the car, but please take the questions we ask on the telephone.",
        ),
    ),
)

NOISE_EVENINGS = MadeUpProject(
    key="noise-evenings",
    title="Night-time noise, one evening at a time",
    summary="Seven nights a week were too much to ask for. On Fridays and Saturdays alone we could go out to two "
    "thirds of those who ring us, and this time we ask for just those.",
    problem=cleandoc(
        """
        We asked for a team on every night of the week, and it did not come together. Councils told us
        why: nobody can promise a Tuesday in November.

        So we counted again. **Of 3,120 complaints 2,040 came on a Friday or a Saturday.** Two officers and a car on
        those two evenings, for twelve weeks, would tell us whether going out at once makes people ring again less.
        """
    ),
    council="wharfside",
    leads=("yusuf.demir",),
    themes=("public-health", "community-safety"),
    phase="discovery",
    status="open",
    published_days_ago=18,
    decision_in_days=61,
    least_councils=2,
    continues="night-noise",
    needs=EVENINGS,
    pledges=(
        MadeUpPledge(
            "evenings",
            "hartsea",
            "olu.martins",
            days(14),
            "accepted",
            14,
            "Fourteen Fridays we can promise. It was the Tuesdays.",
            authorised_days_ago=11,
            authoriser="peter.lindqvist",
            accepted_days_ago=9,
            answerer="yusuf.demir",
            from_in_days=65,
            to_in_days=150,
        ),
        MadeUpPledge(
            "evenings",
            "northborough",
            "gareth.lowe",
            days(8),
            "accepted",
            12,
            "We were in the last time and still are.",
            authorised_days_ago=8,
            authoriser="tom.hargreaves",
            accepted_days_ago=6,
            answerer="yusuf.demir",
            from_in_days=65,
            to_in_days=150,
        ),
        MadeUpPledge(
            "evenings",
            "oakenfell",
            "beth.collingwood",
            days(2),
            "authorised",
            3,
            "Two Saturdays of somebody who has done this before.",
            authorised_days_ago=3,
            from_in_days=65,
            to_in_days=150,
        ),
    ),
    acts=(
        act(4, "yusuf.demir", "invite", officer="catriona.macinnes"),
        act(2, "priya.raman", "follow"),
    ),
)

PROJECTS: tuple[MadeUpProject, ...] = (INTERPRETERS, OUT_OF_HOURS, NIGHT_VISITS, NIGHT_NOISE, NOISE_EVENINGS)
