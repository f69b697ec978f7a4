"""Made-up titles and texts, in which words are as rare and as common as in real ones.

A few words stand in every third text, most in one of a hundred, names of places and systems in one of several hundred:
a word's chance falls with its place in its list. So a search for two words finds anything from nothing to thousands of
projects, as it does in earnest; half of them find fewer than one project in two hundred.
"""

from functools import lru_cache
from itertools import accumulate
from random import Random


def _listed(words: str) -> list[str]:
    return words.split()


DOINGS = _listed(
    """
    improving sharing designing testing building rethinking joining simplifying opening mapping replacing
    measuring publishing piloting learning reviewing extending automating understanding preparing translating
    comparing tracking supporting connecting reducing predicting planning rescuing migrating
    """
)
QUALITIES = _listed(
    """
    shared digital local online better simple open common regional accessible rural seasonal bilingual paperless
    accurate early fair joint timely mobile quiet coastal voluntary lasting urgent temporary reliable affordable
    neighbourhood statutory
    """
)
THINGS = _listed(
    """
    repairs form service record referral payment permit licence collection assessment booking register complaint
    map calendar invoice directory consultation inspection allowance alert parking letter survey library pothole
    fostering adoption tenancy recycling bin school transport meal garden allotment burial marriage birth election
    poll petition flood gritting streetlight tree hedge playground museum archive theatre swimming gym market
    stall taxi pub alcohol gambling scrapyard kennel zoo food hygiene noise smoke asbestos drain sewer culvert
    bridge ferry harbour beach lifeguard cycle bus shelter tram kerb crossing verge bollard grant bursary voucher
    refund rebate arrears debt bailiff budget ledger procurement contract tender framework supplier catalogue
    chatbot dashboard spreadsheet sensor drone telecare hoist ramp stairlift wheelchair carer respite hospice
    dementia autism speech therapy nursery childminder crèche apprenticeship mentor veteran refugee traveller
    sanctuary interpreter braille podcast newsletter
    """
)
PEOPLE = _listed(
    """
    residents tenants carers families businesses landlords pupils parents councillors officers visitors volunteers
    motorists planners teachers shopkeepers farmers clerks patients leaseholders
    """
)
VERBS = _listed(
    """
    wait call write travel ask pay apply report search repeat print post sign check follow lose miss share need
    find
    """
)
PLACE_BEGINNINGS = _listed(
    "Al Bram Cul Dun East Farn Gold Hather Inch Kel Lang Mar Nor Ock Pen Quar Row Stan Thorn West"
)
PLACE_ENDINGS = _listed(
    "borough bridge bury by cliffe combe dale field ford gate ham ley low mere mouth stead ton wick wold worth"
)
PLACES = [beginning + ending for beginning in PLACE_BEGINNINGS for ending in PLACE_ENDINGS]
SYSTEM_BEGINNINGS = _listed(
    "Ask Bin Care Case Civic Clear Door Ever Fix Fore Grant Help Home Key Match Near Park Pay Safe Tell"
)
SYSTEM_ENDINGS = _listed(
    "base beam desk dial flow grid hub line link loop mark path pilot point port stream track view well wise"
)
SYSTEMS = [beginning + ending for beginning in SYSTEM_BEGINNINGS for ending in SYSTEM_ENDINGS]
"""Places and computer systems that do not exist, four hundred each."""

SENTENCES_KEPT = 20_000


@lru_cache(maxsize=16)
def _chances(number: int) -> list[float]:
    """Chances that fall as 1/10, 1/11, 1/12 …, added up."""
    return list(accumulate(1 / place for place in range(10, number + 10)))


class Writer:
    """Writes texts. The same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.sentences = [self._sentence() for _ in range(SENTENCES_KEPT)]

    def _some(self, words: list[str], number: int) -> list[str]:
        return self.random.choices(words, cum_weights=_chances(len(words)), k=number)

    def _sentence(self) -> str:
        who, whom = self._some(PEOPLE, 2)
        what, other = self._some(THINGS, 2)
        how, like = self._some(QUALITIES, 2)
        verb, then = self._some(VERBS, 2)
        doing = self._some(DOINGS, 1)[0]
        place, system = self.random.choice(PLACES), self.random.choice(SYSTEMS)
        shapes = (
            f"Most {who} {verb} about a {how} {what} before they {then}, and {system} tells the team too late.",
            f"We are {doing} the {how} {what} with {place} because {who} and {whom} {verb} twice for one answer.",
            f"Where {system} is {how}, {who} {then} for a {like} {other} instead of a {what}.",
            f"In {place} the {how} {what} is kept apart from {system}, so {who} {verb} and {whom} {then} again.",
        )
        return self.random.choice(shapes)

    def title(self) -> str:
        """A title of five to seven words."""
        doing, (what, other), how = self._some(DOINGS, 1)[0], self._some(THINGS, 2), self._some(QUALITIES, 1)[0]
        return f"{doing.capitalize()} a {how} {what} {other} for {self._some(PEOPLE, 1)[0]}"

    def text(self, number: int) -> list[str]:
        """So many sentences."""
        return self.random.choices(self.sentences, k=number)

    def summary(self) -> str:
        """One sentence of at most 300 characters."""
        return self.random.choice(self.sentences)


def two_word_queries(number: int, seed: int = 7) -> list[str]:
    """Pairs of words as people type them: a thing with another, a quality, a place or a system."""
    random = Random(seed)
    queries: list[str] = []
    while len(queries) < number:
        first = random.choice((THINGS, QUALITIES, PLACES, SYSTEMS))
        pair = [random.choices(words, cum_weights=_chances(len(words)))[0] for words in (first, THINGS)]
        query = " ".join(pair)
        if pair[0] != pair[1] and query not in queries:
            queries.append(query)
    return queries
