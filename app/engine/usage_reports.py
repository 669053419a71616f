"""What was used on the last days: read on request, told by an event."""

import logging
from datetime import date, datetime, time, timedelta

from app.domain.errors import StorageError
from app.domain.model import ProviderId
from app.domain.usage_report import DayOfModel
from app.engine.events import FaultOccurred, UsageSummed
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.storage import usage
from app.storage.database import Database

log = logging.getLogger(__name__)

DAYS = 30


class UsageReports:
    def __init__(self, *, database: Database, store: ChatStore, tasks: Tasks) -> None:
        self._database = database
        self._store = store
        self._tasks = tasks

    def read(self) -> None:
        """Sum up the last DAYS days, today included; UsageSummed tells."""
        self._tasks.start(self._read(), name="usage-report")

    async def _read(self) -> None:
        """A day at a time: whoever waits for the database thread waits no longer."""
        today = datetime.now().astimezone().date()
        found: list[DayOfModel] = []
        for ago in range(DAYS):
            day = today - timedelta(days=ago)
            try:
                sums = await self._database.read(
                    usage.usage_between, _start_ms(day), _start_ms(day + timedelta(days=1))
                )
            except StorageError as error:
                self._store.apply(FaultOccurred(error.fault))
                return
            found += [
                DayOfModel(day=day, provider_id=ProviderId(provider), model=model, total=total)
                for provider, model, total in sums
            ]
        self._store.apply(UsageSummed(today, tuple(found)))


def _start_ms(day: date) -> int:
    """Midnight here: days with a change of the clock are 23 or 25 hours long."""
    return int(datetime.combine(day, time()).astimezone().timestamp() * 1000)
