"""
What can go wrong with a key on its way from the user to the keyring and back.

* ProviderError
  + KeyTooLong
  + KeyMalformed
  + KeyForAnotherAddress
  + KeyringMissing
  + KeyringSilent
  + KeyLeftBehind

KeyMissing, KeyringLocked and KeyUnavailable are in `errors`.
"""

from app.domain.errors import AppError, Fault, KeyMissing, KeyringLocked, ProviderError, Remedy


class KeyTooLong(ProviderError):
    title = "This is too long for an API key"
    advice = "A key has at most 1,280 characters. Copy the key alone, without the text around it."
    remedy = Remedy.KEY


class KeyMalformed(ProviderError):
    title = "This is not an API key"
    advice = "It holds a space, a line end or a letter that no key has. Copy the key alone, from the provider's page."
    remedy = Remedy.KEY


class KeyForAnotherAddress(ProviderError):
    """A variable or a command that was named for another scheme, host or port."""

    title = "The address of this provider has changed"
    advice = "Say again where its key comes from, so that it is sent to no wrong server."
    remedy = Remedy.PROVIDERS


class KeyringMissing(ProviderError):
    """There is none on this system, so there is no key in it either."""

    title = KeyMissing.title
    advice = "Enter it: this system has no keyring, so it is kept until you quit. A variable can supply it for good."
    remedy = Remedy.KEY


class KeyringSilent(ProviderError):
    title = "Your keyring does not answer"
    advice = "Press Retry to ask it again, or enter the key: it is kept until you quit."
    remedy = Remedy.RETRY


class KeyLeftBehind(ProviderError):
    title = "A key is still in your keyring"
    advice = "The provider was removed, but the keyring did not let its key go. Delete the entry there."
    remedy = Remedy.NONE


def kept_until_quit(reason: AppError) -> Fault:
    """Return what the user is told, calmly, when the keyring did not take a key."""
    title = "The key is kept until you quit"
    match reason:
        case KeyringLocked():
            return Fault(title, "Your keyring is locked. Unlock it, and the key is kept there.", remedy=Remedy.UNLOCK)
        case KeyringMissing():
            advice = "This system has no keyring. A variable or a command in Settings › Providers supplies it for good."
        case KeyringSilent():
            advice = "Your keyring does not answer. Enter the key again later to keep it there."
        case _:
            advice = "Your keyring did not take it. Enter the key again later to keep it there."
    return Fault(title, advice, reason.detail, Remedy.NONE)
