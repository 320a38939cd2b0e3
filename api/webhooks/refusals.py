"""The refusals that only webhooks have."""

from __future__ import annotations

from typing import ClassVar

from ledger.errors import Kind, Refusal


class NoSuchWebhook(Refusal):
    """No webhook under this id, or none of this credential's. Fields: `id`."""

    code = "not-found"
    kind: ClassVar[Kind] = "absent"
    title = "There is no such webhook"


class TooManyWebhooks(Refusal):
    """The credential has as many webhooks as one may have. Fields: `most`."""

    code = "too-many-webhooks"
    title = "This credential has as many webhooks as it may have"


class NoCredentialForWebhooks(Refusal):
    """A webhook stands on an API key that may read facts; there is none that allows the same as this request."""

    code = "no-credential-for-webhooks"
    title = "A webhook needs an API key to stand on"


class NotGrantable(Refusal):
    """Who may not read texts cannot have them sent. Fields: `role`."""

    code = "not-grantable"
    kind: ClassVar[Kind] = "forbidden"
    title = "This credential may not read what the webhook is to send"


class WebhookEnded(Refusal):
    """The webhook's credential has ended, and with it the webhook."""

    code = "webhook-ended"
    title = "This webhook has ended"


class NotPaused(Refusal):
    """Only a paused webhook is resumed. Fields: `state`."""

    code = "not-paused"
    title = "This webhook is not paused"


class NotBlocked(Refusal):
    """No sending of that fact has failed. Fields: `blocking_position`, what fails now (None: nothing)."""

    code = "not-blocked"
    title = "That fact is not what the webhook waits for"


class NotReached(Refusal):
    """A webhook sends again what it has passed. Fields: `reached`, its position."""

    code = "not-reached"
    title = "The webhook has not come as far as that"
