"""SQL for the lists of models that providers gave. Plain functions of a connection."""

from sqlite3 import Connection

import msgspec

from app.domain.conversation import now_ms
from app.domain.model import ModelInfo, ModelList, ProviderId

_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder(tuple[ModelInfo, ...]).decode


def keep_models(db: Connection, provider_id: ProviderId, address: str, models: tuple[ModelInfo, ...]) -> None:
    """Keep the list that a provider gave at this address, in the place of an older one."""
    db.execute(
        "INSERT INTO model_list (provider, address, fetched_at, models) VALUES (?, ?, ?, ?) ON CONFLICT (provider)"
        " DO UPDATE SET address = excluded.address, fetched_at = excluded.fetched_at, models = excluded.models",
        (provider_id, address, now_ms(), _to_json(models).decode()),
    )


def kept_models(db: Connection) -> dict[tuple[ProviderId, str], ModelList]:
    """Return the lists that are kept, by provider and address. One that can't be read is left out."""
    found: dict[tuple[ProviderId, str], ModelList] = {}
    for row in db.execute("SELECT provider, address, fetched_at, models FROM model_list"):
        try:
            models = ModelList(_from_json(row["models"]), row["fetched_at"])
            found[ProviderId(row["provider"]), row["address"]] = models
        except msgspec.MsgspecError:  # written by another version: it is asked for anew when it is wanted
            continue
    return found


def forget_models(db: Connection, provider_id: ProviderId) -> None:
    db.execute("DELETE FROM model_list WHERE provider = ?", (provider_id,))
