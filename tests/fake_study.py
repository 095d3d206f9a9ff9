"""A made-up study result with round numbers, for tests of what is done with results."""

from math import nan

from icpsim.questions.run.answer import BalanceRow, BiasRow, MonthlyRow, OutcomeResult, StudyResult

OUTCOMES = (
    OutcomeResult(
        "emergency_admissions", "rate_ratio", 1.09, 1.0242, 1.1558, "RECALL",
        1.052, 0.981, 1.128, 1.004, 0.982, 1.026, 0.09, 0.052, 0.004, True,
    ),
    OutcomeResult(
        "elective_admissions", "rate_ratio", 0.79, 0.7078, 0.8722, "RECALL",
        0.905, 0.842, 0.973, 0.92, 0.89, 0.951, -0.21, -0.095, -0.08, False,
    ),
    OutcomeResult(
        "outpatient_attendances", "rate_ratio", 0.78, 0.6978, 0.8622, "RECALL",
        0.775, 0.742, 0.81, 0.785, 0.771, 0.799, -0.22, -0.225, -0.215, True,
    ),
    OutcomeResult(
        "hospital_cost", "difference_gbp", -223.0, -365.4, -80.6, "SEED",
        -61.4, -160.2, 37.4, -110.0, -140.0, -80.0, -0.09, -0.028, -0.05, False,
    ),
)  # fmt: skip

MEANS = {"before_cases": 0.5, "after_cases": 0.4, "before_controls": 0.45, "after_controls": 0.4}
STUDY = StudyResult(
    scenario="small",
    title="Two small sites",
    version="0.0.test",
    seed=7,
    replicates=8,
    cases=3646.0,
    controls=17311.5,
    cases_matched=3600.0,
    outcomes=OUTCOMES,
    bias=(
        BiasRow("emergency_admissions", "rate_ratio", 1.05, 0.012, 1.01, 0.013, 0.875),
        BiasRow("hospital_cost", "difference_gbp", 48.6, 20.0, 12.0, 21.0, 1.0),
    ),
    balance=(BalanceRow("age", 1.2, 0.03), BalanceRow("emergency_13_26", 2.5, -0.11)),
    support={
        "pool": 80_000.0,
        "pilot_population": 10_000.0,
        "pool_ratio": 8.0,
        "above_pool_top": 0.21,
        "distance_median": 0.19,
        "distance_p90": 0.44,
        "distance_max": 0.99,
        "controls_per_case": 4.9,
    },
    monthly=(MonthlyRow("emergency_admissions", 1, 1.2, 1.0, 1.4, nan),),
    deaths={"cases": 0.13, "controls": 0.116},
    warnings=("mechanisms.x = 3 lies outside its stated range 0 to 1",),
    replicate_rows=(
        {"replicate": 0, "outcome": "emergency_admissions", "estimate": 0.05, "true": 0.02, **MEANS},
        {"replicate": 1, "outcome": "emergency_admissions", "estimate": 0.06, "se": 0.04, "true": -0.005, **MEANS},
    ),
)
