"""
Everything that can go wrong and that a user can be told about.

* AppError
  + ProviderError
    - AuthenticationFailed
    - KeyMissing
    - KeyringLocked
    - KeyUnavailable
    - AddressNotEncrypted
    - SetUpMistaken
    - AccessDenied
    - QuotaExhausted
    - Unavailable
      . RateLimited
      . ProviderOverloaded
    - UnknownModel
    - ContextTooLong
    - ContentFiltered
    - RequestRejected
    - ProviderUnreachable
      . NameNotFound
      . ConnectionRefused
      . ProxyFailed
    - ProviderTimedOut
    - CertificateRejected
      . CaFileUnusable
    - NotAnOpenAIServer
      . WebPageReceived
      . RedirectRefused
    - StreamBroken
      . AnswerGarbled
    - StreamStalled
    - AnswerEmpty
    - AnswerTooLarge
    - LocalModelFailed
      - LocalModelOutOfMemory
      - LocalModelEnded
      - LocalModelCrashed
      - ModelFileGone
      - ModelFileUnusable
    - ProviderGone
    - UnexpectedFault
  + StorageError
    - DatabaseBusy
    - DatabaseUnusable
      . DatabaseOutOfReach
    - DatabaseTooNew
    - TextUnreadable
  + NoModelReady

A bug is not an AppError: it is left to rise and ends in the log; the message it
hit is closed with UnexpectedFault so that its text is kept.

Longer than other files, so that all a user can be told is read, and compared, in one place.
"""

import math
from enum import StrEnum
from typing import NamedTuple

LONGEST_WAIT_S = 60.0  # what a provider may ask to wait and still be asked again without the user


class Remedy(StrEnum):
    """The one button that helps."""

    RETRY = "retry"
    PROVIDERS = "providers"  # Settings › Providers, at the provider
    KEY = "key"  # enter the provider's key
    UNLOCK = "unlock"  # the system's keyring, with its own prompt
    MODEL = "model"  # choose another model
    NEW_CONVERSATION = "new_conversation"
    NETWORK = "network"  # Settings › Advanced: proxy
    ALLOW_HTTP = "allow_http"  # consent to an address that is not encrypted
    LOCAL_MODEL = "local_model"  # Settings › On this computer
    NONE = "none"


class Fault(NamedTuple):
    """
    What is kept of an error with the message it ended.

    `detail` is redacted, in the server's own words. `remedy` is the button beside Retry, or instead of it.
    """

    title: str
    advice: str
    detail: str = ""
    remedy: Remedy = Remedy.RETRY


class AppError(Exception):
    """An expected failure. `title` and `advice` are sentences for the user; `detail` is for the curious."""

    title = "Something went wrong"
    advice = "Try again."
    remedy = Remedy.RETRY

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def fault(self) -> Fault:
        return Fault(self.title, self.advice, self.detail, self.remedy)


class ProviderError(AppError):
    title = "The provider could not answer"
    advice = "Press Retry to ask again."


class AuthenticationFailed(ProviderError):
    title = "The provider rejected your API key"
    advice = "Check the key in Settings › Providers, then press Retry."
    remedy = Remedy.KEY


class KeyMissing(ProviderError):
    title = "This provider needs an API key"
    advice = "Enter the key; it is kept in your system's keyring."
    remedy = Remedy.KEY


class KeyringLocked(ProviderError):
    title = "Your keyring is locked"
    advice = "The key is in it. Press Unlock… and your system asks for the keyring's password."
    remedy = Remedy.UNLOCK


class KeyUnavailable(ProviderError):
    """The variable is not set, the command failed, or the keyring does not answer."""

    title = "The API key could not be read"
    advice = "Check where the key comes from in Settings › Providers."
    remedy = Remedy.PROVIDERS


class AddressNotEncrypted(ProviderError):
    title = "This address is not encrypted"
    advice = "Anyone on the way could read what you send. Allow it only in a network that you trust."
    remedy = Remedy.ALLOW_HTTP


class SetUpMistaken(ProviderError):
    """A header or a body parameter that can't be sent."""

    title = "The provider's set-up has a mistake"
    advice = "Correct it in Settings › Providers, then press Retry."
    remedy = Remedy.PROVIDERS


class AccessDenied(ProviderError):
    title = "The provider does not allow this"
    advice = "Your key may not use this model, or not from here. Choose another model, then press Retry."
    remedy = Remedy.MODEL


class QuotaExhausted(ProviderError):
    title = "The account has no credit left"
    advice = "Check the plan and billing at the provider, then press Retry."


class Unavailable(ProviderError):
    """Not now, perhaps in a moment: nothing of an answer came. Tried again by itself, if it is not to take long."""

    title = "The provider can't answer now"
    advice = "Wait a moment, then press Retry."

    def __init__(self, detail: str = "", retry_after_s: float | None = None) -> None:
        """`retry_after_s`: how long the provider asked to wait, None if it did not say."""
        super().__init__(detail)
        self.retry_after_s = retry_after_s
        if retry_after_s is not None and retry_after_s > LONGEST_WAIT_S:
            self.advice = f"It asks to wait {_in_words(retry_after_s)}. Press Retry then, or choose another model."


class RateLimited(Unavailable):
    title = "The provider asks to slow down"


class ProviderOverloaded(Unavailable):
    title = "The provider is overloaded"
    advice = "This is on their side. Press Retry in a moment."


class UnknownModel(ProviderError):
    title = "The provider does not know this model"
    advice = "Choose another model, then press Retry."
    remedy = Remedy.MODEL


class ContextTooLong(ProviderError):
    title = "The conversation is too long for this model"
    advice = "Begin a new conversation, or choose a model with a longer context."
    remedy = Remedy.NEW_CONVERSATION

    def __init__(self, detail: str = "", limit_tokens: int | None = None, asked_tokens: int | None = None) -> None:
        """The numbers are the server's, None where it did not tell."""
        super().__init__(detail)
        self.limit_tokens, self.asked_tokens = limit_tokens, asked_tokens
        if limit_tokens is not None and asked_tokens is not None:
            self.advice = f"It has {asked_tokens:,} tokens, and {limit_tokens:,} fit. {ContextTooLong.advice}"
        elif limit_tokens is not None:
            self.advice = f"{limit_tokens:,} tokens fit. {ContextTooLong.advice}"


class ContentFiltered(ProviderError):
    title = "The provider's filter stopped this"
    advice = "The text so far is saved. Say it in other words, or choose another model."
    remedy = Remedy.MODEL


class RequestRejected(ProviderError):
    title = "The provider rejected the request"
    advice = "Its own words are below."


class ProviderUnreachable(ProviderError):
    title = "Can't reach the provider"
    advice = "Check your connection and the address, then press Retry."


class NameNotFound(ProviderUnreachable):
    title = "The server's name was not found"
    advice = "Check your connection, and the address for a typing mistake. Then press Retry."
    remedy = Remedy.PROVIDERS


class ConnectionRefused(ProviderUnreachable):
    title = "Nothing answers at this address"
    advice = "Check that the server runs, and the port in its address. Then press Retry."
    remedy = Remedy.PROVIDERS


class ProxyFailed(ProviderUnreachable):
    title = "The way through the proxy failed"
    advice = "Check the proxy in Settings › Advanced, then press Retry."
    remedy = Remedy.NETWORK


class ProviderTimedOut(ProviderError):
    title = "The provider took too long to answer"
    advice = "Press Retry to ask again."


class CertificateRejected(ProviderError):
    title = "The server's certificate is not trusted"
    advice = "Check the address. On a company network, ask for its CA file."
    remedy = Remedy.PROVIDERS


class CaFileUnusable(CertificateRejected):
    title = "The CA file can't be used"
    advice = "Choose a PEM file with certificates in Settings › Providers, or leave it out."


class NotAnOpenAIServer(ProviderError):
    title = "This address does not answer like an OpenAI-compatible server"
    advice = "Check the base URL; it usually ends in /v1."
    remedy = Remedy.PROVIDERS


class WebPageReceived(NotAnOpenAIServer):
    title = "A web page came instead of an answer"
    advice = "Your network may want you to log in first: look in a web browser. Else check the base URL."


class RedirectRefused(NotAnOpenAIServer):
    title = "The server sends Belay to another address"
    advice = "Belay did not follow: what you write goes only where you say. Check the base URL."


class StreamBroken(ProviderError):
    title = "The reply was cut off"
    advice = "The text so far is saved. Press Retry to ask again."


class AnswerGarbled(StreamBroken):
    title = "The server sent something unreadable"


class StreamStalled(ProviderError):
    title = "The provider fell silent"
    advice = "The text so far is saved. Press Retry to ask again."


class AnswerEmpty(ProviderError):
    title = "The answer is empty"
    advice = "The provider sent no word and no error. Press Retry to ask again."


class AnswerTooLarge(ProviderError):
    title = "The answer is larger than Belay accepts"
    advice = "The text so far is saved. Ask for a shorter answer."


class LocalModelFailed(ProviderError):
    title = "The built-in model could not run"
    advice = "Press Retry to start it again."


class LocalModelOutOfMemory(LocalModelFailed):
    title = "There is not enough memory for this model"
    advice = "Choose a smaller file or a shorter context in Settings › On this computer."
    remedy = Remedy.LOCAL_MODEL


class LocalModelEnded(LocalModelFailed):
    title = "The system ended the built-in model"
    advice = "Mostly memory is short then. Press Retry, or choose a smaller file in Settings › On this computer."
    remedy = Remedy.LOCAL_MODEL


class LocalModelCrashed(LocalModelFailed):
    title = "The built-in model crashed"
    advice = "Press Retry to start it again. If it crashes every time, this file can't be run here."


class ModelFileGone(LocalModelFailed):
    title = "The model's file can't be read"
    advice = "It was moved, deleted, or is not yours to read. Choose it anew in Settings › On this computer."
    remedy = Remedy.LOCAL_MODEL


class ModelFileUnusable(LocalModelFailed):
    title = "This file is no model that can be run"
    advice = "Download it again, or choose another one in Settings › On this computer."
    remedy = Remedy.LOCAL_MODEL


class ProviderGone(ProviderError):
    title = "This provider is not there any more"
    advice = "Choose another model below, then press Retry."
    remedy = Remedy.MODEL


class UnexpectedFault(ProviderError):
    title = "Belay made a mistake"
    advice = "The text so far is saved. Press Retry to ask again; the log has the details."


class StorageError(AppError):
    title = "This conversation could not be saved"
    advice = "Check that the disk is not full. The text is still on screen, and saving is tried again."


class DatabaseBusy(StorageError):
    """Another connection holds the write lock. Tried again at the next flush."""

    title = "The conversations are in use by another program"
    advice = "Belay keeps trying. The text is still on screen."


class DatabaseUnusable(StorageError):
    title = "The conversations can't be opened"
    advice = "Choose another data folder with --data-dir."


class DatabaseOutOfReach(DatabaseUnusable):
    """Not now: the disk is full, the file in use or not to be read. Nothing is wrong with what is in it."""

    advice = "Check that the disk is not full and that no other program uses them, then start Belay again."


class DatabaseTooNew(StorageError):
    title = "These conversations were written by a newer Belay"
    advice = "Update Belay, or choose another data folder with --data-dir."


class TextUnreadable(StorageError):
    title = "This conversation could not be read"
    advice = "Check the disk, then try again. Nothing was changed."


class NoModelReady(AppError):
    title = "No model is ready"
    advice = "Wait for the built-in model to start, or choose another model."


def _in_words(wait_s: float) -> str:
    """A time as one says it, never shorter than it is."""
    for unit, seconds in (("hour", 3600), ("minute", 60)):
        if wait_s >= seconds * 2 or (wait_s >= seconds and unit == "minute"):
            count = math.ceil(wait_s / seconds)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{math.ceil(wait_s)} seconds"
