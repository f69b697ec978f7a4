"""Words of the trade that mean the same, so that a council's *bins* find another's *refuse*. Pure.

Each line is one meaning; the first word names it. Only words that mean the same whatever the work is stand here:
councils have called these things by different names for as long as there have been councils. The list is our own; it
is about the services of councils, not about any project. Words are as `terms.py` cuts them, and two words that count
as one are joined by a hyphen ("blue-badge").
"""

_LINES = """
waste refuse rubbish garbage trash gwastraff
bin bins wheelie recycling recyclate kerbside ailgylchu
flytip fly-tipping flytipping fly-tip dumping dumped
litter littering street-cleaning street-cleansing cleansing
bulky bulky-waste mattress sofa furniture
pothole potholes carriageway resurfacing tyllau
road roads highway highways street-works streetworks ffyrdd
pavement footway footpath kerb
repair repairs maintenance mending fixing mend fix faults atgyweirio atgyweiriadau
housing homes dwelling dwellings houses tai cartrefi
tenant tenants tenancy tenancies leaseholder renter renters tenantiaid
landlord landlords letting lettings rented
damp mould mold mouldy condensation lleithder
homeless homelessness temporary-accommodation rough-sleeping rough-sleeper sleeping-rough hostel digartref digartrefedd
allocation allocations waiting-list housing-register choice-based
planning planner planners cynllunio
building-control building-inspector building-regulations
licence licensing licences license licensed licensee trwyddedu
taxi taxis minicab private-hire hackney-carriage cab
parking park-permit permit permits parcio
blue-badge disabled-parking disabled-badge
bus buses passenger-transport public-transport
cycling cycle bicycle bike bikes active-travel walking
flood flooding floods floodwater llifogydd
river rivers brook brooks burn burns stream watercourse gully gullies drain drains culvert drainage
sensor sensors gauge gauges iot lorawan telemetry
gritting grit gritter salting winter-maintenance
tree trees woodland canopy coed
carbon emissions net-zero decarbonisation decarbonise climate greenhouse hinsawdd
retrofit insulation insulate energy-efficiency heat-pump
electric-vehicle ev-charging chargepoint chargepoints charge-point charging-point
air-quality air-pollution pollution
child children kids young-people youth plant plentyn
looked-after children-in-care foster fostering carers-foster children-looked foster-carer foster-carers maethu
safeguarding child-protection
family families teulu teuluoedd
special-educational special-needs ehcp education-health ehc-plan care-plans ehc send-transport send-pupils
school schools pupil pupils classroom ysgol ysgolion
admission admissions school-place school-places
nursery childcare early-years preschool pre-school
adult-social social-care adult-care gofal
carer carers caring unpaid-carer unpaid-carers gofalwyr
older-people elderly older frail ageing
dementia alzheimers
care-home care-homes residential-care nursing-home
domiciliary home-care homecare
telecare monitoring-device assistive-technology technology-enabled pendant alarm
falls falling fall-prevention
disability disabled disabilities anabl
mental-health wellbeing anxiety
loneliness lonely isolation isolated befriending unigrwydd
social-prescribing community-referral link-worker link-workers
voluntary charity charities volunteer volunteers volunteering third-sector gwirfoddol
grant grants funding-award grantiau
directory directories listing signpost signposting service-finder
food-bank foodbank food-poverty food-banks
benefit benefits universal-credit housing-benefit welfare budd-daliadau
council-tax ctax treth
business-rates non-domestic rateable
debt arrears collection-of-debt money-owed overdue debts dyled
payment payments paying pay income taliadau
invoice invoices invoicing supplier-payment purchase-to-pay
procurement supplier suppliers tender tenders tendering procure commissioning buying contracts contract caffael
library libraries borrowing lending llyfrgell llyfrgelloedd
museum museums archive archives heritage
leisure gym sports swimming pools hamdden
park parks green-space green-spaces playground playgrounds play-area
allotment allotments
cemetery cemeteries burial burials crematorium cremation grave graves
birth births marriage marriages registrar registrars register-office
death deaths bereavement bereaved deceased dying funeral funerals
election elections electoral poll polling ballot voter voters voting etholiad
councillor councillors elected-member elected-members cynghorydd
meeting meetings committee committees cabinet minutes agenda agendas
consultation consultations have-say engagement engaging ymgynghori
website websites webpage webpages drupal cms wordpress gwefan
chatbot chatbots chat-bot virtual-assistant conversational webchat
voice-assistant alexa smart-speaker talking-assistant
call-centre contact-centre call-handling switchboard customer-services telephony
artificial-intelligence ai machine-learning generative copilot llm chatgpt large-language
automation automate automated robotic rpa
data-sharing information-sharing sharing-agreement
freedom-information foi subject-access sar information-requests information-request foi-request
complaint complaints grievance ombudsman cwynion
accessibility accessible wcag screen-reader
digital-inclusion digital-exclusion digital-skills getting-online devices tablets laptops cynhwysiant
translation translations translate translating interpreter interpreters bilingual cyfieithu
welsh cymraeg cymru
letter letters correspondence llythyr llythyrau
cyber cybersecurity cyber-security phishing ransomware
cloud hosting datacentre data-centre
identity identity-check verify login sign-on single-sign
map maps mapping gis geospatial uprn
dashboard dashboards visualisation analytics power-bi
predict prediction predictive forecast forecasting model modelling
recruitment recruit recruiting hiring vacancies vacancy job-adverts applicant-tracking recriwtio
apprentice apprentices apprenticeship apprenticeships trainee prentisiaid
training learning-course e-learning elearning hyfforddiant
staff workforce employee employees staff-absence sickness staff
hybrid-working remote-working home-working working-from-home hot-desk
estate estates office-space property-assets assets depot
fleet vehicles vehicle van vans
pest rats rodent infestation
food-hygiene food-safety food-business environmental-health
trading-standards rogue-trader scams scam doorstep-crime
antisocial anti-social asb
noise noisy loud loud-music nuisance noise-nuisance
cctv surveillance camera cameras
domestic-abuse domestic-violence perpetrator
emergency resilience civil-contingency emergency-planning incident
refugee refugees asylum migrant migrants resettlement ukraine
vaccination vaccine immunisation
smoking tobacco vaping
drug alcohol substance-misuse addiction
obesity healthy-weight physical-activity
warm-space warm-spaces warm-hub warm-hubs warm-bank warm-room warm-rooms
crowd social-distancing crowds crowded crowding busy busyness footfall
beach beaches seaside coast coastal shoreline
event events festival street-party
market markets stallholder stall
high-street town-centre shops retail
hmo multiple-occupation shared-houses shared-house houses-multiple
empty-property empty-homes empty-home vacant-homes
biodiversity nature nature-recovery wildlife habitat verges pollinators
tourist tourism visitor visitors
missed missing overlooked uncollected
street-light street-lights streetlight streetlights street-lighting lamp-post lamp-posts lamp-column lighting
parking-fine parking-ticket penalty-charge pcn
bus-pass concessionary-travel concessionary-fare
school-transport school-bus home-school
grass-cutting grass mowing grounds-maintenance
fraud fake impersonation
school-meals free-school school-dinners school-lunch
social-worker social-workers social-work caseworker caseworkers
family-hub family-hubs children-centre sure-start
pandemic covid coronavirus
gp gps doctor doctors nhs surgery
dangerous-structure dangerous-building unsafe-building
local-plan planning-policy development-plan
site-notice site-notices planning-notice
invalid incomplete validation
out-of-hours after-hours standby
plain-english plain-language readability
open-source shared-code code-sharing
low-code no-code
statutory-return statutory-returns data-return data-returns returns
data-protection gdpr privacy dpia
drone drones aerial lidar
rota rotas roster rosters
induction onboarding new-starter new-starters
social-media facebook twitter tweet instagram
troll abusive banning blocking
user-research usability
road-closure road-closures street-closure
appointment appointments booking bookings book slot slots
photograph photographs photo photos picture pictures image images
"""

_MEANING: dict[str, str] = {}
for _line in _LINES.strip().splitlines():
    _words = _line.split()
    for _word in _words:
        _MEANING.setdefault(_word, _words[0])

MEANINGS: dict[str, tuple[str, ...]] = {}
for _word, _first in _MEANING.items():
    MEANINGS[_first] = (*MEANINGS.get(_first, ()), _word)
"""All the words of each meaning, by its first."""


def meaning_of(word: str) -> str | None:
    """The word that names what this one means; None for words that stand for themselves. Two words are joined by a
    hyphen."""
    return _MEANING.get(word)
