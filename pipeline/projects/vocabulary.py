"""The fixed words projects are sorted by: themes, phases and professions, in English and Welsh.

Themes follow the Local Government Association's list of functions (https://standards.esd.org.uk, Open Government
Licence v3.0) where it has one that fits; those without a function are our own. The list of professions is our own.
"""

from dataclasses import dataclass

from pipeline.kernel.label import Label, by_value

ESD_FUNCTION_ADDRESS = "http://id.esd.org.uk/function/{number}"


@dataclass(frozen=True, slots=True)
class Theme(Label):
    """What a project is about. `esd_functions` are numbers of the LGA's list of functions, the nearest first."""

    esd_functions: tuple[int, ...] = ()

    @property
    def esd_addresses(self) -> tuple[str, ...]:
        """The linked-data addresses of its functions."""
        return tuple(ESD_FUNCTION_ADDRESS.format(number=number) for number in self.esd_functions)


@dataclass(frozen=True, slots=True)
class Phase(Label):
    """How far the work is, with one sentence that says what that means."""

    meaning_en: str
    meaning_cy: str

    def meaning_in_language(self, language: str) -> str:
        """The sentence in Welsh for "cy", and in English otherwise."""
        return self.meaning_cy if language == "cy" else self.meaning_en


THEMES: tuple[Theme, ...] = (
    Theme("adult-social-care", "Adult social care", "Gofal cymdeithasol i oedolion", (59, 61, 60)),
    Theme("children-and-families", "Children and families", "Plant a theuluoedd", (63, 25)),
    Theme("education-and-schools", "Education and special needs", "Addysg ac anghenion ychwanegol", (23, 28, 29)),
    Theme("housing", "Housing", "Tai", (66, 67, 70)),
    Theme("homelessness", "Homelessness", "Digartrefedd", (68,)),
    Theme("planning", "Planning and building control", "Cynllunio a rheoli adeiladu", (99, 100, 101, 103)),
    Theme("waste-and-recycling", "Waste and recycling", "Gwastraff ac ailgylchu", (38, 39)),
    Theme("revenues-and-benefits", "Revenues and benefits", "Refeniw a budd-daliadau", (3, 9, 56)),
    Theme("payments-and-income", "Payments and income", "Taliadau ac incwm"),
    Theme("licensing", "Licensing", "Trwyddedu", (82,)),
    Theme("registration-and-records", "Registration and records", "Cofrestru a chofnodion", (54, 43)),
    Theme("transport-and-highways", "Transport and highways", "Trafnidiaeth a phriffyrdd", (105, 110)),
    Theme("environment-and-climate", "Environment and climate", "Yr amgylchedd a'r hinsawdd", (30, 32, 37)),
    Theme("libraries", "Libraries", "Llyfrgelloedd", (76,)),
    Theme("leisure-and-culture", "Leisure and culture", "Hamdden a diwylliant", (72,)),
    Theme("public-health", "Public health", "Iechyd y cyhoedd", (65, 34)),
    Theme("community-and-voluntary", "Community and voluntary sector", "Y gymuned a'r sector gwirfoddol", (4, 5, 57)),
    Theme("community-safety", "Community safety and emergencies", "Diogelwch cymunedol ac argyfyngau", (16, 18)),
    Theme("economy-and-business", "Economy and business", "Yr economi a busnes", (6, 7, 13)),
    Theme("democracy-and-engagement", "Democracy and engagement", "Democratiaeth ac ymgysylltu", (50, 48)),
    Theme(
        "websites-and-communications",
        "Websites, social media and communications",
        "Gwefannau, cyfryngau cymdeithasol a chyfathrebu",
        (46,),
    ),
    Theme("information-governance", "Information governance", "Llywodraethu gwybodaeth", (49,)),
    Theme("data-and-ai", "Data and artificial intelligence", "Data a deallusrwydd artiffisial"),
    Theme("digital-and-customer-services", "Digital and customer services", "Gwasanaethau digidol a chwsmeriaid"),
    Theme("digital-inclusion", "Digital inclusion", "Cynhwysiant digidol"),
)

PHASES: tuple[Phase, ...] = (
    Phase(
        "concept",
        "Concept",
        "Cysyniad",
        "An idea being talked over; nobody has started work on it.",
        "Syniad sy'n cael ei drafod; nid oes neb wedi dechrau gweithio arno.",
    ),
    Phase(
        "discovery",
        "Discovery",
        "Darganfod",
        "Finding out what the problem is and who has it, before choosing how to solve it.",
        "Canfod beth yw'r broblem a phwy sy'n ei hwynebu, cyn dewis sut i'w datrys.",
    ),
    Phase(
        "alpha",
        "Alpha",
        "Alffa",
        "Trying out different ways to solve the problem, with the people it is for.",
        "Rhoi cynnig ar wahanol ffyrdd o ddatrys y broblem, gyda'r bobl y mae ar eu cyfer.",
    ),
    Phase(
        "beta",
        "Beta",
        "Beta",
        "Building the real thing and using it with some people while it improves.",
        "Adeiladu'r peth go iawn a'i ddefnyddio gyda rhai pobl wrth iddo wella.",
    ),
    Phase(
        "live",
        "Live",
        "Byw",
        "In everyday use, looked after and still being improved.",
        "Yn cael ei ddefnyddio bob dydd, yn cael gofal ac yn dal i gael ei wella.",
    ),
    Phase(
        "retired",
        "Retired",
        "Wedi'i ymddeol",
        "No longer used or looked after.",
        "Nid yw'n cael ei ddefnyddio na'i gynnal mwyach.",
    ),
)

PROFESSIONS: tuple[Label, ...] = (
    Label("business-analyst", "Business analyst", "Dadansoddwr busnes"),
    Label("content-designer", "Content designer", "Dylunydd cynnwys"),
    Label("data-analyst", "Data analyst", "Dadansoddwr data"),
    Label("data-engineer", "Data engineer", "Peiriannydd data"),
    Label("delivery-manager", "Delivery manager", "Rheolwr cyflawni"),
    Label("developer", "Developer", "Datblygwr"),
    Label("information-governance", "Information governance officer", "Swyddog llywodraethu gwybodaeth"),
    Label("interaction-designer", "Interaction designer", "Dylunydd rhyngweithio"),
    Label("legal-adviser", "Legal adviser", "Cynghorydd cyfreithiol"),
    Label("policy-officer", "Policy officer", "Swyddog polisi"),
    Label("procurement-officer", "Procurement officer", "Swyddog caffael"),
    Label("product-manager", "Product manager", "Rheolwr cynnyrch"),
    Label("service-designer", "Service designer", "Dylunydd gwasanaethau"),
    Label("service-manager", "Service manager", "Rheolwr gwasanaeth"),
    Label("tester", "Tester", "Profwr"),
    Label("user-researcher", "User researcher", "Ymchwilydd defnyddwyr"),
)

THEME_BY_VALUE = by_value(THEMES)
PHASE_BY_VALUE = by_value(PHASES)
PROFESSION_BY_VALUE = by_value(PROFESSIONS)
