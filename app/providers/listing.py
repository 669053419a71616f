"""Which models an endpoint has to offer, whether it tells or not."""

from app.domain.completion import ChatProvider
from app.domain.errors import AuthenticationFailed, CertificateRejected, ProviderError, ProviderUnreachable
from app.domain.model import ModelInfo

# What a question would meet, too: it says nothing of lists.
_NO_ANSWER = (AuthenticationFailed, CertificateRejected, ProviderUnreachable)


async def list_or_named(provider: ChatProvider, named: str | None) -> tuple[ModelInfo, ...]:
    """
    Return the provider's models, the named one first if it is not among them.

    A provider that has no list will do if a model is named.

    Raises:
        ProviderError: it does not answer, or there is no model.
    """
    try:
        models = await provider.list_models()
    except _NO_ANSWER:
        raise
    except ProviderError:
        if not named:
            raise
        models = ()
    if named and all(model.id != named for model in models):
        models = (ModelInfo(id=named), *models)
    if not models:
        raise ProviderError("the provider lists no models; name one")
    return models
