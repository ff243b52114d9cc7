#!/usr/bin/env python3
"""make_targets.py WORK N FLOOR_BASE FLOOR_PID PRODUCT_BASE PRODUCT_PID: writes WORK/floor.json and WORK/product.json.

Expects WORK/floor.db, WORK/product.db and WORK/seed.json (what bench_seed printed), as run.sh makes them."""
import json
import sys

import spec

WON = {"stage": "won", "csm_id": 7}


def floor(n, base, pid, database):
    def gate(ok):
        return {"mark": "SELECT coalesce(max(id), 0) FROM gate",
                "count": f"SELECT count(*) FROM gate WHERE id > ? AND ok = {ok}"}
    deal = {"method": "PATCH", "path": "/deals/{id}", "body": WON}
    return {
        "name": "floor", "base": base, "pid": pid, "n": n, "database": database, "csms": list(range(1, spec.CSMS + 1)),
        "scenarios": {
            "gate_allow": {**deal, "ids": "complete", "facts": gate(1)},
            "gate_deny": {**deal, "ids": "incomplete", "expect": 422, "facts": gate(0)},
            "create": {"method": "POST", "path": "/handoffs", "row": "floor", "ids": "new", "expect": 201, "facts": {
                "mark": "SELECT max(id) FROM handoff", "count": "SELECT count(*) FROM handoff WHERE id > ?"}},
            "list": {"path": "/handoffs?csm_id={csm}", "contains": "due_at"},
        },
    }


def product(n, base, pid, database, seed):
    def facts(kind):
        # The journal only grows, so its row numbers mark a moment.
        return {"mark": "SELECT coalesce(max(rowid), 0) FROM journal",
                "count": f"SELECT count(*) FROM journal WHERE rowid > ? AND kind = '{kind}'"}
    token = {"Authorization": [f"Bearer {secret}" for secret in seed["tokens"]]}
    cookie = {"Cookie": [f"throughline={secret}" for secret in seed["sessions"]]}
    check = {"method": "POST", "path": "/api/v1/gates/handoff/checks", "headers": token,
             "body": {"deal": {"source": "bench", "external_id": "{id}"}, "intent": "attempt"}}
    page = {"headers": cookie}
    return {
        "name": "product", "base": base, "pid": pid, "n": n, "database": database, "csms": seed["csms"],
        "scenarios": {
            "gate_allow": {**check, "ids": "complete", "contains": '"verdict":"pass"', "facts": facts("gate_passed")},
            "gate_deny": {**check, "ids": "incomplete", "contains": '"verdict":"refused"',
                          "facts": facts("gate_refused")},
            "preview": {**check, "body": {**check["body"], "intent": "preview"}},
            "create": {"method": "PUT", "path": "/api/v1/deals/bench/{id}", "row": "product", "ids": "new",
                       "contains": '"taken":"opened"', "headers": token, "facts": facts("opened")},
            "list": {"path": "/api/v1/handoffs?csm={csm}&limit=50", "contains": '"next_due_at"', "headers": token},
            "queue": {"path": "/queue", **page},
            "deals": {"path": "/deals", **page},
        },
    }


def main():
    work, n, floor_base, floor_pid, product_base, product_pid = sys.argv[1:]
    with open(f"{work}/seed.json") as read:
        seed = json.load(read)
    targets = [floor(int(n), floor_base, int(floor_pid), f"{work}/floor.db"),
               product(int(n), product_base, int(product_pid), f"{work}/product.db", seed)]
    for target in targets:
        with open(f"{work}/{target['name']}.json", "w") as write:
            json.dump(target, write, indent=1)


if __name__ == "__main__":
    main()
