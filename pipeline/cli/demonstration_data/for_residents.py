"""Made-up projects about what residents ask of a council: homes, money, care, getting online, libraries."""

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

REPAIRS_FORM = MadeUpProject(
    key="repairs-form",
    title="One housing repairs form that tenants can finish on a phone",
    summary="A repairs form in plain words that works out what is wrong, books a visit while the tenant is still on "
    "the page, and can be taken up by any council with its own homes.",
    problem=cleandoc(
        """
        Last year our tenants reported 31,400 repairs. Fewer than one in five came through the website. Of the people
        who began the online form, **six in ten gave up**, most of them at the page that asks which of 214 kinds of
        repair it is. They then rang us, and waited eleven minutes on average for somebody to ask them the same thing.

        When the wrong kind is chosen, the wrong trade is sent. We counted 2,900 visits last year that ended with "not
        the right person for the job". Each costs us about £68, and costs the tenant a morning off work.

        We watched 14 tenants use the form on their own phones. They know exactly what is wrong: *water is coming
        through the bathroom ceiling*. They do not know that we file it under "plumbing, internal, first floor,
        uncontained". A form that asks about what people can see, and works out the rest, would serve them and us.
        Every council with homes has the same form to write, so we would rather write it once.

        We want to end with:

        - a set of questions tested with tenants of at least three councils
        - a working form, with its code open, that sends what it learns to whichever repairs system a council has
        - a note of what it costs to run, with real figures
        """
    ),
    council="northborough",
    leads=("priya.raman", "gareth.lowe"),
    team=("aisha.bello", "farah.siddiqui"),
    themes=("housing", "digital-and-customer-services"),
    phase="alpha",
    status="open",
    published_days_ago=64,
    decision_in_days=31,
    needs=(
        MadeUpNeed(
            "research",
            "time",
            "Research with tenants in at least two more places",
            days(20),
            profession="user-researcher",
            description="Visits to tenants at home or in a community room, two rounds of six people, and a write-up "
            "others can use. We have a discussion guide and consent forms ready.",
        ),
        MadeUpNeed(
            "build",
            "time",
            "Building the form and its link to repairs systems",
            days(30),
            profession="developer",
            description="Any mainstream web language. You would work with our own developer two days a week.",
        ),
        MadeUpNeed(
            "access",
            "funding",
            "An accessibility audit and paid testing with disabled tenants",
            pounds(15_000),
            is_capped=True,
            description="A quotation from three suppliers came out between £13,800 and £15,000.",
        ),
        MadeUpNeed(
            "testing",
            "time",
            "Trying the form with your own contact centre",
            days(6),
            is_essential=False,
            profession="tester",
            description="Half a day at a time. You type in real calls as they come and tell us where the form fails.",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "research",
            "tallow-bridge",
            "farah.siddiqui",
            days(10),
            "accepted",
            58,
            "We have 9,000 homes and a tenants' panel that meets every month. I can bring both.",
            authorised_days_ago=55,
            authoriser="kevin.ashworth",
            accepted_days_ago=54,
            answerer="priya.raman",
            from_in_days=40,
            to_in_days=110,
        ),
        MadeUpPledge(
            "research",
            "wharfside",
            "nadia.haddad",
            days(10),
            "accepted",
            47,
            "Most of our tenants live in flats, so their repairs are often somebody else's leak. Worth having in the "
            "research.",
            authorised_days_ago=44,
            authoriser="marcus.greenidge",
            capacity="budget-holder",
            accepted_days_ago=42,
            answerer="priya.raman",
            from_in_days=45,
            to_in_days=100,
        ),
        MadeUpPledge(
            "build",
            "port-ellis",
            "iain.drummond",
            days(20),
            "accepted",
            40,
            "I built our present form and would be glad to see it replaced. Two days a week for ten weeks.",
            authorised_days_ago=36,
            authoriser="ewan.baird",
            accepted_days_ago=34,
            answerer="priya.raman",
            from_in_days=40,
            to_in_days=112,
        ),
        MadeUpPledge(
            "access",
            "eastmere",
            "sam.whitlock",
            pounds(6_000),
            "accepted",
            51,
            "From this year's underspend on software licences, if it can be invoiced before the end of March.",
            authorised_days_ago=45,
            authoriser="meera.joshi",
            capacity="budget-holder",
            accepted_days_ago=43,
            answerer="priya.raman",
            spending="revenue",
        ),
        MadeUpPledge(
            "access",
            "thornmere",
            "hannah.price",
            pounds(4_000),
            "accepted",
            33,
            "We no longer have homes of our own but we answer repairs calls for a housing association.",
            authorised_days_ago=29,
            authoriser="raj.dhillon",
            accepted_days_ago=27,
            answerer="priya.raman",
            spending="revenue",
        ),
        MadeUpPledge(
            "access",
            "oakenfell",
            "beth.collingwood",
            pounds(5_000),
            "accepted",
            26,
            "Our housing team asked me to offer this. They would like to see the audit report when it is done.",
            authorised_days_ago=21,
            authoriser="dev.chaudhry",
            capacity="chief-finance-officer",
            accepted_days_ago=20,
            answerer="priya.raman",
            spending="revenue",
        ),
        MadeUpPledge(
            "build",
            "hartsea",
            "olu.martins",
            days(15),
            "declined",
            52,
            "We have a developer on the low-code platform our highways forms run on.",
            authorised_days_ago=49,
            authoriser="peter.lindqvist",
            ended_days_ago=46,
            answerer="gareth.lowe",
            reason="Thank you. The form has to run without a licence that other councils would need to buy, and this "
            "platform has one. If your developer would work in the open code we would gladly think again.",
            from_in_days=40,
            to_in_days=100,
        ),
        MadeUpPledge(
            "testing",
            "wexcombe",
            "jo.penhale",
            days(3),
            "offered",
            9,
            "Six of my team could each give half a day. We take about 40 repairs calls a day for the housing company.",
            from_in_days=60,
            to_in_days=90,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "What we learned from fourteen kitchens",
            cleandoc(
                """
                Aisha and two colleagues from housing visited fourteen tenants and watched them report a repair on
                their own phones. Three things stood out.

                1. **People describe what they see, not what is broken.** "Brown patch on the ceiling", never "leak".
                2. **They want to show us.** Eleven of fourteen reached for the camera before reading anything.
                3. **They will not choose a date without a promise.** "Within 28 days" made people ring instead.

                The next version opens with a photograph and five words of the tenant's own. We will show it here.
                """
            ),
            "aisha.bello",
            50,
        ),
        MadeUpUpdate(
            "A first form, and where it fails",
            cleandoc(
                """
                The first version sorts 61 of 80 test descriptions into the right trade. The other 19 are nearly all
                about damp, which can be a plumber, a roofer, a surveyor or none of them. For those we now ask two
                more questions and then let a person decide.

                The code is open. If you want to try your own council's list of repairs against it, say so in an offer
                under *Trying the form with your own contact centre*.
                """
            ),
            "priya.raman",
            18,
        ),
        MadeUpUpdate(
            "Booking a visit: what suppliers told us",
            cleandoc(
                """
                We asked the makers of four repairs systems whether a form may book a slot straight away. Two already
                allow it, one will from the spring, and one wants to charge for it. Details, with what each council
                would have to switch on, are below.

                *Still to come: the table with versions and costs.*
                """
            ),
            "aisha.bello",
            None,
            checker="gareth.lowe",
        ),
    ),
)

DAMP_AND_MOULD = MadeUpProject(
    key="damp-and-mould",
    title="Damp and mould: finding the homes at risk before winter",
    summary="Put together what repairs, energy ratings and health visitors already know, and see whether it picks out "
    "the homes that will have damp and mould before a family has to complain.",
    problem=cleandoc(
        """
        We inspected 1,140 homes for damp and mould last winter. In nearly half of them somebody from the council had
        been inside in the two years before, for a boiler, a leak or a new baby, and nobody had put the signs
        together.

        Social landlords must now act within set times once they know of a hazard. We would rather know sooner. Early
        work by our analysts suggests that five facts we already hold point to about two thirds of the homes that
        later complained: repeated plumbing repairs, a poor energy rating, more people than bedrooms, a top floor, and
        a fan that was never fitted.

        What we do not know is whether that is true anywhere else, and whether it is fair. A list that misses private
        tenants, or that marks out some families more than others, would do harm. We want to test it with other
        councils' figures before anybody acts on it.
        """
    ),
    council="wharfside",
    leads=("nadia.haddad",),
    team=("yusuf.demir",),
    themes=("housing", "data-and-ai"),
    phase="discovery",
    status="open",
    published_days_ago=38,
    decision_in_days=54,
    needs=(
        MadeUpNeed(
            "analysis",
            "time",
            "Testing the five signs on your own repairs records",
            days(24),
            profession="data-analyst",
            description="About six days for each council. Records stay with you: we send the questions, you send back "
            "counts.",
        ),
        MadeUpNeed(
            "ethics",
            "time",
            "A data protection assessment that covers all of us",
            days(5),
            profession="information-governance",
        ),
        MadeUpNeed(
            "sensors",
            "in_kind",
            "Humidity sensors to check what the records say",
            60,
            is_essential=False,
            is_capped=True,
            thing="humidity sensors",
            description="Used ones are fine as long as the battery lasts a winter.",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "analysis",
            "eastmere",
            "sam.whitlock",
            days(6),
            "accepted",
            30,
            "We sold our homes but inspect private rented ones, so we can test the half you cannot.",
            authorised_days_ago=28,
            authoriser="meera.joshi",
            accepted_days_ago=25,
            answerer="nadia.haddad",
            from_in_days=60,
            to_in_days=95,
        ),
        MadeUpPledge(
            "analysis",
            "northborough",
            "gareth.lowe",
            days(6),
            "authorised",
            6,
            "I have four years of repairs records and an analyst who knows their faults.",
            authorised_days_ago=2,
            authoriser="tom.hargreaves",
            from_in_days=60,
            to_in_days=90,
        ),
        MadeUpPledge(
            "ethics",
            "hartsea",
            "grace.adeyemi",
            days(5),
            "accepted",
            22,
            "We wrote one for health visiting last year and can start from that.",
            authorised_days_ago=20,
            authoriser="peter.lindqvist",
            accepted_days_ago=19,
            answerer="nadia.haddad",
            from_in_days=56,
            to_in_days=80,
        ),
        MadeUpPledge(
            "sensors",
            "port-ellis",
            "catriona.macinnes",
            25,
            "accepted",
            27,
            "Left over from a trial in sheltered housing. We will send them by post.",
            authorised_days_ago=23,
            authoriser="ewan.baird",
            accepted_days_ago=21,
            answerer="nadia.haddad",
            worth_pence=pounds(1_125),
        ),
    ),
    updates=(
        MadeUpUpdate(
            "The five signs, in full",
            cleandoc(
                """
                Several people asked what exactly we count, so here it is.

                | Sign | Where it comes from |
                |---|---|
                | three or more plumbing repairs in two years | repairs system |
                | energy rating of E or below | public register |
                | more people than bedrooms | housing benefit |
                | top floor | property list |
                | no extractor fan | last boiler visit |

                None of them is about who lives there. That is on purpose.
                """
            ),
            "nadia.haddad",
            16,
        ),
    ),
    acts=(
        act(
            22,
            "nadia.haddad",
            "differ",
            other="One housing repairs form that tenants can finish on a phone",
            reason="Theirs is for people who report something. Ours looks for homes before anybody complains.",
        ),
    ),
)

BLUE_BADGE = MadeUpProject(
    key="blue-badge",
    title="Blue Badge renewals without sending the same proof twice",
    summary="Most people who renew a Blue Badge have a condition that will not change, yet are asked to prove it "
    "again. We want to find out what a council may keep, and make a renewal that takes five minutes.",
    problem=cleandoc(
        """
        A Blue Badge lasts three years. Of 4,300 renewals we dealt with last year, 71% were from people whose
        condition their own doctor calls lifelong. We asked every one of them for the same papers again. The average
        renewal took 34 days, and in that time some people did not leave the house.

        Our officers do not want to ask. They believe they must, because nobody has written down what may be kept, for
        how long, and who decides. Four neighbouring councils gave us four different answers.
        """
    ),
    council="tallow-bridge",
    leads=("farah.siddiqui",),
    team=("lucy.entwistle",),
    themes=("adult-social-care", "transport-and-highways"),
    phase="alpha",
    status="open",
    published_days_ago=45,
    decision_in_days=66,
    needs=(
        MadeUpNeed(
            "law",
            "time",
            "Advice on what a council may keep and for how long",
            days(4),
            is_capped=True,
            profession="legal-adviser",
        ),
        MadeUpNeed(
            "words",
            "time",
            "Rewriting the letters and the form",
            days(12),
            profession="content-designer",
            description="There are nine letters. We have permission to change all of them.",
        ),
        MadeUpNeed(
            "panel",
            "funding",
            "Paying badge holders to test each version",
            pounds(3_600),
            is_essential=False,
            description="Twelve people, three sessions each, at £100 a session.",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "words",
            "northborough",
            "aisha.bello",
            days(6),
            "accepted",
            37,
            "I did our parking letters in the summer, and complaints halved. I would like to do yours next.",
            authorised_days_ago=35,
            authoriser="tom.hargreaves",
            accepted_days_ago=34,
            answerer="farah.siddiqui",
            from_in_days=70,
            to_in_days=110,
        ),
        MadeUpPledge(
            "words",
            "glan-aur",
            "elin.prydderch",
            days(3),
            "authorised",
            5,
            "I can write the Welsh alongside the English, so that neither is a translation of the other.",
            authorised_days_ago=1,
            authoriser="rhodri.vaughan",
            from_in_days=75,
            to_in_days=110,
        ),
        MadeUpPledge(
            "law",
            "thornmere",
            "hannah.price",
            days(4),
            "refused",
            31,
            "Our solicitor answered this for us in the spring and may have time to write it up.",
            ended_days_ago=26,
            authoriser="raj.dhillon",
            reason="We cannot spare the only solicitor before the local elections. Please ask me again in June.",
            from_in_days=70,
            to_in_days=90,
        ),
        MadeUpPledge(
            "panel",
            "hartsea",
            "olu.martins",
            pounds(1_200),
            "accepted",
            24,
            "Our badge team pays for one session of all twelve people.",
            authorised_days_ago=20,
            authoriser="peter.lindqvist",
            capacity="budget-holder",
            accepted_days_ago=17,
            answerer="farah.siddiqui",
            spending="revenue",
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Four councils, four answers",
            cleandoc(
                """
                We asked four badge teams how long they keep proof of a lifelong condition. The answers: until the
                badge is posted, three years, six years, and "for ever, in a cupboard". All four told us that the law
                made them do it.

                We have put the questions to the people who write the national guidance, and will print their answer
                here whatever it is.
                """
            ),
            "farah.siddiqui",
            28,
        ),
    ),
)

COUNCIL_TAX_LETTERS = MadeUpProject(
    key="council-tax-letters",
    title="Council tax letters that people can act on",
    summary="Twenty-two letters, rewritten and tested with people who have fallen behind, so that they ring us before "
    "the summons and not after it. Free for any council to use.",
    problem=cleandoc(
        """
        We sent 18,600 reminders last year. A third of the households who ended up with a court summons had never been
        in touch with us at all, and when we asked some of them why, the answer was that they could not tell what the
        letter wanted. One thought that it was a receipt.

        In a first trial we changed one letter. It says what is owed, by when, and what to do if you cannot pay, in
        that order, on one side. Of 900 households sent the new one, **214 rang us within a fortnight; of 900 sent the
        old one, 97 did.** Each summons avoided saves a family about £90 in costs and us an hour and a half.

        There are 21 letters to go. The law says some words must stay, and suppliers print them in different ways.
        Both are easier to sort out once, together.
        """
    ),
    council="oakenfell",
    leads=("beth.collingwood",),
    themes=("revenues-and-benefits", "websites-and-communications"),
    phase="beta",
    status="open",
    published_days_ago=72,
    decision_in_days=19,
    needs=(
        MadeUpNeed(
            "writing",
            "time",
            "Rewriting and testing 21 letters",
            days(25),
            profession="content-designer",
        ),
        MadeUpNeed(
            "law",
            "time",
            "Checking that every letter still says what the law requires",
            days(3),
            profession="legal-adviser",
            is_capped=True,
        ),
        MadeUpNeed(
            "print",
            "funding",
            "Changing templates at the print suppliers",
            pounds(12_000),
            description="About £2,000 a supplier, once, and there are six of them between us.",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "writing",
            "northborough",
            "aisha.bello",
            days("7.5"),
            "accepted",
            65,
            "A day and a half a week for five weeks.",
            authorised_days_ago=62,
            authoriser="tom.hargreaves",
            accepted_days_ago=60,
            answerer="beth.collingwood",
            from_in_days=25,
            to_in_days=60,
        ),
        MadeUpPledge(
            "writing",
            "glan-aur",
            "elin.prydderch",
            days(8),
            "accepted",
            55,
            "We would do the Welsh versions as well, for every council in Wales to use.",
            authorised_days_ago=50,
            authoriser="rhodri.vaughan",
            accepted_days_ago=48,
            answerer="beth.collingwood",
            from_in_days=25,
            to_in_days=75,
        ),
        MadeUpPledge(
            "writing",
            "tallow-bridge",
            "lucy.entwistle",
            days(5),
            "authorised",
            8,
            "Our content designer is free from January and has worked in a revenues team.",
            authorised_days_ago=3,
            authoriser="kevin.ashworth",
            from_in_days=30,
            to_in_days=70,
        ),
        MadeUpPledge(
            "law",
            "thornmere",
            "hannah.price",
            days(3),
            "accepted",
            41,
            "This one our solicitor can do at her desk, in the quiet week after new year.",
            authorised_days_ago=39,
            authoriser="raj.dhillon",
            accepted_days_ago=36,
            answerer="beth.collingwood",
            from_in_days=25,
            to_in_days=50,
        ),
        MadeUpPledge(
            "print",
            "eastmere",
            "ruth.calloway",
            pounds(4_000),
            "accepted",
            44,
            "Two of the six suppliers print for us, so we should pay for those two.",
            authorised_days_ago=40,
            authoriser="meera.joshi",
            capacity="budget-holder",
            accepted_days_ago=38,
            answerer="beth.collingwood",
            spending="revenue",
        ),
        MadeUpPledge(
            "print",
            "lough-derrin",
            "orla.mckeever",
            pounds(2_000),
            "withdrawn",
            57,
            "We collect rates and not council tax, but the reminder is the same letter.",
            authorised_days_ago=52,
            authoriser="conor.devlin",
            capacity="chief-finance-officer",
            ended_days_ago=30,
            reason="Our own contract with the print supplier ends in March and we are not yet sure who comes next. We "
            "would like to use the letters all the same.",
            spending="revenue",
        ),
        MadeUpPledge(
            "print",
            "wexcombe",
            "jo.penhale",
            pounds(2_000),
            "lapsed",
            43,
            "Agreed in principle at our management team. I am looking for somebody who can sign it off here.",
            ended_days_ago=15,
            spending="revenue",
        ),
    ),
    updates=(
        MadeUpUpdate(
            "The first letter, before and after",
            cleandoc(
                """
                The old reminder has 412 words and gives the amount owed in the second paragraph of the second page.
                The new one has 118. It begins:

                > You owe £164. Please pay by 14 March.
                > If you cannot pay all of it, ring us. We can usually agree smaller payments.

                We kept the paragraph the regulations ask for, and put it after what people need to do.
                """
            ),
            "beth.collingwood",
            61,
        ),
        MadeUpUpdate(
            "The figures after three months",
            cleandoc(
                """
                We followed both groups for three months. In the group with the new letter 61 households had a
                summons, in the other 104. More people agreed to pay in parts, and they have kept to it.

                It is one letter in one place, so please treat it as a good sign and not as proof. That is why we
                would like to see it in three more councils.
                """
            ),
            "beth.collingwood",
            22,
        ),
    ),
)

DEVICE_LENDING = MadeUpProject(
    key="device-lending",
    title="Tablets to borrow, and somebody patient to show you how",
    summary="Village halls and surgeries lend tablets with a data card for up to eight weeks, with a volunteer who "
    "visits twice. Running in nine places; everything needed to copy it is here.",
    problem=cleandoc(
        """
        One household in eight across our islands and glens has no way of getting online at home. A bus to the nearest
        library takes an hour and ten minutes, and runs twice a day. The things people most need to do, such as repeat
        prescriptions, ferry bookings and universal credit, are the things that have moved online.

        Giving away devices did not work: of 60 given out in the year before, 22 were in use six months later. Lending
        them with two visits from somebody patient does. Of 147 people who have borrowed one, 98 went on to buy or be
        given their own, and told us that the visits mattered more than the tablet.

        The work is under way and paid for. We are here to share how it is done, and to hear from places like ours.
        """
    ),
    council="port-ellis",
    leads=("catriona.macinnes",),
    themes=("digital-inclusion", "libraries"),
    phase="live",
    status="going_ahead",
    published_days_ago=81,
    updates=(
        MadeUpUpdate(
            "What a loan really costs",
            cleandoc(
                """
                People keep asking, so we added it all up: £41 for an eight-week loan. That is £12 of data, £9 of wear
                on the tablet, £14 of travel for the volunteer and £6 of somebody's time at the hall. We lost three
                tablets in a year and got one of them back from a ferry.
                """
            ),
            "catriona.macinnes",
            47,
        ),
        MadeUpUpdate(
            "The one-page guide for volunteers",
            cleandoc(
                """
                Our volunteers rewrote the guide themselves and it is much better for it. Their first rule: **sit on
                the same side of the table.** Their second: never take the tablet out of the person's hands.
                """
            ),
            "catriona.macinnes",
            13,
        ),
    ),
)

WARM_SPACES = MadeUpProject(
    key="warm-spaces",
    title="A directory of warm spaces that keeps itself up to date",
    summary="Each place confirms its own opening hours by answering one text message a week. If it does not answer, "
    "the entry says so. In use since last winter for 84 places.",
    problem=cleandoc(
        """
        Our first directory of warm spaces was a document, right on the day it was printed. By January one entry in
        three was wrong, and a woman of 83 walked a mile to a church hall that was shut. The people who run these
        places are volunteers. They will not sign in to a website to change an opening time, and they should not have
        to.

        So we text them on Sunday: *Open as usual this week? Reply YES, or tell us what changed.* Two in three answer
        within the hour. Places that have not answered for a fortnight are shown as "ring before you go".
        """
    ),
    council="tallow-bridge",
    leads=("lucy.entwistle",),
    themes=("community-and-voluntary", "public-health"),
    phase="live",
    status="going_ahead",
    published_days_ago=95,
    updates=(
        MadeUpUpdate(
            "Ready for a second winter",
            cleandoc(
                """
                All 84 places were asked in October whether they would open again. 71 said yes, 6 are new, and 13 have
                closed. Without the weekly message we would have printed the 13 as well.
                """
            ),
            "lucy.entwistle",
            24,
        ),
    ),
)

LIBRARY_CARDS = MadeUpProject(
    key="library-cards",
    title="Library cards that work on both sides of a county boundary",
    summary="People who live near a boundary use the nearest library, not the one they pay for. We want to agree how a "
    "card from one service can borrow from another, starting with three neighbours.",
    problem=cleandoc(
        """
        A quarter of the people who use our busiest branch live in the next county. To borrow a book they fill in a
        paper form, show two proofs of address and wait for a letter. We turned away 640 people at the desk last year
        because they had come with one.

        Every service we asked would like to honour its neighbours' cards. What stands in the way is small and dull:
        card numbers that clash, fines that go to the wrong place, and no agreement about what happens when a book
        does not come back. Nobody has had the time to write that down.
        """
    ),
    council="glan-aur",
    leads=("sian.bevan",),
    team=("elin.prydderch",),
    themes=("libraries", "leisure-and-culture"),
    phase="concept",
    status="open",
    published_days_ago=17,
    decision_in_days=98,
    needs=(
        MadeUpNeed(
            "agreement",
            "time",
            "Writing the agreement between services",
            days(6),
            profession="policy-officer",
        ),
        MadeUpNeed(
            "numbers",
            "time",
            "Comparing card numbers and finding where they clash",
            days(4),
            profession="data-analyst",
        ),
        MadeUpNeed(
            "readers",
            "funding",
            "Card readers for the desks that have none",
            pounds(2_400),
            is_essential=False,
        ),
    ),
    pledges=(
        MadeUpPledge(
            "agreement",
            "port-ellis",
            "catriona.macinnes",
            days(2),
            "authorised",
            11,
            "We signed something like this with two island councils in 2019 and can tell you what we got wrong.",
            authorised_days_ago=7,
            authoriser="ewan.baird",
            from_in_days=105,
            to_in_days=140,
        ),
        MadeUpPledge(
            "readers",
            "hartsea",
            "grace.adeyemi",
            pounds(800),
            "offered",
            4,
            "Our libraries replaced theirs and have a little set by.",
            spending="capital",
        ),
    ),
)

PROJECTS: tuple[MadeUpProject, ...] = (
    REPAIRS_FORM,
    DAMP_AND_MOULD,
    BLUE_BADGE,
    COUNCIL_TAX_LETTERS,
    DEVICE_LENDING,
    WARM_SPACES,
    LIBRARY_CARDS,
)
