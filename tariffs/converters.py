"""What the addresses of the law's pages carry."""

from django.urls import register_converter


class CommodityCode:
    """The digits of a chapter, heading, subheading or national code; whether it exists the view says."""

    regex = "[0-9]{2,10}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


# Registered where it is made: once, however often addresses are read.
register_converter(CommodityCode, "commodity_code")
CODE = "<commodity_code:code>"
