"""The pages of the settings, in their order: a new one is a module of its own, and a line here."""

from app.domain.model import BUILT_IN, ModelRef, ProviderId
from app.ui.link_opener import open_folder
from app.ui.settings.about_page import AboutPage
from app.ui.settings.advanced_page import AdvancedPage
from app.ui.settings.appearance_page import AppearancePage
from app.ui.settings.data_page import DataPage
from app.ui.settings.diagnostics_page import DiagnosticsPage
from app.ui.settings.fittings import Fittings
from app.ui.settings.general_page import general_page
from app.ui.settings.local_model_page import LocalModelPage
from app.ui.settings.own_prices import Prices
from app.ui.settings.page import Section
from app.ui.settings.privacy_page import PrivacyPage
from app.ui.settings.provider_wishes import ProviderWishes
from app.ui.settings.providers_page import ProvidersPage
from app.ui.settings.shortcuts_page import ShortcutsPage
from app.ui.settings.usage_page import UsagePage


def settings_sections(fittings: Fittings) -> tuple[Section, ...]:
    theme, icons = fittings.theme, fittings.icons
    return (
        Section("general", "General", lambda: general_page(theme, icons)),
        Section("appearance", "Appearance", lambda: AppearancePage(theme, icons)),
        Section("providers", "Providers", lambda: _providers_page(fittings)),
        Section("local", "On this computer", lambda: _local_model_page(fittings)),
        Section("usage", "Usage", lambda: _usage_page(fittings)),
        Section("privacy", "Privacy", lambda: PrivacyPage(theme, icons)),
        Section("data", "Data", lambda: _data_page(fittings)),
        Section("shortcuts", "Shortcuts", lambda: ShortcutsPage(fittings.actions.all())),
        Section("advanced", "Advanced", lambda: AdvancedPage(theme, icons)),
        Section("diagnostics", "Diagnostics", lambda: _diagnostics_page(fittings)),
        Section("about", "About", lambda: AboutPage(fittings.version)),
    )


def _providers_page(fittings: Fittings) -> ProvidersPage:
    providers = fittings.controls.providers
    page = ProvidersPage(fittings.theme, fittings.icons, providers.presets())
    ProviderWishes(page, providers, fittings.controls.store, fittings.bridge)
    return page


def _local_model_page(fittings: Fittings) -> LocalModelPage:
    controls = fittings.controls
    page = LocalModelPage(fittings.theme, fittings.icons, controls.store.providers.get(BUILT_IN))
    page.look_requested.connect(controls.built_in.look_at)
    page.retry_requested.connect(lambda: controls.models.connect(BUILT_IN))
    return page


def _usage_page(fittings: Fittings) -> UsagePage:
    store = fittings.controls.store

    def name_of(provider_id: ProviderId) -> str:
        state = store.providers.get(provider_id)
        return state.name if state is not None else ""

    page = UsagePage(name_of)
    prices = Prices(fittings.controls, page)

    def ask(ref: ModelRef) -> None:
        prices.ask(ref, page.window())

    page.own_prices.price_requested.connect(ask)
    page.own_prices.take_back_requested.connect(prices.take_back)
    page.report_requested.connect(fittings.controls.usage_reports.read)
    return page


def _data_page(fittings: Fittings) -> DataPage:
    page = DataPage(str(fittings.data_folder))
    page.gather_requested.connect(fittings.controls.diagnostics.gather)
    page.open_folder_requested.connect(lambda: open_folder(fittings.data_folder))
    return page


def _diagnostics_page(fittings: Fittings) -> DiagnosticsPage:
    page = DiagnosticsPage()
    page.gather_requested.connect(fittings.controls.diagnostics.gather)
    return page
