"""
What is known of the providers that people use, looked up by address.

A row says what the provider's documentation or maintainers say, with the day on which that was
read. Where they say nothing the row says UNKNOWN, and whose report there is instead.
"""

from datetime import date
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from msgspec import Struct

from app.domain.billing import AfterDisconnect, BillingFact
from app.domain.network import is_loopback

CHECKED_2026_11_22 = date(2026, 11, 22)
CHECKED_2026_11_28 = date(2026, 11, 28)
OPENROUTER_STREAMING = "https://openrouter.ai/docs/api-reference/streaming"

# OpenRouter's own two lists of providers, with the best known first: the sentence names those.
OPENROUTER_BILLING_STOPS = (
    "OpenAI", "Azure", "Anthropic", "Fireworks", "Mancer", "Recursal", "AnyScale", "Lepton", "OctoAI", "Novita",
    "DeepInfra", "Together", "Cohere", "Hyperbolic", "Infermatic", "Avian", "XAI", "Cloudflare", "SFCompute",
    "Nineteen", "Liquid", "Friendli", "Chutes", "DeepSeek",
)  # fmt: skip
OPENROUTER_BILLING_GOES_ON = (
    "AWS Bedrock", "Google", "Groq", "Mistral", "Google AI Studio", "Modal", "Minimax", "HuggingFace", "Replicate",
    "Perplexity", "AI21", "Featherless", "Lynn", "Lambda", "Reflection", "SambaNova", "Inflection", "ZeroOneAI",
    "AionLabs", "Alibaba", "Nebius", "Kluster", "Targon", "InferenceNet",
)  # fmt: skip
_STOPS_NAMED, _GOES_ON_NAMED = 3, 4


class CatalogRow(Struct, frozen=True, kw_only=True):
    """`hosts` are names in which * stands for anything; `loopback_port` is where a server usually answers."""

    fact: BillingFact
    hosts: tuple[str, ...] = ()
    loopback_port: int | None = None


def _openrouter_reports(name: str, listed_as: str = "") -> BillingFact:
    """Make the fact of a provider that publishes nothing, with what OpenRouter says of it."""
    report = "it does" if (listed_as or name) in OPENROUTER_BILLING_STOPS else "it goes on"
    return BillingFact(
        provider=name,
        after_disconnect=AfterDisconnect.UNKNOWN,
        sentence=f"Not known whether billing stops: no statement from {name} was found;"
        f" OpenRouter reports that {report}.",
        checked=CHECKED_2026_11_22,
        source=OPENROUTER_STREAMING,
    )


def _usual_server(name: str, source: str, checked: date = CHECKED_2026_11_22) -> BillingFact:
    """Make the fact of a server on this computer. Its port is a hint and no proof: the sentence says so."""
    return BillingFact(
        provider=name,
        after_disconnect=AfterDisconnect.STOPS,
        sentence=f"If this is {name}, as its port suggests, it stops with the connection, and nothing is billed.",
        checked=checked,
        source=source,
    )


def _silent_server(name: str, source: str) -> BillingFact:
    """Make the fact of a server on this computer of which nobody says whether it stops."""
    return BillingFact(
        provider=name,
        after_disconnect=AfterDisconnect.UNKNOWN,
        sentence=f"Not known whether {name} stops with the connection, if this is {name}; it runs here,"
        " and nothing is billed.",
        checked=CHECKED_2026_11_28,
        source=source,
    )


CATALOG = (
    CatalogRow(hosts=("api.openai.com", "*.api.openai.com"), fact=_openrouter_reports("OpenAI")),
    CatalogRow(
        hosts=("*.openai.azure.com", "*.services.ai.azure.com", "*.cognitiveservices.azure.com"),
        fact=BillingFact(
            provider="Azure",
            after_disconnect=AfterDisconnect.UNKNOWN,
            sentence="Not known whether billing stops: Microsoft says only that what was processed may be charged;"
            " OpenRouter reports that it does.",
            checked=CHECKED_2026_11_22,
            source="https://learn.microsoft.com/azure/ai-services/openai/how-to/manage-costs",
        ),
    ),
    CatalogRow(hosts=("api.anthropic.com",), fact=_openrouter_reports("Anthropic")),
    CatalogRow(
        hosts=("openrouter.ai", "*.openrouter.ai"),
        fact=BillingFact(
            provider="OpenRouter",
            after_disconnect=AfterDisconnect.UNKNOWN,
            sentence="It depends on who answers for OpenRouter: billing stops with"
            f" {', '.join(OPENROUTER_BILLING_STOPS[:_STOPS_NAMED])}"
            f" and {len(OPENROUTER_BILLING_STOPS) - _STOPS_NAMED} others, and goes on with"
            f" {', '.join(OPENROUTER_BILLING_GOES_ON[:_GOES_ON_NAMED])}"
            f" and {len(OPENROUTER_BILLING_GOES_ON) - _GOES_ON_NAMED} others.",
            checked=CHECKED_2026_11_22,
            source=OPENROUTER_STREAMING,
        ),
    ),
    CatalogRow(hosts=("api.groq.com",), fact=_openrouter_reports("Groq")),
    CatalogRow(
        hosts=("generativelanguage.googleapis.com", "aiplatform.googleapis.com", "*-aiplatform.googleapis.com"),
        fact=BillingFact(
            provider="Google",
            after_disconnect=AfterDisconnect.GOES_ON,
            sentence="Billing goes on: Google says that ending the request here does not cancel it there,"
            " and that it is still charged.",
            checked=CHECKED_2026_11_22,
            source="https://firebase.google.com/docs/reference/js/ai.singlerequestoptions",
        ),
    ),
    CatalogRow(hosts=("api.mistral.ai",), fact=_openrouter_reports("Mistral")),
    CatalogRow(hosts=("api.deepseek.com",), fact=_openrouter_reports("DeepSeek")),
    CatalogRow(hosts=("api.x.ai", "*.api.x.ai"), fact=_openrouter_reports("xAI", listed_as="XAI")),
    CatalogRow(hosts=("api.together.xyz", "api.together.ai"), fact=_openrouter_reports("Together")),
    CatalogRow(hosts=("api.fireworks.ai",), fact=_openrouter_reports("Fireworks")),
    CatalogRow(
        hosts=("bedrock-runtime.*.amazonaws.com", "bedrock-runtime-fips.*.amazonaws.com"),
        fact=BillingFact(
            provider="Bedrock",
            after_disconnect=AfterDisconnect.GOES_ON,
            sentence="Billing goes on: LiteLLM reports from AWS's own logs that Bedrock finishes the answer"
            " and charges all of it.",
            checked=CHECKED_2026_11_22,
            source="https://github.com/BerriAI/litellm/pull/36008",
        ),
    ),
    CatalogRow(loopback_port=8000, fact=_usual_server("vLLM", "https://github.com/vllm-project/vllm/pull/32442")),
    CatalogRow(loopback_port=8080, fact=_usual_server("llama.cpp", "https://github.com/ggml-org/llama.cpp/pull/23837")),
    CatalogRow(loopback_port=11434, fact=_usual_server("Ollama", "https://github.com/ollama/ollama/issues/2876")),
    CatalogRow(
        loopback_port=1234,
        fact=_usual_server(
            "LM Studio", "https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/1143", CHECKED_2026_11_28
        ),
    ),
    CatalogRow(
        loopback_port=5001,
        fact=_usual_server("KoboldCpp", "https://github.com/LostRuins/koboldcpp/issues/1160", CHECKED_2026_11_28),
    ),
    CatalogRow(loopback_port=1337, fact=_silent_server("Jan", "https://jan.ai/docs/desktop/api-preference")),
    CatalogRow(
        loopback_port=4891,
        fact=_silent_server("GPT4All", "https://docs.gpt4all.io/gpt4all_api_server/home.html"),
    ),
)

BUILT_IN_BILLING = BillingFact(
    provider="Built-in model",
    after_disconnect=AfterDisconnect.STOPS,
    sentence="The built-in model runs on this computer: nothing is billed.",
)

NOTHING_KNOWN = BillingFact(
    provider="",
    after_disconnect=AfterDisconnect.UNKNOWN,
    sentence="Not known whether billing stops: Belay knows nothing about this provider.",
)


def billing_after_disconnect(base_url: str) -> BillingFact:
    """Return what is known of the provider at this address: NOTHING_KNOWN for one that is not in the catalog."""
    try:
        address = urlsplit(base_url)
        host, port = (address.hostname or "").rstrip("."), address.port
    except ValueError:  # not an address; whoever connects to it says so
        return NOTHING_KNOWN
    is_here = is_loopback(host)
    for row in CATALOG:
        if is_here and port is not None and row.loopback_port == port:
            return row.fact
        if any(fnmatchcase(host, pattern) for pattern in row.hosts):
            return row.fact
    return NOTHING_KNOWN
