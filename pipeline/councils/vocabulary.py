"""The fixed words the register uses for where a council is and what kind of council it is.

The values are those of the register and of the API. Regions are the nine of England as the Office for National
Statistics names them; Wales, Scotland and Northern Ireland are one region each.
"""

from dataclasses import dataclass

from pipeline.kernel.label import Label, by_value

NATIONS: tuple[Label, ...] = (
    Label("England", "England", "Lloegr"),
    Label("Wales", "Wales", "Cymru"),
    Label("Scotland", "Scotland", "Yr Alban"),
    Label("Northern Ireland", "Northern Ireland", "Gogledd Iwerddon"),
)


@dataclass(frozen=True, slots=True)
class Region(Label):
    """A region and the nation it lies in."""

    nation: str


REGIONS: tuple[Region, ...] = (
    Region("East Midlands", "East Midlands", "Dwyrain Canolbarth Lloegr", "England"),
    Region("East of England", "East of England", "Dwyrain Lloegr", "England"),
    Region("London", "London", "Llundain", "England"),
    Region("North East", "North East", "Gogledd-ddwyrain Lloegr", "England"),
    Region("North West", "North West", "Gogledd-orllewin Lloegr", "England"),
    Region("South East", "South East", "De-ddwyrain Lloegr", "England"),
    Region("South West", "South West", "De-orllewin Lloegr", "England"),
    Region("West Midlands", "West Midlands", "Gorllewin Canolbarth Lloegr", "England"),
    Region("Yorkshire and The Humber", "Yorkshire and The Humber", "Swydd Efrog a'r Humber", "England"),
    Region("Wales", "Wales", "Cymru", "Wales"),
    Region("Scotland", "Scotland", "Yr Alban", "Scotland"),
    Region("Northern Ireland", "Northern Ireland", "Gogledd Iwerddon", "Northern Ireland"),
)

KINDS: tuple[Label, ...] = (
    Label("unitary", "Unitary council", "Cyngor unedol"),
    Label("county", "County council", "Cyngor sir"),
    Label("non-metropolitan district", "District council", "Cyngor dosbarth"),
    Label("metropolitan district", "Metropolitan district council", "Cyngor dosbarth metropolitan"),
    Label("london borough", "London borough", "Bwrdeistref yn Llundain"),
    Label("sui generis", "City corporation", "Corfforaeth dinas"),
    Label("combined authority", "Combined authority", "Awdurdod cyfunol"),
    Label("strategic regional authority", "Strategic regional authority", "Awdurdod rhanbarthol strategol"),
    Label("scottish unitary", "Scottish council", "Cyngor yn yr Alban"),
    Label("welsh unitary", "Welsh council", "Cyngor yng Nghymru"),
    Label("northern ireland district", "Northern Ireland district council", "Cyngor dosbarth yng Ngogledd Iwerddon"),
    Label("other body", "Other public body", "Corff cyhoeddus arall"),
)


@dataclass(frozen=True, slots=True)
class Place(Label):
    """Somewhere councils are: a region, or a nation of several. `filter` is what lists narrow to it by."""

    filter: str


_OF_REGIONS = {region.value for region in REGIONS}
PLACES: tuple[Place, ...] = (
    *(Place(one.value, one.en, one.cy, "nation") for one in NATIONS if one.value not in _OF_REGIONS),
    *(Place(one.value, one.en, one.cy, "region") for one in REGIONS),
)
"""Where councils are, each once: a nation that is one region is that region."""

PLACE_BY_SLUG = {place.slug: place for place in PLACES}
NATION_BY_VALUE = by_value(NATIONS)
REGION_BY_VALUE = by_value(REGIONS)
KIND_BY_VALUE = by_value(KINDS)
