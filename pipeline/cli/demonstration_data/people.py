"""The made-up councils of the demonstration and the people who work for them."""

from pipeline.cli.demonstration_data.shapes import (
    MadeUpCouncil,
    MadeUpOfficer,
    MadeUpSetting,
    MadeUpWebhook,
    days,
    pounds,
)

COUNCILS: tuple[MadeUpCouncil, ...] = (
    MadeUpCouncil(
        "northborough", "Northborough Council", "Northborough", "unitary", "England", "Yorkshire and The Humber"
    ),
    MadeUpCouncil(
        "eastmere", "Eastmere District Council", "Eastmere", "non-metropolitan district", "England", "East of England"
    ),
    MadeUpCouncil(
        "wexcombe", "Wexcombe District Council", "Wexcombe", "non-metropolitan district", "England", "South West"
    ),
    MadeUpCouncil(
        "tallow-bridge",
        "Tallow Bridge Metropolitan Borough Council",
        "Tallow Bridge",
        "metropolitan district",
        "England",
        "North West",
    ),
    MadeUpCouncil("port-ellis", "Port Ellis Council", "Port Ellis", "scottish unitary", "Scotland", "Scotland"),
    MadeUpCouncil("hartsea", "Hartsea County Council", "Hartsea", "county", "England", "South East"),
    MadeUpCouncil(
        "glan-aur",
        "Glan Aur County Council",
        "Glan Aur",
        "welsh unitary",
        "Wales",
        "Wales",
        name_cy="Cyngor Sir Glan Aur",
    ),
    MadeUpCouncil("oakenfell", "Oakenfell Council", "Oakenfell", "unitary", "England", "North East"),
    MadeUpCouncil("wharfside", "London Borough of Wharfside", "Wharfside", "london borough", "England", "London"),
    MadeUpCouncil(
        "lough-derrin",
        "Lough Derrin District Council",
        "Lough Derrin",
        "northern ireland district",
        "Northern Ireland",
        "Northern Ireland",
    ),
    MadeUpCouncil(
        "thornmere",
        "Thornmere Borough Council",
        "Thornmere",
        "non-metropolitan district",
        "England",
        "West Midlands",
    ),
    MadeUpCouncil(
        "saltreed",
        "Saltreed District Council",
        "Saltreed",
        "non-metropolitan district",
        "England",
        "South West",
        followed_by="westreed",
    ),
    MadeUpCouncil(
        "marlcombe",
        "Marlcombe District Council",
        "Marlcombe",
        "non-metropolitan district",
        "England",
        "South West",
        followed_by="westreed",
    ),
)

SUCCESSORS: tuple[MadeUpCouncil, ...] = (
    MadeUpCouncil("westreed", "Westreed Council", "Westreed", "unitary", "England", "South West"),
)
"""Councils that begin on the day of the loading, in place of others."""

OFFICERS: tuple[MadeUpOfficer, ...] = (
    MadeUpOfficer(
        "priya.raman",
        "Priya Raman",
        "Digital service manager",
        "northborough",
        is_named=True,
        can_be="An officer of Northborough, who leads a project and offers pledges for her council.",
        can_be_cy="Swyddog o Northborough, sy'n arwain prosiect ac yn cynnig addewidion ar ran ei chyngor.",
    ),
    MadeUpOfficer(
        "tom.hargreaves",
        "Tom Hargreaves",
        "Head of customer services",
        "northborough",
        ("member", "authoriser"),
        can_be="An authoriser of Northborough, who signs off what his council offers to others.",
        can_be_cy="Awdurdodwr yn Northborough, sy'n cymeradwyo'r hyn y mae ei gyngor yn ei gynnig i eraill.",
    ),
    MadeUpOfficer("aisha.bello", "Aisha Bello", "Content designer", "northborough", is_named=True),
    MadeUpOfficer("gareth.lowe", "Gareth Lowe", "Housing repairs manager", "northborough"),
    MadeUpOfficer(
        "helen.marsh", "Helen Marsh", "Assistant director, resources", "northborough", ("member", "council-admin")
    ),
    MadeUpOfficer(
        "ruth.calloway",
        "Ruth Calloway",
        "Transformation lead",
        "eastmere",
        ("member", "council-admin"),
        is_named=True,
        can_be="A council admin of Eastmere, who looks after her council's people and settings.",
        can_be_cy="Gweinyddwr cyngor Eastmere, sy'n gofalu am bobl a gosodiadau ei chyngor.",
    ),
    MadeUpOfficer(
        "daniel.osei",
        "Daniel Osei",
        "Planning policy manager",
        "eastmere",
        is_named=True,
        can_be="A lead of Eastmere's project on local plan comments, with offers to answer and a draft to finish.",
        can_be_cy="Arweinydd prosiect Eastmere ar sylwadau ar y cynllun lleol, gyda chynigion i'w hateb a drafft i'w "
        "orffen.",
    ),
    MadeUpOfficer("meera.joshi", "Meera Joshi", "Finance business partner", "eastmere", ("member", "authoriser")),
    MadeUpOfficer("sam.whitlock", "Sam Whitlock", "Data analyst", "eastmere"),
    MadeUpOfficer(
        "jo.penhale",
        "Jo Penhale",
        "Customer services team leader",
        "wexcombe",
        is_named=True,
        can_be="A member of Wexcombe, whose council has no authoriser yet, so that its offers wait.",
        can_be_cy="Aelod o Wexcombe, nad oes gan ei chyngor awdurdodwr eto, felly mae ei chynigion yn aros.",
    ),
    MadeUpOfficer("martin.quick", "Martin Quick", "Waste contracts officer", "wexcombe"),
    MadeUpOfficer("farah.siddiqui", "Farah Siddiqui", "Service designer", "tallow-bridge", is_named=True),
    MadeUpOfficer(
        "kevin.ashworth", "Kevin Ashworth", "Head of adult commissioning", "tallow-bridge", ("member", "authoriser")
    ),
    MadeUpOfficer("lucy.entwistle", "Lucy Entwistle", "Product manager", "tallow-bridge", is_named=True),
    MadeUpOfficer(
        "colin.brindle", "Colin Brindle", "Corporate programmes manager", "tallow-bridge", ("member", "council-admin")
    ),
    MadeUpOfficer("catriona.macinnes", "Catriona MacInnes", "Digital inclusion officer", "port-ellis", is_named=True),
    MadeUpOfficer("ewan.baird", "Ewan Baird", "Head of roads and environment", "port-ellis", ("member", "authoriser")),
    MadeUpOfficer("iain.drummond", "Iain Drummond", "Developer", "port-ellis"),
    MadeUpOfficer("grace.adeyemi", "Grace Adeyemi", "Information governance manager", "hartsea", is_named=True),
    MadeUpOfficer(
        "peter.lindqvist", "Peter Lindqvist", "Director of place", "hartsea", ("member", "authoriser", "council-admin")
    ),
    MadeUpOfficer("olu.martins", "Olu Martins", "Highways asset manager", "hartsea", is_named=True),
    MadeUpOfficer("elin.prydderch", "Elin Prydderch", "Policy officer", "glan-aur", is_named=True),
    MadeUpOfficer(
        "rhodri.vaughan", "Rhodri Vaughan", "Head of communities", "glan-aur", ("member", "authoriser", "council-admin")
    ),
    MadeUpOfficer("sian.bevan", "Siân Bevan", "Library services manager", "glan-aur"),
    MadeUpOfficer("beth.collingwood", "Beth Collingwood", "Revenues manager", "oakenfell", is_named=True),
    MadeUpOfficer(
        "dev.chaudhry", "Dev Chaudhry", "Director of finance", "oakenfell", ("member", "authoriser", "council-admin")
    ),
    MadeUpOfficer("nadia.haddad", "Nadia Haddad", "User researcher", "wharfside", is_named=True),
    MadeUpOfficer(
        "marcus.greenidge",
        "Marcus Greenidge",
        "Director of digital and data",
        "wharfside",
        ("member", "authoriser", "council-admin"),
    ),
    MadeUpOfficer("yusuf.demir", "Yusuf Demir", "Developer", "wharfside", is_named=True),
    MadeUpOfficer("orla.mckeever", "Orla McKeever", "Building control manager", "lough-derrin", is_named=True),
    MadeUpOfficer(
        "conor.devlin", "Conor Devlin", "Head of finance", "lough-derrin", ("member", "authoriser", "council-admin")
    ),
    MadeUpOfficer("hannah.price", "Hannah Price", "Democratic services manager", "thornmere"),
    MadeUpOfficer(
        "raj.dhillon", "Raj Dhillon", "Monitoring officer", "thornmere", ("member", "authoriser", "council-admin")
    ),
    MadeUpOfficer(
        "ros.tindall", "Ros Tindall", "Head of finance", "marlcombe", ("member", "authoriser", "council-admin")
    ),
    MadeUpOfficer("nell.archer", "Nell Archer", "Parks officer", "saltreed"),
    MadeUpOfficer("piers.holt", "Piers Holt", "Head of place", "saltreed", ("member", "authoriser", "council-admin")),
    MadeUpOfficer(
        "miriam.stone",
        "Miriam Stone",
        "Coordinator",
        None,
        ("coordinator",),
        is_named=True,
        can_be="The coordinator, who tends the place and belongs to no council.",
        can_be_cy="Y cydlynydd, sy'n gofalu am y lle ac nad yw'n perthyn i unrhyw gyngor.",
    ),
)

SETTINGS: tuple[MadeUpSetting, ...] = (
    MadeUpSetting(300, "helen.marsh", officer="tom.hargreaves", half_days=days(30), pence=pounds(25_000)),
    MadeUpSetting(5, "dev.chaudhry", rule_days_ago=20),
)
"""What admins set: how far the authoriser of Northborough may go in one project; Oakenfell’s standing rule for time."""

WEBHOOKS: tuple[MadeUpWebhook, ...] = (
    MadeUpWebhook(
        24,
        "ruth.calloway",
        "https://www.eastmere.example/hooks/pipeline",
        "Our projects on www.eastmere.example",
        ("project.*", "pledge.*", "update.*"),
    ),
)
"""How the website of Eastmere is told of what its council does."""
