"""The exchange rules of each jurisdiction as its pack would write them, for these tests only."""

from datetime import date

from tariffs.exchange import ExchangePolicy, policy_of

_ROWS = {
    "CN": {
        "anchor": "third_wednesday_of_previous_month",
        "holiday": "next_wednesday",
        "holidays": [date(2018, 2, 21), date(2021, 2, 17), date(2026, 2, 18)],
    },
    "EU": {"anchor": "penultimate_wednesday_of_previous_month", "is_official": True},
    "GB": {"anchor": "penultimate_thursday_of_previous_month"},
    "US": {
        "anchor": "first_business_day_of_quarter",
        "holiday": "next_published",
        "holidays": [date(2023, 1, 2)],
        "deviation_percent": "5",
    },
    "AU": {"anchor": "same_day"},
    "BR": {"anchor": "day_before"},
    "IN": {"anchor": "fortnight"},
    "SG": {"anchor": "mean_of_week_before"},
    "KR": {"anchor": "mean_of_week_before", "week_starts": "sunday"},
    "JP": {"anchor": "mean_of_week_two_weeks_before", "week_starts": "sunday"},
    "weekly": {"anchor": "week_before"},
    "weekly from Sunday": {"anchor": "week_before", "week_starts": "sunday"},
}
POLICIES: dict[str, ExchangePolicy] = {
    name: policy_of({"is_official": False, "rule": f"{name}-FX"} | row) for name, row in _ROWS.items()
}
