"""Made-up projects that wait for somebody: one whose leads are quiet, one that looks for a new lead, and one that its
leads offer to another council, with the pledge of a council that has merged; and one that another council does already.
"""

from inspect import cleandoc

from pipeline.cli.demonstration_data.shapes import MadeUpNeed, MadeUpPledge, MadeUpProject, act, days

BENCHES = MadeUpProject(
    key="benches",
    title="One list of benches, bins and bollards",
    summary="What stands in our streets is on four lists, and none of them is right. One form for all of it, filled in "
    "by whoever walks past.",
    problem=cleandoc(
        """
        When a bench breaks, somebody has to find out whose it is. Parks have a list, highways have one, and so has the
        parish. It takes longer to find the owner than to mend the bench.
        """
    ),
    council="thornmere",
    leads=("hannah.price",),
    themes=("environment-and-climate",),
    phase="discovery",
    status="open",
    mode="flexible",
    published_days_ago=66,
    needs=(MadeUpNeed("walking", "time", "Somebody to walk two streets", days(4), profession="user-researcher"),),
)

FLY_TIPPING = MadeUpProject(
    key="fly-tipping",
    title="Photographs of fly-tipping that arrive with a place",
    summary="Residents send us photographs without saying where. A small form that asks for the place first.",
    problem=cleandoc(
        """
        Four in ten of the photographs we get cannot be used, because nobody can tell where they were taken. People are
        annoyed when we ask, and rightly so: they have done their part.
        """
    ),
    council="lough-derrin",
    leads=("orla.mckeever",),
    themes=("waste-and-recycling",),
    phase="alpha",
    status="open",
    mode="flexible",
    published_days_ago=98,
    needs=(MadeUpNeed("form", "time", "Somebody who builds forms", days(6), profession="developer"),),
)

DAMP_FIRST = MadeUpProject(
    key="damp-first",
    title="Damp and mould: visiting the homes at risk first",
    summary="We visit homes with damp in the order people complain. A list by risk, from repairs and energy ratings, "
    "so that families with small children are seen before winter.",
    problem=cleandoc(
        """
        Last winter 140 homes with mould waited for a surveyor, and the last was seen in April. What would tell us who
        is at risk, we have: repairs, energy ratings, and what health visitors see. Nobody has put it together.
        """
    ),
    council="port-ellis",
    leads=("catriona.macinnes",),
    themes=("housing",),
    phase="discovery",
    status="open",
    mode="flexible",
    published_days_ago=9,
    needs=(MadeUpNeed("list", "time", "Somebody who joins up data", days(6), profession="data-analyst"),),
)

ALLOTMENTS = MadeUpProject(
    key="allotments",
    title="Allotment waiting lists that move",
    summary="People wait for nine years, and a third of those at the top no longer want a plot. A list that asks them "
    "once a year.",
    problem=cleandoc(
        """
        Our list has 1,400 names. When a plot comes free we ring from the top, and ring, and ring. We have made a form
        that asks everybody once a year, and have nobody left to take it further.
        """
    ),
    council="wharfside",
    leads=("yusuf.demir",),
    themes=("environment-and-climate",),
    phase="beta",
    status="open",
    mode="flexible",
    published_days_ago=34,
    needs=(MadeUpNeed("testing", "time", "Trying it with your own list", days(10), profession="service-designer"),),
    pledges=(
        MadeUpPledge(
            "testing",
            "saltreed",
            "nell.archer",
            days(3),
            "committed",
            26,
            "We have 200 names and one afternoon a week.",
            authorised_days_ago=24,
            authoriser="piers.holt",
            accepted_days_ago=22,
            answerer="yusuf.demir",
            from_in_days=-10,
            to_in_days=60,
        ),
    ),
    acts=(
        act(
            5, "yusuf.demir", "hand_over", to="northborough",
            message="It works here, and we have nobody left for it. You have the most names waiting.",
        ),
    ),
)  # fmt: skip

PROJECTS: tuple[MadeUpProject, ...] = (BENCHES, FLY_TIPPING, DAMP_FIRST, ALLOTMENTS)
