"""Made-up projects about how councils work: policies, agreements, letters, elections; a trial and a draft."""

from inspect import cleandoc

from pipeline.cli.demonstration_data.shapes import (
    MadeUpNeed,
    MadeUpPledge,
    MadeUpProject,
    MadeUpUpdate,
    days,
    pounds,
)

AI_POLICY = MadeUpProject(
    key="ai-assistants-policy",
    title="One policy for officers who use AI assistants",
    summary="Officers already use assistants to draft letters and minutes. We want a short policy that says what is "
    "fine, what is never fine and who to ask, written with the people who will have to follow it.",
    problem=cleandoc(
        """
        We asked 1,900 of our staff whether they use an AI assistant at work. Of the 840 who answered, 46% do, and 31%
        do so weekly. Nine in ten had never been told whether they may. The most common use is turning rough notes
        into a letter. The one that worried us most is pasting in a social worker's case notes "to tidy them up".

        There are plenty of policies about. Those we found are either two pages of principles, which do not help
        anybody at ten past four with a letter to write, or forty pages that nobody has opened. We want one page of
        examples, agreed by several councils, with the longer reasons behind it for those who need them.

        We will write it in the open and test it like a service: give people a real task and the page, and see what
        they do.
        """
    ),
    council="northborough",
    leads=("aisha.bello",),
    team=("priya.raman", "grace.adeyemi"),
    themes=("data-and-ai", "information-governance"),
    phase="discovery",
    status="open",
    published_days_ago=29,
    decision_in_days=61,
    needs=(
        MadeUpNeed(
            "governance",
            "time",
            "Saying plainly what data protection law allows",
            days(6),
            profession="information-governance",
        ),
        MadeUpNeed(
            "law",
            "time",
            "A lawyer's eye on liability and on records",
            days(3),
            profession="legal-adviser",
            is_capped=True,
        ),
        MadeUpNeed(
            "testing",
            "time",
            "Testing the page with officers in your own council",
            days(10),
            profession="user-researcher",
            description="Six officers in each council, forty minutes each. We bring the tasks.",
        ),
        MadeUpNeed(
            "unions",
            "time",
            "Talking it through with staff and their unions",
            days(4),
            is_essential=False,
            profession="policy-officer",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "governance",
            "hartsea",
            "grace.adeyemi",
            days(4),
            "accepted",
            22,
            "I get this question three times a week and would rather answer it once.",
            authorised_days_ago=20,
            authoriser="peter.lindqvist",
            accepted_days_ago=18,
            answerer="aisha.bello",
            from_in_days=65,
            to_in_days=95,
        ),
        MadeUpPledge(
            "governance",
            "glan-aur",
            "elin.prydderch",
            days(2),
            "authorised",
            6,
            "For the parts that differ in Wales, and for the Welsh text.",
            authorised_days_ago=3,
            authoriser="rhodri.vaughan",
            from_in_days=65,
            to_in_days=95,
        ),
        MadeUpPledge(
            "law",
            "eastmere",
            "daniel.osei",
            days(3),
            "offered",
            8,
            "Our legal team shares an adviser with two neighbours, and she has asked to work on this.",
            from_in_days=65,
            to_in_days=90,
        ),
        MadeUpPledge(
            "testing",
            "oakenfell",
            "beth.collingwood",
            days(3),
            "accepted",
            16,
            "Revenues officers write more letters than anybody. Six of mine are willing.",
            authorised_days_ago=13,
            authoriser="dev.chaudhry",
            accepted_days_ago=12,
            answerer="aisha.bello",
            from_in_days=70,
            to_in_days=90,
        ),
        MadeUpPledge(
            "testing",
            "wharfside",
            "nadia.haddad",
            days(3),
            "authorised",
            9,
            "I would test with housing officers, who have the hardest notes to keep out of it.",
            authorised_days_ago=5,
            authoriser="marcus.greenidge",
            capacity="budget-holder",
            from_in_days=70,
            to_in_days=90,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "What 840 people told us",
            cleandoc(
                """
                | What they use it for | Of those who use it |
                |---|---|
                | drafting a letter or an e-mail | 64% |
                | making notes of a meeting | 38% |
                | understanding a long document | 35% |
                | a spreadsheet formula | 22% |
                | tidying case notes | 7% |

                The last row is 27 people. None of them meant any harm: the notes had to be in by five.
                """
            ),
            "aisha.bello",
            15,
        ),
    ),
)

FAMILY_HUBS_AGREEMENT = MadeUpProject(
    key="family-hubs-agreement",
    title="One data-sharing agreement for family hubs",
    summary="A hub brings midwives, schools, housing and charities under one roof, and each wants its own agreement. "
    "We want a single one in plain English that a new partner can sign in a week.",
    problem=cleandoc(
        """
        Our seven family hubs have 23 partners and 41 data-sharing agreements between them. The longest took fourteen
        months to sign. While it was being argued over, a health visitor and a housing officer who sit at the next
        desk to each other could not lawfully say that they were seeing the same family.

        The agreements nearly all say the same: what is shared, why, for how long, who is told. We have taken 41 of
        them apart and found eleven clauses that truly differ. The rest can be written once. It will only be trusted
        if several councils and their partners have had a hand in it.
        """
    ),
    council="hartsea",
    leads=("grace.adeyemi",),
    themes=("children-and-families", "information-governance"),
    phase="discovery",
    status="open",
    published_days_ago=41,
    decision_in_days=82,
    needs=(
        MadeUpNeed(
            "governance",
            "time",
            "Agreeing the eleven clauses that differ",
            days(12),
            profession="information-governance",
        ),
        MadeUpNeed(
            "words",
            "time",
            "Putting the agreement into plain English",
            days(6),
            profession="content-designer",
        ),
        MadeUpNeed(
            "law",
            "funding",
            "One opinion from counsel, for everybody",
            pounds(7_500),
            is_capped=True,
            description="An opinion that all partners may rely on, and that may be published.",
        ),
    ),
    pledges=(
        MadeUpPledge(
            "governance",
            "northborough",
            "priya.raman",
            days(4),
            "accepted",
            32,
            "Our information governance officer has 18 of these herself and has begun to number them.",
            authorised_days_ago=28,
            authoriser="tom.hargreaves",
            accepted_days_ago=26,
            answerer="grace.adeyemi",
            from_in_days=85,
            to_in_days=120,
        ),
        MadeUpPledge(
            "governance",
            "tallow-bridge",
            "farah.siddiqui",
            days(4),
            "authorised",
            7,
            "Four days of our children's services lead, who signed the fourteen-month one's cousin.",
            authorised_days_ago=2,
            authoriser="kevin.ashworth",
            from_in_days=85,
            to_in_days=120,
        ),
        MadeUpPledge(
            "law",
            "oakenfell",
            "beth.collingwood",
            pounds(2_500),
            "accepted",
            23,
            "We would otherwise buy our own opinion, for about twice that.",
            authorised_days_ago=18,
            authoriser="dev.chaudhry",
            capacity="chief-finance-officer",
            accepted_days_ago=15,
            answerer="grace.adeyemi",
            spending="revenue",
        ),
        MadeUpPledge(
            "law",
            "port-ellis",
            "iain.drummond",
            pounds(1_500),
            "declined",
            30,
            "Our family centres have the same trouble and would join in.",
            authorised_days_ago=27,
            authoriser="ewan.baird",
            ended_days_ago=21,
            answerer="grace.adeyemi",
            reason="The opinion will be on the law of England and Wales, so you would be paying for something that you "
            "could not rely on. Please take the agreement itself, and tell us what Scots law would change.",
            spending="revenue",
        ),
        MadeUpPledge(
            "words",
            "eastmere",
            "ruth.calloway",
            days(3),
            "offered",
            5,
            "Our content designer made our privacy notices readable. This looks like the same work, only longer.",
            from_in_days=90,
            to_in_days=115,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Forty-one agreements, eleven differences",
            cleandoc(
                """
                We printed all 41, cut them into clauses with scissors, and put the ones that say the same into piles.
                It took two of us three days and one long table. **612 clauses made 38 piles. In 27 of them every
                clause means the same thing.** The other eleven are what this project is about.
                """
            ),
            "grace.adeyemi",
            34,
        ),
    ),
)

BILINGUAL_LETTERS = MadeUpProject(
    key="bilingual-letters",
    title="Letters in Welsh and English from the first draft",
    summary="Welsh letters are written in English, sent away and come back eleven days later. We are trying out "
    "writing both at one table, and want to know whether it is quicker and reads better.",
    problem=cleandoc(
        """
        We send 310 kinds of letter. Each is written in English, approved, sent for translation, sent back and laid
        out again. It takes eleven working days on average. If the English then changes by a word, it all starts
        again, and so people put off improving either.

        Readers notice. In a survey of 420 Welsh speakers six in ten said that they turn our letters over and read the
        English, *because the Welsh is harder*. It is harder because it is English underneath.

        For three months two teams have drafted in pairs, one person in each language, with a tenant or a parent at
        the table. The first 16 letters took two days each and are a third shorter in both languages.
        """
    ),
    council="glan-aur",
    leads=("elin.prydderch",),
    team=("sian.bevan",),
    themes=("websites-and-communications",),
    phase="alpha",
    status="open",
    published_days_ago=49,
    decision_in_days=36,
    needs=(
        MadeUpNeed(
            "pairs",
            "time",
            "Content designers to draft in pairs with our translators",
            days(16),
            profession="content-designer",
            description="You need no Welsh. You need to be able to explain why a sentence is the way it is.",
        ),
        MadeUpNeed(
            "readers",
            "funding",
            "Paying readers of both languages to test the letters",
            pounds(4_200),
        ),
    ),
    pledges=(
        MadeUpPledge(
            "pairs",
            "northborough",
            "aisha.bello",
            days(5),
            "accepted",
            38,
            "We have no second language by law, but four by fact. I want to learn how you do it.",
            authorised_days_ago=36,
            authoriser="tom.hargreaves",
            accepted_days_ago=33,
            answerer="elin.prydderch",
            from_in_days=40,
            to_in_days=75,
        ),
        MadeUpPledge(
            "pairs",
            "wharfside",
            "nadia.haddad",
            days(6),
            "accepted",
            26,
            "For our letters in Bengali and Somali this would change everything.",
            authorised_days_ago=22,
            authoriser="marcus.greenidge",
            accepted_days_ago=20,
            answerer="elin.prydderch",
            from_in_days=42,
            to_in_days=80,
        ),
        MadeUpPledge(
            "readers",
            "lough-derrin",
            "orla.mckeever",
            pounds(1_400),
            "accepted",
            34,
            "We write in Irish and Ulster Scots as well as English, and would like to sit in on the sessions.",
            authorised_days_ago=30,
            authoriser="conor.devlin",
            capacity="chief-finance-officer",
            accepted_days_ago=28,
            answerer="elin.prydderch",
            spending="revenue",
        ),
        MadeUpPledge(
            "readers",
            "port-ellis",
            "catriona.macinnes",
            pounds(1_000),
            "offered",
            7,
            "On behalf of our Gaelic officer, who would like to do the same next year.",
            spending="revenue",
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Dwy iaith, un bwrdd",
            cleandoc(
                """
                Eisteddodd dwy swyddog, un cyfieithydd ac un tenant wrth yr un bwrdd am fore. Erbyn amser cinio roedd
                llythyr yn barod yn y ddwy iaith. Y tenant newidiodd y frawddeg gyntaf, yn Gymraeg, ac yna newidiwyd y
                Saesneg i gyd-fynd â hi.
                """
            ),
            "elin.prydderch",
            39,
            language="cy",
        ),
        MadeUpUpdate(
            "Two languages, one table",
            cleandoc(
                """
                Two officers, a translator and a tenant sat at one table for a morning. By lunch there was a letter in
                both languages. It was the tenant who changed the first sentence, in Welsh, and the English was then
                changed to match.
                """
            ),
            "elin.prydderch",
            39,
        ),
    ),
)

POLLING_STATIONS = MadeUpProject(
    key="polling-stations",
    title="Polling stations: ringing round on the morning, without the ringing",
    summary="On polling day every presiding officer rings in at six to say that the doors will open. We want to "
    "replace 160 calls in an hour with a text message, safely, and to share what happens when one does not answer.",
    problem=cleandoc(
        """
        At the last elections we had 84 polling stations and four phones. Presiding officers ring from five in the
        morning to say that they are in, that the heating is on and that the ballot papers match. Everybody rings at a
        quarter to seven. In that hour we could not have heard about a real problem, and twice we did not.

        A text message that asks three questions, and a screen that shows who has not answered, would leave the phones
        free for the one station whose caretaker has overslept. It must work with the phones people have, in halls
        with one bar of signal, on a day when nothing may go wrong. So we would like to try it with other councils at
        by-elections first.
        """
    ),
    council="thornmere",
    leads=("hannah.price",),
    themes=("democracy-and-engagement",),
    phase="alpha",
    status="open",
    published_days_ago=23,
    decision_in_days=89,
    needs=(
        MadeUpNeed(
            "trial",
            "time",
            "Trying it at a by-election of your own",
            days(6),
            profession="service-manager",
            description="One day before, the day itself, one day after. We sit beside you the first time.",
        ),
        MadeUpNeed(
            "build",
            "time",
            "Making the screen and the messages",
            days(8),
            profession="developer",
        ),
        MadeUpNeed(
            "messages",
            "funding",
            "Messages and a spare line for a year",
            pounds(900),
            is_essential=False,
            is_capped=True,
        ),
    ),
    pledges=(
        MadeUpPledge(
            "trial",
            "oakenfell",
            "beth.collingwood",
            days(3),
            "accepted",
            17,
            "Our elections manager has a by-election in the spring and eleven stations, three of them pubs.",
            authorised_days_ago=13,
            authoriser="dev.chaudhry",
            accepted_days_ago=11,
            answerer="hannah.price",
            from_in_days=95,
            to_in_days=150,
        ),
        MadeUpPledge(
            "messages",
            "eastmere",
            "daniel.osei",
            pounds(450),
            "authorised",
            10,
            "Half of it. We would use it the first time there is a by-election here.",
            authorised_days_ago=6,
            authoriser="meera.joshi",
            capacity="budget-holder",
            spending="revenue",
        ),
        MadeUpPledge(
            "build",
            "wharfside",
            "yusuf.demir",
            days(4),
            "offered",
            1,
            "I can make the screen. Somebody who has run an election must tell me what it is for.",
            from_in_days=92,
            to_in_days=130,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "The three questions",
            cleandoc(
                """
                After trying eleven versions on people who had been up since four, these are what is left.

                1. Are you in?
                2. Do your ballot paper numbers match the list?
                3. Is there anything we should ring you about?

                People answer `Y Y N` and get on with their day.
                """
            ),
            "hannah.price",
            14,
        ),
    ),
)

TRIAL = MadeUpProject(
    key="trial-starters",
    title="Trying Pipeline out: a checklist for new starters",
    summary="A trial that only Northborough can see, to learn how needs, offers and updates work before we post "
    "anything for real.",
    problem=cleandoc(
        """
        New starters in customer services get a laptop on day one and a log-in on day four. We are using this as an
        example to practise with. Write what you like here: nobody outside the council can read it.
        """
    ),
    council="northborough",
    leads=("priya.raman",),
    team=("aisha.bello",),
    themes=("digital-and-customer-services",),
    phase="concept",
    status="open",
    published_days_ago=70,
    decision_in_days=20,
    needs=(
        MadeUpNeed("checklist", "time", "Writing the checklist", days(2), profession="content-designer"),
        MadeUpNeed(
            "mugs", "in_kind", "Mugs, to make people feel welcome", 10, is_essential=False, is_capped=True, thing="mugs"
        ),
    ),
    pledges=(
        MadeUpPledge(
            "checklist",
            "northborough",
            "aisha.bello",
            days(1),
            "offered",
            10,
            "Practising. I think this goes to Tom next?",
            from_in_days=21,
            to_in_days=30,
        ),
    ),
    updates=(
        MadeUpUpdate(
            "Testing, testing",
            "If you can read this you work here. Press everything; nothing can be broken.",
            "priya.raman",
            69,
        ),
    ),
    is_trial=True,
)

DRAFT = MadeUpProject(
    key="paper-permits",
    title="Parking permits without the paper",
    summary="",
    problem=cleandoc(
        """
        We post 5,600 visitor permits a year. Each is a strip of scratch cards. *Ask parking for the cost of reprints
        before publishing this.*
        """
    ),
    council="eastmere",
    leads=("daniel.osei",),
    team=("ruth.calloway",),
    themes=("transport-and-highways",),
    phase="concept",
    status="draft",
    published_days_ago=None,
    needs=(
        MadeUpNeed(
            "research",
            "time",
            "Finding out who still needs paper, and why",
            days(5),
            profession="user-researcher",
        ),
    ),
)

PROJECTS: tuple[MadeUpProject, ...] = (
    AI_POLICY,
    FAMILY_HUBS_AGREEMENT,
    BILINGUAL_LETTERS,
    POLLING_STATIONS,
    TRIAL,
    DRAFT,
)
