"""Made-up projects that have ended, with what came of them, good and bad."""

from inspect import cleandoc

from pipeline.cli.demonstration_data.shapes import MadeUpProject, MadeUpUpdate

FREE_SCHOOL_MEALS = MadeUpProject(
    key="free-school-meals",
    title="Free school meals without an application",
    summary="Two councils used what their benefits teams already knew to give children free school meals, and wrote to "
    "parents to say so, instead of waiting for a form.",
    problem=cleandoc(
        """
        About one family in nine who could have had free school meals in Northborough had not applied. Some did not
        know, some did not want to ask, and some had filled in the form at the last school and thought that was that.
        The council already held everything it needed to know, in the next office.
        """
    ),
    council="northborough",
    leads=("priya.raman",),
    team=("lucy.entwistle",),
    themes=("education-and-schools", "revenues-and-benefits"),
    phase="live",
    status="finished",
    published_days_ago=90,
    ended_years_ago=1,
    outcome=cleandoc(
        """
        In the first year **1,318 more children had a hot meal**, and their schools received £1.9 million in extra
        pupil funding. Eleven families asked us not to do it for them, and we did not.

        It took longer than we thought: five months to agree that one part of the council may tell another, and three
        weeks to write the matching. If we did it again we would begin with the agreement.
        """
    ),
    updates=(
        MadeUpUpdate(
            "The letter to parents",
            cleandoc(
                """
                The letter begins "Your child can have free school meals from Monday. You do not need to do anything."
                We tried eight versions. Every one that began with who we are, and by what power, went in the bin.
                """
            ),
            "priya.raman",
            86,
        ),
    ),
)

AFTER_A_DEATH = MadeUpProject(
    key="after-a-death",
    title="What we ask of people after a death",
    summary="A family told one council about a death in nine places. We counted which of the nine were needed. The "
    "answer was three, and it is now done in one visit.",
    problem=cleandoc(
        """
        When somebody dies, their family tells the registrar. Then they tell council tax, housing benefit, the
        library, the garden waste team, the Blue Badge team, social care, the electoral register and parking. We
        followed twelve families who had agreed to it. The longest list took one widow seven weeks, and the last
        letter to her husband came on what would have been his birthday.
        """
    ),
    council="tallow-bridge",
    leads=("farah.siddiqui",),
    team=("kevin.ashworth",),
    themes=("registration-and-records", "digital-and-customer-services"),
    phase="live",
    status="finished",
    published_days_ago=78,
    ended_years_ago=1,
    outcome=cleandoc(
        """
        The registrar now asks one question, and with a yes tells the other eight teams the same day. **2,140 families
        used it in its first year.** Letters sent to somebody who has died fell from 311 to 26, and we look into each
        of the 26.

        What we would tell others: sit with the registrars first. They had wanted this for ten years, and they knew
        where it would go wrong.
        """
    ),
)

CHILDCARE_MAP = MadeUpProject(
    key="childcare-map",
    title="A live map of childcare places",
    summary="Nurseries were to say each week how many places were free, so that parents need not ring round. They did "
    "not, for good reasons, and we stopped at the end of the alpha.",
    problem=cleandoc(
        """
        A parent who looks for childcare in our county rings eight nurseries on average. We thought that a map with
        free places, kept up to date by the nurseries themselves, would save everybody time.
        """
    ),
    council="hartsea",
    leads=("grace.adeyemi",),
    themes=("children-and-families",),
    phase="retired",
    status="finished",
    published_days_ago=66,
    ended_years_ago=2,
    outcome=cleandoc(
        """
        We stopped, and are glad that it was after ten weeks. Of 140 nurseries 19 kept their places up to date for a
        month and 6 for two. **A place is not a number**: it depends on the child's age, the days wanted and who is on
        shift. Managers told us that a wrong number costs them more than a phone call.

        Parents, for their part, wanted to ring, because they wanted to hear what the place sounded like. We spent
        £22,000. The interviews are worth reading before anybody tries this again.
        """
    ),
    updates=(
        MadeUpUpdate(
            "Why we are stopping",
            cleandoc(
                """
                We said at the start that we would stop if fewer than half of the nurseries kept it up for a month. It
                was one in seven. Thank you to the 19, who told us candidly why it was a chore.
                """
            ),
            "grace.adeyemi",
            65,
        ),
    ),
)

PROJECTS: tuple[MadeUpProject, ...] = (FREE_SCHOOL_MEALS, AFTER_A_DEATH, CHILDCARE_MAP)
