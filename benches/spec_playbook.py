#!/usr/bin/env python3
"""The workload in the product's own terms: its rules as a playbook, its rows as deals and answers.

  spec_playbook.py playbook BASE.yaml OUT.yaml   BASE with its asks replaced by the 40 fields of spec.py
  spec_playbook.py rows OUT.jsonl N              a line per row: {"deal": …, "answers": …, "ae": n, "csm": n}

BASE is a whole process (playbooks/default.yaml): its steps, clocks, gates and scorecard stay, so that a decision
here costs what it costs in a company, not what it would cost with a playbook made for measuring.
"""
import itertools
import json
import re
import sys

import spec

KINDS = {"int": "number", "text": "text", "date": "date", "bool": "yes_no"}
SOURCE = "bench"
# The categories under which BASE's scorecard reviews the asks.
CATEGORIES = ("customer_intent", "stakeholder_map", "scope_expectations", "implementation_risk")
# Fields a CRM tells with the deal, under their own name; conditional rules look at these.
NATIVE = {"segment": "deal.segment", "discount_pct": "deal.discount_percent"}
TOLD = {on for _, on, _, _ in spec.CONDITIONAL if on not in NATIVE}


def rule(on, operator, wanted):
    """The condition in CEL."""
    place = NATIVE.get(on, f"deal.extra.{on}")
    known = f"has({place})"
    match operator:
        case "set":
            return known
        case "true":
            return f"{known} && {place} == 'true'"
        case "eq":
            return f"{known} && {place} == '{wanted}'"
        case "gt":
            return f"{known} && {place} > {wanted}"


def sections():
    conditional = {name: rule(*rest) for name, *rest in spec.CONDITIONAL}
    lines = ["sections:", "  - id: record", "    title: Record", "    asks:"]
    for (name, kind, required), category in zip(spec.FIELDS, itertools.cycle(CATEGORIES)):
        lines += [f"      - id: {name}", f"        ask: {name.replace('_', ' ').capitalize()}?",
                  f"        type: {KINDS[kind]}", "        used_by: [csm]", f"        category: {category}"]
        if required:
            lines.append("        required: true")
        elif name in conditional:
            lines.append(f'        required_when: "{conditional[name]}"')
    return "\n".join(lines) + "\n\n"


def agenda():
    return ("agenda:\n  - title: What success means\n    minutes: 50\n    about: Read their criteria back.\n"
            "    from: [success_criteria, use_case]\n\n")


def playbook(base):
    """BASE with its head, sections and agenda replaced; every other part as it stands."""
    parts = re.split(r"(?m)^(?=[a-z_]+:)", base)[1:]
    changed = {
        "playbook": "playbook: bench\n", "title": "title: Bench\n", "sections": sections(), "agenda": agenda(),
        "about": "about: The 40 fields, 22 required and 7 conditional, that every server is measured on.\n",
        "required_at_most": f"required_at_most: {len(spec.REQUIRED)}\n\n",
    }
    return "".join(changed.get(part.split(":", 1)[0], part) for part in parts)


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def deal(values, whole):
    """A row as a CRM tells the deal. `whole`: with every field, as when it is created; else without the answers."""
    told = {name: _text(value) for name, value in values.items()
            if (whole or name in TOLD) and name not in NATIVE and value not in (None, "")}
    amount = {"minor": values["contract_value"] * 100, "currency": "EUR"}
    return {
        "name": f"{values['account_name']}: new business", "account": values["account_name"],
        "source_time": "2026-01-05T09:00:00Z", "stage": "Negotiation", "standing": "open", "probability": 60,
        "amount": amount, "arr": amount, "term_months": values["contract_term"], "close_on": values["closed_at"],
        "discount_percent": values["discount_pct"], "deal_type": "New business", "segment": values["segment"],
        "competitor": values["competitor"], "owner": {"external_id": f"ae-{values['ae_id']}"}, "extra": told,
    }


def answers(values):
    def answer(kind, value):
        match kind:
            case "int":
                return {"type": "number", "number": value}
            case "date":
                return {"type": "date", "on": value}
            case "bool":
                return {"type": "yes_no", "yes": value}
            case _:
                return {"type": "text", "text": value}
    return {name: answer(kind, values[name]) for name, kind, _ in spec.FIELDS if values[name] not in (None, "")}


def line(i):
    values = spec.row(i)
    key = {"source": SOURCE, "external_id": str(i)}
    return {"deal": {**key, **deal(values, whole=False)}, "answers": answers(values), "ae": values["ae_id"],
            "csm": values["csm_id"]}


def main():
    match sys.argv[1:]:
        case ["playbook", base, out]:
            with open(base) as read, open(out, "w") as write:
                write.write(playbook(read.read()))
        case ["rows", out, n]:
            with open(out, "w") as write:
                for i in range(1, int(n) + 1):
                    write.write(json.dumps(line(i)) + "\n")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
