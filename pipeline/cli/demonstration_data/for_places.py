"""Made-up projects about places: plans, bins, roads, rivers, buildings, streets."""

from inspect import cleandoc

from pipeline.cli.demonstration_data.shapes import (
    MadeUpNeed,
    MadeUpPledge,
    MadeUpProject,
    MadeUpUpdate,
    act,
    days,
    pounds,
)

LOCAL_PLAN_COMMENTS = MadeUpProject(
    key="local-plan-comments",
    title="Local plan comments that planners can read in a week",
    summary="A way to sort thousands of comments on a draft plan by place and subject, with every comment still read "
    "by a person, and an answer to everybody who wrote.",
    problem=cleandoc(
        """
        Our last consultation on the local plan brought 6,812 comments. Three planners spent eleven weeks copying them
        into a spreadsheet by policy number. Most people had not given one: they wrote about *the field behind the
        school* or *the doctors*. By the time we published a summary, the people who had written thought that we had
        thrown their letters away.

        Many councils have to consult on a plan in the next two years. We want to try three ways of sorting comments:
        better questions at the start, a map to point at, and software that suggests a subject for a planner to
        confirm. We will measure each against 500 comments that two planners have sorted by hand.

        One thing is settled before we begin: **no comment will be summarised by a machine and left unread.**
        """
    ),
    council="eastmere",
    leads=("daniel.osei",),
    team=("sam.whitlock",),
    themes=("planning", "democracy-and-engagement"),
    phase="discovery",
    status="open",
    published_days_ago=52,
    decision_in_days=40,
    needs=(
        MadeUpNeed(
            "research",
            "time",
            "Talking to people who commented, and to people who did not",
            days(15),
            profession="user-researcher",
        ),
        MadeUpNeed(
            "design",
            "time",
            "Designing the questions and the map",
            days(12),
            profession="interaction-designer",
        ),
        MadeUpNeed(
            "sorting",
            "time",
            "Sorting 500 comments by hand, so that we have something to measure against",
            days(10),
            profession="policy-officer",
            is_capped=True,
            description="Two planners from different councils sort the same 500. Where they differ is a finding.",
        ),
        MadeUpNeed(
            "venue",
            "in_kind",
            "Rooms for evening meetings in market towns",
            8,
            is_essential=False,
            thing="evening room bookings",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "research",
            "wharfside",
            "nadia.haddad",
            days(8),
            "accepted",
            43,
            "We consult on our own plan next autumn and would rather learn on yours.",
            authorised_days_ago=40,
            authoriser="marcus.greenidge",
            accepted_days_ago=39,
            answerer="daniel.osei",
            from_in_days=45,
            to_in_days=85,
        ),
        MadeUpPledge(
            "research",
            "northborough",
            "priya.raman",
            days(5),
            "authorised",
            4,
            "One of our researchers has spent the year on planning applications and knows who never turns up.",
            authorised_days_ago=2,
            authoriser="tom.hargreaves",
            from_in_days=50,
            to_in_days=80,
        ),
        MadeUpPledge(
            "sorting",
            "thornmere",
            "hannah.price",
            days(5),
            "accepted",
            29,
            "A planner here has offered to do this and is looking forward to it, which surprised me.",
            authorised_days_ago=25,
            authoriser="raj.dhillon",
            accepted_days_ago=23,
            answerer="daniel.osei",
            from_in_days=42,
            to_in_days=60,
        ),
        MadeUpPledge(
            "sorting",
            "lough-derrin",
            "orla.mckeever",
            days(5),
            "authorised",
            10,
            "Our plan is at the same stage as yours. The law is different and the comments are not.",
            authorised_days_ago=3,
            authoriser="conor.devlin",
            from_in_days=42,
            to_in_days=60,
        ),
        MadeUpPledge(
            "design",
            "tallow-bridge",
            "farah.siddiqui",
            days(6),
            "offered",
            6,
            "Our designer made the map for the cycling plan, the one that people drew 3,000 lines on.",
            from_in_days=45,
            to_in_days=75,
        ),
        MadeUpPledge(
            "venue",
            "wexcombe",
            "jo.penhale",
            2,
            "offered",
            12,
            "Our two community rooms are free on Tuesdays, if anybody wants to try this further west.",
            worth_pence=pounds(120),
        ),
    ),
    updates=(
        MadeUpUpdate(
            "How people say where",
            cleandoc(
                """
                We read 200 of the comments again, only for how people name a place. Of these, **112 used a landmark**
                (the church, the old dairy, "by the roundabout"), 51 a street, 24 a village and 13 a policy number. No
                form we have seen lets people answer in the first way.
                """
            ),
            "daniel.osei",
            33,
        ),
        MadeUpUpdate(
            "Three ways to try, and how we will judge them",
            cleandoc(
                """
                - **Better questions.** Ask "where?" and "what would you change?" apart.
                - **A map.** Point first, then write.
                - **A suggestion.** Software proposes a subject; a planner says yes or no.

                Each is judged on three things: minutes of a planner's time for each comment, how often two planners
                agree, and whether people who wrote say they were understood. A fourth may be added if you think of
                one.
                """
            ),
            "daniel.osei",
            14,
        ),
    ),
)

MISSED_BINS = MadeUpProject(
    key="missed-bins",
    title="Missed bins: told once, and seen by the crew",
    summary="A missed bin is reported four times on average before it is collected. We want one report to reach the "
    "cab of the right lorry, in councils that use contractors as well as those that do not.",
    problem=cleandoc(
        """
        Last year 9,400 calls to us were about missed bins, out of a quarter of a million collections a month. That is
        not many, until you look closer: they came from 2,350 homes. People ring, then ring again to ask whether it
        was written down.

        It was written down, in our system. The contractor works from its own, and somebody types the one into the
        other at half past three each day. A report made at four o'clock is seen the day after tomorrow. Meanwhile,
        one report in three is about a bin that was never put out, which the crew knew and could not tell us.
        """
    ),
    council="wexcombe",
    leads=("martin.quick",),
    team=("jo.penhale",),
    themes=("waste-and-recycling", "digital-and-customer-services"),
    phase="discovery",
    status="open",
    published_days_ago=34,
    decision_in_days=75,
    needs=(
        MadeUpNeed(
            "mapping",
            "time",
            "Following a report from the doorstep to the cab in three councils",
            days(14),
            profession="business-analyst",
        ),
        MadeUpNeed(
            "contract",
            "time",
            "Words to put in a waste contract so that the data is ours",
            days(5),
            profession="procurement-officer",
            is_capped=True,
        ),
        MadeUpNeed(
            "research",
            "time",
            "A morning in the cab with each of three crews",
            days(6),
            profession="user-researcher",
            is_essential=False,
        ),
    ),
    pledges=(
        MadeUpPledge(
            "mapping",
            "eastmere",
            "ruth.calloway",
            days(5),
            "accepted",
            25,
            "We have the same contractor and the same half past three.",
            authorised_days_ago=22,
            authoriser="meera.joshi",
            accepted_days_ago=20,
            answerer="martin.quick",
            from_in_days=80,
            to_in_days=110,
        ),
        MadeUpPledge(
            "mapping",
            "northborough",
            "priya.raman",
            days(4),
            "offered",
            3,
            "Our crews are our own, so you would have both sorts to compare.",
            from_in_days=80,
            to_in_days=105,
        ),
        MadeUpPledge(
            "contract",
            "oakenfell",
            "beth.collingwood",
            days(5),
            "accepted",
            19,
            "Our buyers let a waste contract last year and fought over this clause. You may have what we ended with.",
            authorised_days_ago=16,
            authoriser="dev.chaudhry",
            accepted_days_ago=14,
            answerer="martin.quick",
            from_in_days=78,
            to_in_days=100,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "A morning in the cab",
            cleandoc(
                """
                I went out with the crew of round 7 at ten to six. In four hours they wrote on paper, with gloves on,
                that eleven bins were not out, three streets were blocked and one gate was locked. The paper goes to
                the depot. **Nobody who answers our phones has ever seen it.**
                """
            ),
            "martin.quick",
            21,
        ),
    ),
    acts=(
        act(9, "olu.martins", "list_spare", kind="in_kind", thing="Meeting room", amount=2, to_in_days=120),
        act(8, "iain.drummond", "list_spare", kind="time", profession="developer", amount=20, to_in_days=150),
        act(7, "sam.whitlock", "list_spare", kind="time", profession="user-researcher", amount=12, to_in_days=120),
        act(
            5,
            "miriam.stone",
            "introduce",
            council="wexcombe",
            other="eastmere",
            need="A morning in the cab with each of three crews",
            message="Eastmere has a user researcher with six days to spare until spring. Wexcombe needs one in the cab "
            "of three bin lorries. You would learn from each other.",
        ),
    ),
)

POTHOLES = MadeUpProject(
    key="pothole-reports",
    title="Pothole reports that reach the council that mends the road",
    summary="Where a county looks after roads and districts answer the phone, one report in five goes to the wrong "
    "place. We are building the hand-over once, for both sorts of council.",
    problem=cleandoc(
        """
        Last year 44,000 people told us about a hole in a road. A further 10,700 told their district council, which
        has no roads, and were asked to start again with us. We know that many did not: when we compared a month's
        calls in two districts with our own reports, **four in ten had never reached us**.

        Nobody should need to know which council mends what. A small service that takes a place and a photograph,
        works out whose it is, and sends it there with a reference the person can use at either council, would put
        this right. Districts told us that they will not use it if it means another screen. So it has to fit into
        theirs.
        """
    ),
    council="hartsea",
    leads=("olu.martins",),
    themes=("transport-and-highways", "digital-and-customer-services"),
    phase="beta",
    status="open",
    published_days_ago=88,
    decision_in_days=12,
    needs=(
        MadeUpNeed(
            "districts",
            "time",
            "Putting the hand-over into a district's own contact system",
            days(18),
            profession="developer",
        ),
        MadeUpNeed(
            "hosting",
            "funding",
            "Running the hand-over for two years",
            pounds(9_000),
            is_capped=True,
        ),
        MadeUpNeed(
            "owner",
            "time",
            "Somebody to look after what districts ask for",
            days(12),
            is_essential=False,
            profession="product-manager",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "districts",
            "eastmere",
            "ruth.calloway",
            days(9),
            "accepted",
            70,
            "We answer about 2,000 of those calls. Our developer can do our system and write down how.",
            authorised_days_ago=66,
            authoriser="meera.joshi",
            accepted_days_ago=63,
            answerer="olu.martins",
            from_in_days=20,
            to_in_days=70,
        ),
        MadeUpPledge(
            "districts",
            "thornmere",
            "hannah.price",
            days(6),
            "accepted",
            48,
            "Our contact system is the other common one, so between us and Eastmere most districts are covered.",
            authorised_days_ago=44,
            authoriser="raj.dhillon",
            accepted_days_ago=41,
            answerer="olu.martins",
            from_in_days=20,
            to_in_days=60,
        ),
        MadeUpPledge(
            "districts",
            "wharfside",
            "yusuf.demir",
            days(3),
            "authorised",
            9,
            "We are not a district, but I wrote the piece that works out whose road it is for the main roads in "
            "London.",
            authorised_days_ago=4,
            authoriser="marcus.greenidge",
            from_in_days=20,
            to_in_days=35,
        ),
        MadeUpPledge(
            "hosting",
            "eastmere",
            "sam.whitlock",
            pounds(4_500),
            "accepted",
            56,
            "Half of two years, on condition of nothing but a yearly note of what it cost.",
            authorised_days_ago=50,
            authoriser="meera.joshi",
            capacity="budget-holder",
            accepted_days_ago=49,
            answerer="olu.martins",
            spending="revenue",
        ),
        MadeUpPledge(
            "hosting",
            "thornmere",
            "hannah.price",
            pounds(2_500),
            "withdrawn",
            35,
            "Our customer services budget can bear this much.",
            ended_days_ago=32,
            spending="revenue",
        ),
        MadeUpPledge(
            "owner",
            "tallow-bridge",
            "lucy.entwistle",
            days(4),
            "declined",
            60,
            "I could give a day a month until the summer.",
            authorised_days_ago=57,
            authoriser="kevin.ashworth",
            ended_days_ago=53,
            answerer="olu.martins",
            reason="Thank you, and we would have liked to. The districts asked that it be somebody from a district, "
            "because they will be the ones who ask for changes.",
            from_in_days=20,
            to_in_days=140,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Whose road is it? Right 97 times in a hundred",
            cleandoc(
                """
                We ran 2,000 old reports through the new hand-over. It named the right council for 1,944. Of the 56 it
                got wrong, 38 were on footpaths and 11 on a bridge that belongs to the railway. It now asks a person
                when the place is within ten metres of a footpath.
                """
            ),
            "olu.martins",
            59,
        ),
        MadeUpUpdate(
            "What two years of running it costs",
            cleandoc(
                """
                £9,000 in all: £5,200 for hosting and the map, £1,800 for monitoring, £2,000 set aside for putting
                things right. We left our own people out, because we would have to mend the roads anyway.
                """
            ),
            "olu.martins",
            37,
        ),
    ),
)

BURN_SENSORS = MadeUpProject(
    key="burn-sensors",
    title="Cheap water-level sensors for small burns and brooks",
    summary="Big rivers have gauges; the burns that flood the streets behind them have none. Forty sensors at £90 "
    "each, one open map, and a text message before the water reaches the door.",
    problem=cleandoc(
        """
        In the floods two winters ago the main river never left its banks. The water came down four burns that nobody
        measures, and 61 homes were flooded between two and five in the morning. The first warning was the water.

        A gauge of the kind used on big rivers costs about £14,000. We have built one from parts for £90 that measures
        the level every ten minutes and runs for a year on a battery. Six of them survived last winter; one was eaten
        by a cow. What we need now is enough of them, in different kinds of water, to know how much to trust them.
        """
    ),
    council="port-ellis",
    leads=("iain.drummond",),
    team=("catriona.macinnes",),
    themes=("environment-and-climate", "community-safety"),
    phase="alpha",
    status="open",
    published_days_ago=58,
    decision_in_days=25,
    needs=(
        MadeUpNeed(
            "sensors",
            "in_kind",
            "Sensors in the water for one winter",
            40,
            is_capped=True,
            thing="water-level sensors",
            description="We send the parts list and the drawings. You build them or buy them, and choose the burn.",
        ),
        MadeUpNeed(
            "data",
            "time",
            "One open map of all the levels",
            days(10),
            profession="data-engineer",
        ),
        MadeUpNeed(
            "wardens",
            "time",
            "Agreeing when a reading becomes a warning",
            days(6),
            is_essential=False,
            profession="service-manager",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "sensors",
            "lough-derrin",
            "orla.mckeever",
            15,
            "accepted",
            49,
            "Our technical college has built four already and would like to build more.",
            authorised_days_ago=45,
            authoriser="conor.devlin",
            accepted_days_ago=44,
            answerer="iain.drummond",
            worth_pence=pounds(1_350),
        ),
        MadeUpPledge(
            "sensors",
            "glan-aur",
            "elin.prydderch",
            12,
            "accepted",
            41,
            "For the brooks above the town. The farmers have been asked about cows.",
            authorised_days_ago=37,
            authoriser="rhodri.vaughan",
            accepted_days_ago=35,
            answerer="iain.drummond",
            worth_pence=pounds(1_080),
        ),
        MadeUpPledge(
            "sensors",
            "oakenfell",
            "beth.collingwood",
            8,
            "accepted",
            28,
            "Our flood team asked me to offer eight. They have the burns picked out on a map.",
            authorised_days_ago=25,
            authoriser="dev.chaudhry",
            accepted_days_ago=23,
            answerer="iain.drummond",
            worth_pence=pounds(720),
        ),
        MadeUpPledge(
            "sensors",
            "tallow-bridge",
            "colin.brindle",
            5,
            "authorised",
            13,
            "Five for the culverts under the old mill, which is where our water comes from.",
            authorised_days_ago=5,
            authoriser="kevin.ashworth",
            worth_pence=pounds(450),
        ),
        MadeUpPledge(
            "data",
            "wharfside",
            "yusuf.demir",
            days(6),
            "accepted",
            36,
            "I have built this map once, for air quality. The water is the easier of the two.",
            authorised_days_ago=33,
            authoriser="marcus.greenidge",
            accepted_days_ago=30,
            answerer="iain.drummond",
            from_in_days=30,
            to_in_days=75,
        ),
        MadeUpPledge(
            "wardens",
            "northborough",
            "gareth.lowe",
            days(3),
            "refused",
            24,
            "I ran our flood rota for six years before I came to repairs.",
            ended_days_ago=19,
            authoriser="tom.hargreaves",
            reason="Your time is promised to our own repairs form until the spring. Do ask me again then.",
            from_in_days=30,
            to_in_days=60,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Six sensors, one winter, one cow",
            cleandoc(
                """
                Between October and March the six sensors took 156,000 readings and missed 2% of them, mostly in one
                week of hard frost. On the night of 9 January the one above the school saw the burn rise 40 cm in 50
                minutes. That would have been a warning of an hour and a half.

                The cow is well. The sensor now sits inside a drainpipe.
                """
            ),
            "iain.drummond",
            46,
        ),
        MadeUpUpdate(
            "Parts list, drawings and what to ask a landowner",
            cleandoc(
                """
                Everything needed to build one is here, with the letter we send to landowners. Nobody has said no so
                far. It helps to say that the sensor takes no pictures and hears nothing.
                """
            ),
            "iain.drummond",
            20,
        ),
    ),
    acts=(act(3, "sam.whitlock", "follow_room", title="Sensors in the water for one winter"),),
)

INSPECTIONS = MadeUpProject(
    key="building-inspections",
    title="Booking a building control visit without waiting on the phone",
    summary="Builders ring before eight to ask for a visit the same day. We want to know whether they would book on "
    "a phone from the site, and what an inspector needs to see before saying yes.",
    problem=cleandoc(
        """
        We make 7,900 inspections a year with five inspectors. Requests come by phone between half past seven and half
        past eight, when 60 builders share two lines. A builder who cannot get through either waits a day, which costs
        them, or pours the concrete, which may cost somebody else a great deal more.

        We have looked at three products made for this. Each of them asks the builder to sign up, to choose from a
        list of 40 stages of work, and to be at a desk. We think that this can be much simpler, and we do not want to
        find out alone whether we are right.
        """
    ),
    council="lough-derrin",
    leads=("orla.mckeever",),
    themes=("planning", "economy-and-business"),
    phase="concept",
    status="open",
    published_days_ago=12,
    decision_in_days=110,
    needs=(
        MadeUpNeed(
            "research",
            "time",
            "Mornings on building sites, asking",
            days(8),
            profession="user-researcher",
        ),
        MadeUpNeed(
            "design",
            "time",
            "Drawing a booking that works with gloves on",
            days(8),
            profession="service-designer",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "research",
            "northborough",
            "priya.raman",
            days(3),
            "offered",
            2,
            "A week of mornings, if the sites can be near each other.",
            from_in_days=115,
            to_in_days=135,
        ),
        MadeUpPledge(
            "design",
            "tallow-bridge",
            "farah.siddiqui",
            days(4),
            "authorised",
            8,
            "Our building control manager would lend you his five inspectors to argue with.",
            authorised_days_ago=6,
            authoriser="kevin.ashworth",
            from_in_days=115,
            to_in_days=150,
        ),
    ),
)

PAVEMENT_LICENCES = MadeUpProject(
    key="pavement-licences",
    title="A pavement licence in one sitting",
    summary="A café that wants four tables outside fills in eleven pages and draws a plan. We have made it one short "
    "form with a map to place the tables on, and want to try it in other kinds of street.",
    problem=cleandoc(
        """
        Of 388 applications for a pavement licence last year, 251 came back because the plan was wrong. Café owners
        are not draughtsmen. The average licence took 26 days, and half of our officers' time went on asking for a
        better drawing.

        In our trial people place tables on a map of their own street. It will not let them block the way: it keeps
        two metres clear for wheelchairs and prams, and says why. **Of the first 70, 66 were right first time**, and
        the licence came in six days. Our streets are wide and Victorian. We need to know whether it works in narrow
        ones.
        """
    ),
    council="wharfside",
    leads=("yusuf.demir",),
    team=("nadia.haddad",),
    themes=("licensing", "economy-and-business"),
    phase="beta",
    status="open",
    published_days_ago=61,
    decision_in_days=47,
    needs=(
        MadeUpNeed(
            "streets",
            "time",
            "Trying the form with your own licensing officers and five cafés",
            days(9),
            profession="service-manager",
        ),
        MadeUpNeed(
            "access",
            "funding",
            "Disabled people's organisations to test it on the street",
            pounds(5_400),
            description="Three organisations, three streets each, paid at their own rates.",
        ),
        MadeUpNeed(
            "policy",
            "time",
            "Comparing the rules councils have made for their own streets",
            days(5),
            is_essential=False,
            profession="policy-officer",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "streets",
            "wexcombe",
            "jo.penhale",
            days(3),
            "lapsed",
            50,
            "Two of our market towns have pavements a metre and a half wide. If it works there it works anywhere.",
            ended_days_ago=22,
            from_in_days=50,
            to_in_days=80,
        ),
        MadeUpPledge(
            "streets",
            "northborough",
            "priya.raman",
            days(3),
            "accepted",
            44,
            "Our licensing manager has 40 cafés on the riverside and wants this by Easter.",
            authorised_days_ago=41,
            authoriser="tom.hargreaves",
            accepted_days_ago=40,
            answerer="yusuf.demir",
            from_in_days=50,
            to_in_days=75,
        ),
        MadeUpPledge(
            "access",
            "tallow-bridge",
            "lucy.entwistle",
            pounds(1_800),
            "accepted",
            31,
            "For one organisation and three streets. We know the right one here and can introduce you.",
            authorised_days_ago=26,
            authoriser="kevin.ashworth",
            capacity="budget-holder",
            accepted_days_ago=24,
            answerer="yusuf.demir",
            spending="revenue",
        ),
        MadeUpPledge(
            "policy",
            "glan-aur",
            "elin.prydderch",
            days(2),
            "accepted",
            21,
            "I compared ours with three others last year, so most of my part is done.",
            authorised_days_ago=18,
            authoriser="rhodri.vaughan",
            accepted_days_ago=17,
            answerer="yusuf.demir",
            from_in_days=50,
            to_in_days=70,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Sixty-six of seventy",
            cleandoc(
                """
                The four that came back had nothing to do with the drawing: two had no insurance and two were on
                private land. The slowest part is now the fortnight in which neighbours may object, and that is the
                law.
                """
            ),
            "yusuf.demir",
            35,
        ),
    ),
)

PROJECTS: tuple[MadeUpProject, ...] = (
    LOCAL_PLAN_COMMENTS,
    MISSED_BINS,
    POTHOLES,
    BURN_SENSORS,
    INSPECTIONS,
    PAVEMENT_LICENCES,
)
