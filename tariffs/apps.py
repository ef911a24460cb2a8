"""Django's configuration of the app."""

from django.apps import AppConfig


class TariffsConfig(AppConfig):
    """Names the app, and makes the published rows the source of the law."""

    name = "tariffs"

    def ready(self) -> None:
        """Take packs and exchange tables from the published rows; models exist only from here on."""
        from tariffs.exchange import use_tables
        from tariffs.exchange.published import published_tables
        from tariffs.packs import use_shelf
        from tariffs.published import published_by_hash, published_shelf

        use_shelf(published_shelf, by_hash=published_by_hash)
        use_tables(published_tables)
