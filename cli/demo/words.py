"""What people in the demonstration write: needs, summaries, evidence and findings, by category of support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Topic:
    """One category: what is offered, what is needed, what was seen afterwards, and what a peer review looks at."""

    offer: str
    need: str
    seen: str
    area: str
    measure: str


TOPICS: Final = {
    "leadership": Topic(
        "A head with long experience walks alongside a colleague in a new post",
        "Our deputy leads the school this term and would value a steady partner to think with",
        "Leadership meetings now begin with last week's decisions and end with names and days",
        "Leadership at every level",
        "Middle leaders who say they know what they are asked to lead",
    ),
    "teaching_and_learning": Topic(
        "Lesson study in threes: plan together, teach, watch the children, talk",
        "Explanations are long and children wait; we want to see how others shorten them",
        "Teachers ask more and tell less; pupils' books show several drafts",
        "Explaining and questioning",
        "Share of lessons seen with checked understanding",
    ),
    "curriculum": Topic(
        "A sequence for history and geography from four to eleven, with the reasons for its order",
        "Our humanities units stand side by side and do not build on each other",
        "Subject leaders can say what comes before and after each unit and why",
        "Sequence of the curriculum",
        "Units with agreed end points",
    ),
    "maths": Topic(
        "A maths specialist works with your teachers on number sense and bar models",
        "Children in years four and five lose marks on reasoning; we have no specialist",
        "Times tables are quick and children draw the problem before they calculate",
        "Reasoning in mathematics",
        "Pupils at the expected score in the tables check",
    ),
    "english": Topic(
        "Two terms of work on reading fluency with texts worth reading",
        "Half of year three read accurately but without meaning",
        "Reading aloud is fluent and talk about the text has depth",
        "Reading and writing across the school",
        "Words read correctly in a minute, median of the year group",
    ),
    "send": Topic(
        "An experienced coordinator reviews plans and provision maps with yours",
        "Plans are written well and then forgotten; we need a way of living with them",
        "Each plan has three steps that the class team can name",
        "Provision for additional needs",
        "Plans whose steps were reviewed on time",
    ),
    "safeguarding": Topic(
        "A second pair of eyes on records, training and the single central record",
        "Our lead for safeguarding is new and asks for a practised colleague for a term",
        "Concerns are logged the same day and each has an owner",
        "Safeguarding culture",
        "Concerns with an owner within a day",
    ),
    "behaviour": Topic(
        "Routines that are taught, not only announced: corridors, transitions, lunch",
        "Lunchtimes spill over into lessons and staff answer differently",
        "Afternoon lessons begin on time and staff use the same five phrases",
        "Behaviour and routines",
        "Lessons that begin on time after lunch",
    ),
    "governance": Topic(
        "A chair of governors helps a board ask sharper questions",
        "Our board is new and reports to it are too long",
        "The board asked for one page and three questions, and got them",
        "Governance",
        "Board papers of two pages or fewer",
    ),
    "business_management": Topic(
        "A school business manager shared between small schools, one day each",
        "Our office is one person and the budget is due",
        "Contracts were joined and the budget closed a fortnight early",
        "Business management",
        "Savings agreed on joined contracts",
    ),
    "data": Topic(
        "Attendance data that a tutor can use on a Monday morning",
        "We collect much and use little; attendance has not recovered",
        "Families are called on the first day and the figure is moving",
        "Use of data",
        "Attendance of the ten lowest families",
    ),
    "early_years": Topic(
        "An early years lead models talk, story and play with your team",
        "Many children join us with little language",
        "Adults wait, comment and extend; quiet children start conversations",
        "Talk in the early years",
        "Children at the expected level of talk",
    ),
    "staff_development": Topic(
        "Places on our professional development programme, coaching included",
        "Two early career teachers need a mentor outside the building",
        "Coaching notes show one practised change for each fortnight",
        "Staff development",
        "Teachers who practised a change twice",
    ),
    "peer_review": Topic(
        "Two trained reviewers for two days, with a written report",
        "We want to know what we no longer notice",
        "The report named two things we had stopped seeing",
        "What visitors notice",
        "Findings acted on within a term",
    ),
    "resources": Topic(
        "Science kits, instruments and a minibus that stand idle on Thursdays",
        "We own one set of instruments for three classes",
        "Every class played together at the summer concert",
        "Resources and their use",
        "Classes with weekly access",
    ),
}  # fmt: skip

MISSED: Final = ("giver_away", "receiver_away", "illness", "weather", "inspection")
DONE: Final = (
    "All visits took place and the handover note is written",
    "Done as agreed; we meet once more at half-term for a cup of tea",
    "The work is finished and our own people carry it on",
)
COMMENTS: Final = (
    "We ask each other harder questions than a year ago",
    "Much activity; we should look more closely at what it changes for children",
    "The pairing works, the paperwork does not yet",
    "We would like to give more than we do; time is short until the summer",
)
CHALLENGE: Final = "We may ask to see the books, to talk with children without staff, and to say what we saw plainly"
