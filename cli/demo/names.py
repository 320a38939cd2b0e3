"""Who is in the demonstration: invented authorities, hubs, trusts and 67 schools in 13 clusters of four to seven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class AuthorityPlan:
    """A local authority with a code outside those in use, and by how many days its school year is shifted."""

    code: str
    name: str
    shift_days: int


@dataclass(frozen=True, slots=True)
class TrustPlan:
    key: str
    name: str
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """A partnership to be: `authority` is a code, `coordinator` the key of a hub or trust, schools are (key, name)."""

    key: str
    name: str
    authority: str
    coordinator: str
    purpose: str
    focus: tuple[str, ...]
    schools: tuple[tuple[str, str], ...]


AUTHORITIES: Final = (
    AuthorityPlan("990", "Harrowmere Council", 0),
    AuthorityPlan("991", "Wendlesham County Council", 1),
    AuthorityPlan("992", "Calderwick City Council", 2),
    AuthorityPlan("993", "Tarnbeck Borough Council", 0),
)

HUBS: Final = {
    "harrowmere-hub": ("Harrowmere Learning Hub", "990"),
    "wendlesham-hub": ("Wendlesham Schools Partnership Office", "991"),
    "calderwick-hub": ("Calderwick Teaching Hub", "992"),
    "tarnbeck-hub": ("Tarnbeck Collaborative", "993"),
}

TRUSTS: Final = (
    TrustPlan(
        "kestrel-vale", "Kestrel Vale Schools Trust", ("kestrel-rise", "merlin", "harrier-lane", "osprey", "hobby-hill")
    ),
    TrustPlan("hollowbridge", "Hollowbridge Learning Trust", ("northfield", "willowbank", "withy-green", "towpath")),
    TrustPlan("three-becks", "Three Becks Academy Trust", ("heatherfield", "curlew", "moorgate", "waterside")),
    TrustPlan("st-osric", "St Osric Church Schools Trust", ("st-annes", "st-marks", "st-eddas", "cloister")),
    TrustPlan("marram", "Marram Coastal Trust", ("saltings", "samphire")),
)

CLUSTERS: Final = (
    ClusterPlan(
        "harbour", "Harbour Cluster", "990", "harrowmere-hub",
        "Every child leaves our schools a confident mathematician",
        ("maths", "curriculum", "teaching_and_learning", "business_management"),
        (
            ("northfield", "Northfield Primary School"), ("ashfield", "Ashfield Primary School"),
            ("oakwood", "Oakwood Junior School"), ("elm-park", "Elm Park Primary School"),
            ("st-annes", "St Anne's Church of England Primary School"), ("fairmead", "Fairmead Infant School"),
        ),
    ),
    ClusterPlan(
        "riverside", "Riverside Cluster", "990", "harrowmere-hub",
        "Reading for pleasure and for meaning in every classroom",
        ("english", "early_years", "staff_development"),
        (
            ("beechcroft", "Beechcroft Primary School"), ("willowbank", "Willowbank Primary School"),
            ("bridge-street", "Bridge Street Primary School"), ("st-marks", "St Mark's Church of England School"),
            ("ferry-lane", "Ferry Lane Primary School"),
        ),
    ),
    ClusterPlan(
        "hilltop", "Hilltop Cluster", "990", "harrowmere-hub",
        "Science and computing taught by people who know them well",
        ("curriculum", "teaching_and_learning", "resources"),
        (
            ("stanmoor", "Stanmoor High School"), ("hillcrest", "Hillcrest Primary School"),
            ("windmill-lane", "Windmill Lane Primary School"), ("broomfield", "Broomfield Primary School"),
            ("st-oswins", "St Oswin's Primary School"),
        ),
    ),
    ClusterPlan(
        "old-town", "Old Town Cluster", "990", "harrowmere-hub",
        "One shared approach to behaviour from nursery to the end of primary",
        ("behaviour", "leadership", "staff_development"),
        (
            ("market-cross", "Market Cross Primary School"), ("castle-view", "Castle View Infant School"),
            ("st-eddas", "St Edda's Church of England School"), ("priory-park", "Priory Park Primary School"),
        ),
    ),
    ClusterPlan(
        "moorland", "Moorland Cluster", "991", "wendlesham-hub",
        "Small schools that together teach the whole curriculum",
        ("curriculum", "peer_review", "maths", "resources"),
        (
            ("heatherfield", "Heatherfield Primary School"), ("blackthorn", "Blackthorn Lane Primary School"),
            ("tarn-view", "Tarn View Primary School"), ("peat-lane", "Peat Lane Primary School"),
            ("curlew", "Curlew Primary School"), ("moorgate", "Moorgate High School"),
            ("gorse-hill", "Gorse Hill Primary School"),
        ),
    ),
    ClusterPlan(
        "three-valleys", "Three Valleys Cluster", "991", "wendlesham-hub",
        "Children with additional needs thrive in their local school",
        ("send", "maths", "staff_development"),
        (
            ("thornwick", "Thornwick Primary School"), ("withy-green", "Withy Green Primary School"),
            ("longmead", "Longmead Special School"), ("brook-end", "Brook End Primary School"),
            ("deepdale", "Deepdale Junior School"),
        ),
    ),
    ClusterPlan(
        "canal", "Canal Cluster", "991", "wendlesham-hub",
        "Leaders at every level who stay and grow",
        ("leadership", "governance", "business_management"),
        (
            ("lockside", "Lockside Primary School"), ("towpath", "Towpath Primary School"),
            ("narrowgate", "Narrowgate Junior School"), ("wharf-road", "Wharf Road Primary School"),
            ("basin-street", "Basin Street Infant School"), ("waterside", "Waterside High School"),
        ),
    ),
    ClusterPlan(
        "coast-road", "Coast Road Cluster", "991", "wendlesham-hub",
        "Attendance that recovers and lasts",
        ("safeguarding", "data", "behaviour"),
        (
            ("saltings", "Saltings Primary School"), ("samphire", "Samphire Primary School"),
            ("lighthouse-lane", "Lighthouse Lane Primary School"), ("dunes", "Dunes Primary School"),
        ),
    ),
    ClusterPlan(
        "minster", "Minster Cluster", "992", "calderwick-hub",
        "Writing that children are proud to read aloud",
        ("english", "peer_review", "teaching_and_learning"),
        (
            ("minster-yard", "Minster Yard Primary School"), ("cloister", "Cloister Primary School"),
            ("bell-lane", "Bell Lane Primary School"), ("lantern-hill", "Lantern Hill Primary School"),
            ("abbey-fields", "Abbey Fields Primary School"),
        ),
    ),
    ClusterPlan(
        "quayside", "Quayside Cluster", "992", "calderwick-hub",
        "Early language for every child who joins us",
        ("early_years", "english", "send"),
        (
            ("millgate", "Millgate Primary School"), ("coopers-row", "Cooper's Row Primary School"),
            ("ropewalk", "Ropewalk Primary School"), ("anchor-street", "Anchor Street Primary School"),
            ("chandlers-green", "Chandler's Green School"), ("tidemill", "Tidemill High School"),
        ),
    ),
    ClusterPlan(
        "foundry", "Foundry Cluster", "992", "calderwick-hub",
        "Shared business services that free heads to teach",
        ("business_management", "data", "governance"),
        (
            ("foundry-lane", "Foundry Lane Primary School"), ("furnace-hill", "Furnace Hill Primary School"),
            ("anvil-road", "Anvil Road Primary School"), ("smithy-lane", "Smithy Lane Primary School"),
            ("bellows-street", "Bellows Street Junior School"),
        ),
    ),
    ClusterPlan(
        "kestrel", "Kestrel Vale Schools", "993", "kestrel-vale",
        "Autonomous schools under a common banner",
        ("teaching_and_learning", "curriculum", "leadership"),
        (
            ("kestrel-rise", "Kestrel Rise Academy"), ("merlin", "Merlin Primary Academy"),
            ("harrier-lane", "Harrier Lane Academy"), ("osprey", "Osprey Junior Academy"),
            ("hobby-hill", "Hobby Hill Academy"),
        ),
    ),
    ClusterPlan(
        "fenside", "Fenside Cluster", "993", "calderwick-hub",
        "Four village schools that share what none could pay for alone",
        ("resources", "staff_development", "early_years"),
        (
            ("fen-end", "Fen End Primary School"), ("reedmere", "Reedmere Primary School"),
            ("sluice-road", "Sluice Road Primary School"), ("drovers-lane", "Drovers Lane Primary School"),
        ),
    ),
)  # fmt: skip

FIRST_NAMES: Final = (
    "Amara", "Bryn", "Catrin", "Dilip", "Esme", "Farid", "Greta", "Hamish", "Imani", "Jonas", "Keira", "Leon", "Maeve",
    "Nadia", "Owen", "Priya", "Quentin", "Rosalind", "Samir", "Tamsin", "Ursula", "Vikram", "Wilfred", "Yasmin",
)  # fmt: skip
LAST_NAMES: Final = (
    "Abernethy", "Bexwell", "Carrow", "Dunmore", "Ellery", "Fenwright", "Galloway", "Hartnell", "Ismay", "Jessop",
    "Kilbride", "Larkham", "Mottram", "Nethercott", "Okafor", "Penhallow", "Quayle", "Rathbone", "Stanway", "Tolliver",
    "Upjohn", "Vance", "Wetherall", "Yarrow", "Zielinski",
)  # fmt: skip
