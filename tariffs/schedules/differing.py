"""What a newer version of a schedule changes: codes, and rates."""

from dataclasses import dataclass

from django.db import connection

# One text for each measure, whatever its row: several rows of one measure are its periods.
_RATES = """
    SELECT code, measure_type, type_code, origins, excluded_origins, order_number, additional_code,
           string_agg(
               expression || CASE WHEN valid_from IS NULL AND valid_to IS NULL THEN ''
                   ELSE ' [' || coalesce(valid_from::text, '') || '..' || coalesce(valid_to::text, '') || ')'
               END,
               '; ' ORDER BY valid_from NULLS FIRST, valid_to NULLS LAST, expression, conditions
           ) AS rates
      FROM tariffs_tariffmeasure
     WHERE schedule_id = %s
     GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_CHANGED = f"""
    SELECT code, measure_type, origins, order_number, additional_code,
           coalesce(old.rates, ''), coalesce(new.rates, ''), old.rates IS NULL, new.rates IS NULL
      FROM ({_RATES}) AS old
      FULL JOIN ({_RATES}) AS new
     USING (code, measure_type, type_code, origins, excluded_origins, order_number, additional_code)
     WHERE old.rates IS DISTINCT FROM new.rates
     ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608  (our own words only)
_CODES = """
    SELECT code FROM tariffs_tariffline WHERE schedule_id = %s AND NOT is_intermediate
    EXCEPT
    SELECT code FROM tariffs_tariffline WHERE schedule_id = %s AND NOT is_intermediate
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class RateChange:
    """A measure before and after; an added one has no before, a removed one no after."""

    code: str
    measure_type: str
    origins: str
    order_number: str
    additional_code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that the newer version adds, removes and changes."""

    added_codes: tuple[str, ...] = ()
    removed_codes: tuple[str, ...] = ()
    added: tuple[RateChange, ...] = ()
    removed: tuple[RateChange, ...] = ()
    changed: tuple[RateChange, ...] = ()


def difference(old: int, new: int) -> Difference:
    """Compare two versions by their row numbers, in three statements."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [old, new])
        rows = cursor.fetchall()
    changes = [(RateChange(*row[:7]), row[7], row[8]) for row in rows]
    return Difference(
        added_codes=_codes(new, without=old),
        removed_codes=_codes(old, without=new),
        added=tuple(change for change, is_new, _gone in changes if is_new),
        removed=tuple(change for change, _new, is_gone in changes if is_gone),
        changed=tuple(change for change, is_new, is_gone in changes if not (is_new or is_gone)),
    )


def _codes(schedule: int, *, without: int) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_CODES, [schedule, without])
        return tuple(row[0] for row in cursor.fetchall())
