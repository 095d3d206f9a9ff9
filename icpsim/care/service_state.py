"""The table of services that rules read, without the rules: scenarios know services and compile nothing."""

from __future__ import annotations

import numpy as np

REMOVABLE = (
    "sensitive_emergencies",
    "other_emergencies",
    "ae_attendances",
    "first_visits",
    "follow_ups",
    "listings",
    "flares",
    "nights",
    "delays",
)
"""Named rates of which a service can remove a share, in the order of ``SERVICE_STATE['removed']``."""

SERVICE_STATE = np.dtype(
    [
        ("dose", np.float64),
        ("onset_weeks", np.float64),
        ("decay_weeks", np.float64),
        ("youngest_age", np.float64),
        ("contact_instead", np.float64),
        ("visit_instead", np.float64),
        ("removed", np.float64, (len(REMOVABLE),)),
        ("conditions", np.uint16),
        ("site", np.int16),
        ("care_home", np.uint8),
        ("last_year", np.uint8),
    ],
    align=True,
)
"""One row a service of a site, ordered by site. Meant for people with any of the registered ``conditions`` (0:
everyone) of ``youngest_age`` years or more, in a care home or in their last year of life where these are 1.
``removed`` holds the share of each named rate removed at full dose; ``contact_instead`` and ``visit_instead`` the
shares of emergencies removed that become a GP contact or a first outpatient visit; ``dose`` is set by the team."""
