#!/usr/bin/env python3
"""The one workload every server is measured on: a 40-field handoff record, its rules, a deterministic generator.

Row i is always the same. It is COMPLETE when i % 5 < 3, INCOMPLETE otherwise: one required field is empty.

  spec.py csv OUT N     the rows as CSV, what the floor imports
  spec.py rules         fields and rules as JSON
  spec.py check         holds the generator against the rules
"""
import csv
import datetime as dt
import json
import random
import sys

# name, type, always required?
FIELDS = [
    ("deal_id", "int", 1), ("account_name", "text", 1), ("ae_id", "int", 1), ("csm_id", "int", 1),
    ("segment", "text", 1), ("status", "text", 1), ("due_at", "date", 1), ("closed_at", "date", 1),
    ("kickoff_at", "date", 0), ("quality_score", "int", 0), ("completeness", "int", 0), ("use_case", "text", 1),
    ("success_criteria", "text", 1), ("business_outcome", "text", 1), ("champion_name", "text", 1),
    ("champion_email", "text", 1), ("exec_sponsor", "text", 0), ("decision_makers", "text", 1),
    ("stakeholders", "text", 1), ("promised_features", "text", 1), ("custom_commitments", "text", 0),
    ("commitments_date", "date", 0), ("integrations_needed", "bool", 0), ("integration_details", "text", 0),
    ("data_migration", "bool", 0), ("migration_details", "text", 0), ("security_review", "bool", 0),
    ("security_contact", "text", 0), ("technical_contact", "text", 1), ("contract_value", "int", 1),
    ("contract_term", "int", 1), ("discount_pct", "int", 0), ("discount_reason", "text", 0),
    ("competitor", "text", 0), ("risk_level", "text", 1), ("risk_notes", "text", 0), ("go_live_date", "date", 1),
    ("timeline_drivers", "text", 1), ("first_value_at", "date", 0), ("churned_at", "date", 0),
]
REQUIRED = [name for name, _, required in FIELDS if required]
# the field that becomes required, the field looked at, operator, value
CONDITIONAL = [
    ("exec_sponsor", "segment", "eq", "ent"), ("commitments_date", "custom_commitments", "set", None),
    ("integration_details", "integrations_needed", "true", None), ("migration_details", "data_migration", "true", None),
    ("security_contact", "security_review", "true", None), ("discount_reason", "discount_pct", "gt", 20),
    ("risk_notes", "risk_level", "eq", "high"),
]
AES, CSMS = 100, 60
_TEXT = ("Cut onboarding time by half and give regional managers one view of open work; agreed in the March call, "
         "to be confirmed with operations before the kickoff.")


def is_complete(i):
    return i % 5 < 3


def _day(base, offset):
    return (base + dt.timedelta(days=offset)).isoformat()


def row(i):
    """Row i, from 1."""
    r = random.Random(i)
    base = dt.date(2024, 1, 1) + dt.timedelta(days=i % 900)
    segment = ("smb", "mid", "ent")[i % 3]
    kickoff, first_value = r.randint(1, 40), r.randint(5, 70)
    values = dict(
        deal_id=i, account_name=f"Account {i}", ae_id=1 + r.randrange(AES), csm_id=1 + r.randrange(CSMS),
        segment=segment, status=("draft", "submitted", "accepted", "rejected")[r.randrange(4)], due_at=_day(base, 14),
        closed_at=_day(base, 0), kickoff_at=_day(base, kickoff), quality_score=r.randrange(101), completeness=100,
        use_case="Use case. " + _TEXT, success_criteria=_TEXT, business_outcome=_TEXT, champion_name=f"Champion {i}",
        champion_email=f"c{i}@example.com", exec_sponsor=f"VP {i}", decision_makers="CFO; COO",
        stakeholders="Ops lead; IT lead; Finance lead", promised_features="SSO; audit export",
        custom_commitments="Quarterly review" if i % 4 == 0 else "", commitments_date=_day(base, 30),
        integrations_needed=i % 2 == 0, integration_details="CRM two-way sync", data_migration=i % 3 == 0,
        migration_details="4 years of tickets", security_review=segment == "ent",
        security_contact=f"sec{i}@example.com", technical_contact=f"it{i}@example.com",
        contract_value=5000 + r.randrange(200000), contract_term=12, discount_pct=r.randrange(40),
        discount_reason="multi-year", competitor="Other Co", risk_level=("low", "mid", "high")[r.randrange(3)],
        risk_notes="budget freeze in Q4", go_live_date=_day(base, 60), timeline_drivers="Fiscal year end",
        first_value_at=_day(base, kickoff + first_value),
        churned_at=_day(base, r.randint(20, 85)) if r.random() < 0.06 else None)
    if not is_complete(i):
        values["success_criteria" if i % 5 == 3 else "champion_email"] = ""
        values["completeness"] = 95
    return values


def missing(values):
    """The fields a row lacks by the rules."""
    empty = (None, "")
    found = [name for name in REQUIRED if values.get(name) in empty]
    for name, on, operator, wanted in CONDITIONAL:
        value = values.get(on)
        needed = ((operator == "eq" and value == wanted) or (operator == "set" and bool(value))
                  or (operator == "true" and value in (True, 1)) or (operator == "gt" and (value or 0) > wanted))
        if needed and values.get(name) in empty:
            found.append(name)
    return found


def write_csv(path, n):
    names = [name for name, _, _ in FIELDS]

    def cell(value):
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else value

    with open(path, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id"] + names)
        for i in range(1, n + 1):
            values = row(i)
            writer.writerow([i] + [cell(values[name]) for name in names])


def main():
    match sys.argv[1:]:
        case ["csv", path, n]:
            write_csv(path, int(n))
        case ["rules"]:
            json.dump(dict(required=REQUIRED, conditional=CONDITIONAL, fields=FIELDS), sys.stdout, indent=1)
        case ["check"]:
            for i in range(1, 2001):
                assert (not missing(row(i))) == is_complete(i), i
            print(f"ok: {len(FIELDS)} fields, {len(REQUIRED)} required, {len(CONDITIONAL)} conditional")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
