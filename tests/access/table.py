"""Who may do what: a row for each route and each operation. One without a row does not pass the tests."""

from tests.access.rows.doors import PLATFORM, PRIVACY, SIGN_IN
from tests.access.rows.examining import EXAMINING
from tests.access.rows.law import LAW
from tests.access.rows.machines import MACHINES
from tests.access.rows.organisation import ORGANISATION
from tests.access.rows.row import ACTORS, Row
from tests.access.rows.selling import SELLING

TABLE = (*PLATFORM, *SIGN_IN, *PRIVACY, *ORGANISATION, *SELLING, *EXAMINING, *MACHINES, *LAW)
__all__ = ["ACTORS", "TABLE", "Row"]
