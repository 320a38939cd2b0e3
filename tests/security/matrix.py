"""Who may ask what: for each route and method, what each kind of caller is answered, inside its scope and outside.

Written by hand from the doors (who they are for) and the roles (what they do); the program is compared with it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

CALLERS: Final = (
    "", "Giver", "machine", "hub", "trust", "auditor", "ledger auditor", "admin", "Ann", "reading token",
    "writing token", "reporting token",
)  # fmt: skip
"""Nobody; a member; a client of two schools; the coordinator that runs the partnership; that of a trust, and the
trust's auditor; the auditor of the ledger; the admin; a member who is signed in; tokens of one scope of the client."""


class Cells(NamedTuple):
    """One letter for each caller: (o)k, not (s)igned in, (f)orbidden, (a)bsent, (w)rong request, which comes after
    authority; (p) led to the page for signing in; (-) not asked here, because it would change the world of these tests.
    `outside` is asked about the other cluster, `absent` about what nobody has: the two are the same."""

    inside: str
    outside: str = ""


#                      .mch taAa srwp
ALL = Cells("oooooooooooo")  # asks for no credential
NONE = Cells("aaaaaaaaaaaa")  # nothing there by this address, whoever asks
KNOWN = Cells("sooooooooooo")  # for everybody with a credential: the directory
DIRECTORY = Cells("sooooooooooo", "sooooooooooo")
FACTS = Cells("soooooofooff")  # scope events:read; an admin reads none
FACT = Cells("soooooofooff", "saaaaaofaaff")
FIGURES = Cells("soooooofoffo")  # scope reports:read
FIGURE = Cells("soooooofoffo", "saaaaaofaffa")
AUDITS = Cells("sffoooofffff")  # coordinators and auditors alone
ADMINS = Cells("sffffffoffff")
ADMIN = Cells("sffffffoffff", "sffffffoffff")  # an admin sees to everybody's
ADMIN_DOES = Cells("------------", "sffffff-ffff")
POSTS = Cells("swwwwwwwwfwf")  # scope events:write; who may say what: `test_voices`
OWN = Cells("soaaaaafaaff", "saaaaaafaaff")  # one credential's alone
OWN_OR_ADMIN = Cells("soaaaaaoaaff", "saaaaaaoaaff")
OWN_DOES = Cells("------------", "saaaaaafaaff")
OWN_OR_ADMIN_DOES = Cells("------------", "saaaaaa-aaff")
ACCOUNT = Cells("ppppppppoppp")  # pages for who is signed in
FORM = Cells("ffffffffffff")  # no form of ours sent it: a cookie alone says nothing
NO_VISIT = Cells("wwwwwwwwwwww")  # a step of signing in that nobody began

ROUTES: Final[dict[str, Cells]] = {
    "GET /.well-known/oauth-authorization-server": ALL,
    "GET /account": ACCOUNT,
    "GET /account/letters": ACCOUNT,
    "POST /account/letters/address": FORM,
    "POST /account/letters/no-address": FORM,
    "POST /account/letters/weekly": FORM,
    "GET /account/letters/proof/<string:token>": Cells("ppppppppwppp"),
    "POST /account/letters/proof/<string:token>": FORM,
    "GET /account/password": ACCOUNT,
    "POST /account/password": FORM,
    "POST /account/recovery-codes": FORM,
    "GET /account/second-factor": ACCOUNT,
    "POST /account/second-factor": FORM,
    "POST /account/sessions/end": FORM,
    "GET /asyncapi.json": ALL,
    "GET /docs": ALL,
    "GET /docs/reference.css": ALL,
    "GET /healthz": ALL,
    "GET /join/<string:token>": NONE,
    "POST /join/<string:token>": FORM,
    "GET /join/<string:token>/with/<string:name>": NONE,
    "GET /join/second-factor": NO_VISIT,
    "POST /join/second-factor": FORM,
    "GET /letters/off/<string:token>": NONE,
    "POST /letters/off/<string:token>": NONE,  # the address is all that is needed
    "GET /oauth/jwks": ALL,
    "POST /oauth/token": NO_VISIT,
    "GET /openapi.json": ALL,
    "GET /readyz": ALL,
    "GET /sign-in": ALL,
    "POST /sign-in": FORM,
    "GET /sign-in/again": ACCOUNT,
    "POST /sign-in/again": FORM,
    "GET /sign-in/back": NO_VISIT,
    "GET /sign-in/recovery-code": NO_VISIT,
    "POST /sign-in/recovery-code": FORM,
    "GET /sign-in/second-factor": NO_VISIT,
    "POST /sign-in/second-factor": FORM,
    "GET /sign-in/with/<string:name>": NONE,
    "POST /sign-out": FORM,
    "GET /static/<path:filename>": ALL,
    "GET /v1/access-log": FACTS,
    "GET /v1/audit/questions": AUDITS,
    "GET /v1/audit/trail": AUDITS,
    "GET /v1/board/matches": FIGURES,
    "GET /v1/board/offers": FIGURES,
    "GET /v1/board/requests": FIGURES,
    "POST /v1/calendar-feeds": Cells("soooooofofff"),  # a token is too short-lived for one
    "GET /v1/calendar-feeds": FIGURES,
    "DELETE /v1/calendar-feeds/<uuid:feed_id>": Cells("------------", "saaaaaafaffa"),
    "GET /v1/calendar/<string:feed>.ics": NONE,
    "GET /v1/calendars": KNOWN,
    "POST /v1/credentials": Cells("sffffff-ffff"),
    "GET /v1/credentials": ADMINS,
    "GET /v1/credentials/<uuid:credential_id>": ADMIN,
    "DELETE /v1/credentials/<uuid:credential_id>": ADMIN_DOES,
    "POST /v1/credentials/<uuid:credential_id>/rotate": ADMIN_DOES,
    "POST /v1/events": POSTS,
    "GET /v1/events": FACTS,
    "GET /v1/events/<uuid:event_id>": FACT,
    "GET /v1/events/<uuid:event_id>/record": FACT,
    "GET /v1/frameworks": KNOWN,
    "GET /v1/inbox": FIGURES,
    "POST /v1/invitations": Cells("sffffff-ffff"),
    "GET /v1/invitations": ADMINS,
    "GET /v1/invitations/<uuid:invitation_id>": ADMIN,
    "DELETE /v1/invitations/<uuid:invitation_id>": ADMIN_DOES,
    "GET /v1/me": KNOWN,
    "GET /v1/network/reciprocity": FIGURES,
    "GET /v1/organisations": KNOWN,
    "GET /v1/organisations/<uuid:organisation_id>": DIRECTORY,
    "GET /v1/organisations/<uuid:organisation_id>/balance": FIGURE,
    "GET /v1/organisations/<uuid:organisation_id>/governors": FIGURE,
    "GET /v1/organisations/<uuid:organisation_id>/history": FACT,
    "GET /v1/organisations/<uuid:organisation_id>/landscape": FIGURE,
    "GET /v1/organisations/<uuid:organisation_id>/partners": FIGURE,
    "GET /v1/organisations/<uuid:organisation_id>/statement": FIGURE,
    "GET /v1/partnerships": FACTS,
    "GET /v1/partnerships/<uuid:partnership_id>": FACT,
    "GET /v1/partnerships/<uuid:partnership_id>/balances": FIGURE,
    "GET /v1/partnerships/<uuid:partnership_id>/health": FIGURE,
    "GET /v1/partnerships/<uuid:partnership_id>/health/history": FIGURE,
    "GET /v1/partnerships/<uuid:partnership_id>/history": FACT,
    "GET /v1/partnerships/<uuid:partnership_id>/reciprocity": FIGURE,
    "GET /v1/partnerships/<uuid:partnership_id>/way-out": FIGURE,
    "GET /v1/partnerships/<uuid:partnership_id>/withdrawal-points": FIGURE,
    "GET /v1/people/<uuid:person_id>": FACT,
    "GET /v1/practices": FIGURES,
    "GET /v1/practices/<uuid:practice_id>": FIGURE,
    "GET /v1/problems": ALL,
    "GET /v1/problems/<string:code>": ALL,
    "GET /v1/programmes/report": FIGURES,
    "GET /v1/projections": ADMINS,
    "POST /v1/projections/<string:name>/rebuild": Cells("sffffffaffff"),
    "GET /v1/reviews": FIGURES,
    "GET /v1/reviews/<uuid:review_id>": FIGURE,
    "GET /v1/schemas": ALL,
    "GET /v1/schemas/<string:type_name>/<int:version>": ALL,
    "GET /v1/stream": FACTS,
    "GET /v1/streams/<uuid:stream_id>": FACT,
    "GET /v1/streams/<uuid:stream_id>/events": FACT,
    "GET /v1/support/<uuid:support_id>": FACT,
    "GET /v1/trusts/<uuid:trust_id>/overview": Cells("saaaooofaffa", "saaaaaofaffa"),  # the trust's own, and auditors'
    "POST /v1/webhooks": Cells("soooooofsoff"),  # made with a credential: a session has none
    "GET /v1/webhooks": Cells("soooooooooff"),
    "GET /v1/webhooks/<uuid:webhook_id>": OWN_OR_ADMIN,
    "DELETE /v1/webhooks/<uuid:webhook_id>": OWN_OR_ADMIN_DOES,
    "GET /v1/webhooks/<uuid:webhook_id>/deliveries": OWN,
    "POST /v1/webhooks/<uuid:webhook_id>/redeliver": OWN_DOES,
    "POST /v1/webhooks/<uuid:webhook_id>/resume": OWN_DOES,
    "POST /v1/webhooks/<uuid:webhook_id>/rotate": OWN_DOES,
    "POST /v1/webhooks/<uuid:webhook_id>/skip": OWN_DOES,
    "POST /v1/webhooks/<uuid:webhook_id>/test": OWN_DOES,
    "GET /waiting": ACCOUNT,
}
