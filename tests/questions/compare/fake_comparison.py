"""Fabricated rows of a comparison: for tables, sentences and pictures only, never for statistics."""

from math import nan, sin

from icpsim.questions.compare import results as r
from icpsim.questions.compare.paired import Interval, PairedComparison
from icpsim.report import measures as m

ABOUT = m.About(
    "Case management three ways",
    "38,214 people aged 50 and over on the lists of 24 pilot practices",
    "52 weeks from the programme's start",
    20,
    1,
    "0.1.0",
)
ARMS = ("A: risk score, top 0.5%", "B: GP nomination", "C: two emergency admissions", "D: care homes")
A, B, C, D = ARMS


def headline(arm, avoided, true, estimated, cost):
    """Rows of one arm against no programme, with made-up widths."""
    values = {m.AVOIDED: (avoided, 19, m.COUNT), m.TRUE: (true, 0.03, m.RELATIVE)}
    values |= {m.ESTIMATED: (estimated, 0.05, m.RELATIVE), m.COST: (cost, 120_000, m.MONEY)}
    return [
        r.ComparedRow(arm, r.NO_PROGRAMME, measure, unit, m.ALL, r.EVERYONE, v, v - half, v + half)
        for measure, (v, half, unit) in values.items()
    ]


HEADLINES = [
    *headline(A, 12, -0.015, 0.09, 410_000),
    *headline(B, 43, -0.04, 0.06, 380_000),
    *headline(C, 5, 0.01, 0.12, 1_240_000),
    *headline(D, -8, 0.02, -0.03, 95_000),
]
B_AGAINST_A = [
    r.ComparedRow(B, A, m.AVOIDED, m.COUNT, m.ALL, r.EVERYONE, 31, 12, 50),
    r.ComparedRow(B, A, m.COST, m.MONEY, m.ALL, r.EVERYONE, -30_000, -90_000, 31_000),
]
CONDITIONS = (
    "heart failure", "COPD", "diabetes", "dementia", "coronary heart disease", "stroke", "cancer", "depression",
    "chronic kidney disease", "atrial fibrillation", "asthma", "serious mental illness and substance misuse",
    "falls", "epilepsy", "osteoporosis",
)  # fmt: skip


def grouped(grouping, groups, scale, unit=m.RATE):
    """Rows of B against A over groups."""
    return [
        r.ComparedRow(B, A, "emergency_admissions", unit, grouping, str(g), v, v - scale, v + scale)
        for k, g in enumerate(groups)
        for v in [scale * 2 * sin(1.3 * k + 1) - scale * 0.6]
    ]


GROUPED = [
    *grouped(m.WEEK, range(52), 1.5, m.COUNT),
    *grouped(m.AGE, ["50-64", "65-74", "75-84", "85+"], 2.0),
    *grouped(m.DEPRIVATION, ["1 least", "2", "3", "4", "5 most"], 1.5),
    *grouped(m.CONDITION, CONDITIONS, 6.0),
    *grouped(m.PRACTICE, [f"practice {k}" for k in range(24)], 3.0),
]
CHANGE = r.DrivenChange(
    B,
    A,
    "emergency_admissions",
    m.COUNT,
    r.Part("total", -31.0, -50.0, -12.0),
    (
        r.Part("unmet need detection", 14.0, 6.0, 22.0),
        r.Part("avoidable reduction", -41.5, -55.0, -28.0),
        r.Part("continuity loss", 2.5, -1.0, 6.0),
        r.Part("elective deferral", 0.0, 0.0, 0.0),
        r.Part("outpatient substitution and list-wide spillover", -6.0, -14.0, 2.0),
    ),
)
POLICIES = [
    r.Policy(f"targeting={t}, caseload={n}", 200_000 + 9_000 * n + 40_000 * k, 1400 - 1.1 * n - 25 * sin(k))
    for k, t in enumerate(["risk score", "GP nomination", "two admissions"])
    for n in (20, 40, 60, 80, 100)
]
FOUND = [
    r.FoundRow(policy, grouping, group, ((3 * j + 2 * k + len(group)) % 11) / 11)
    for j, policy in enumerate([*ARMS, r.EVERYONE])
    for grouping, groups in {
        m.AGE: ["50-64", "65-74", "75-84", "85+"],
        m.DEPRIVATION: ["1", "2", "3", "4", "5"],
        m.PRIOR_USE: ["none", "1 admission", "2 admissions", "3 or more"],
        m.CONDITION: list(CONDITIONS),
    }.items()
    for k, group in enumerate(groups)
]
OVERLAP = [r.OverlapRow(p, o, 1.0 if p == o else 0.1 + 0.1 * j) for p in ARMS for j, o in enumerate(ARMS)]


def equity(arm, slope, shift):
    """Make one arm's equity, with quintiles a little off the line."""
    line = [r.Quintile(k + 1, 0.1 + 0.2 * k, shift + slope * (0.1 + 0.2 * k) + (-1) ** k * 0.3) for k in range(5)]
    return r.Equity(
        arm,
        r.NO_PROGRAMME,
        "emergency_admissions",
        tuple(r.Quintile(q.quintile, q.position, q.estimate, q.estimate - 1, q.estimate + 1) for q in line),
        shift,
        r.Part("slope", slope, slope - 1.2, slope + 1.2),
        r.Part("arm", 1.92, 1.85, 2.0),
        r.Part("against", 1.97, 1.9, 2.05),
    )


EQUITY = [equity(A, 0.4, -1.0), equity(B, -2.1, -0.5), equity(C, 3.0, -2.0), equity(D, 0.0, 0.2)]
PAIRED = [
    r.PairedRow(
        B,
        A,
        "emergency_admissions",
        PairedComparison(
            20,
            Interval(-31, -50, -12),
            Interval(-0.021, -0.034, -0.008),
            2400.0,
            30000.0,
            Interval(0.08, 0.05, 0.13),
            107,
            2310,
        ),
    ),
    r.PairedRow(
        C,
        A,
        "net_cost",
        PairedComparison(
            1, Interval(830_000, nan, nan), Interval(2.0, nan, nan), nan, nan, Interval(nan, nan, nan), None, None
        ),
    ),
]
