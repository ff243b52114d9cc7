#!/usr/bin/env python3
"""One load driver for every server: wraps wrk, prints one JSON line (the median run) per target, scenario and width.

  load.py TARGET.json… [--scenarios a,b] [-c 1,16] [-d SECONDS] [-r RUNS] [--raw FILE]

Several targets are measured in turn, run by run, so that what else the machine does hits all of them alike.

A target file (made by make_targets.py) names the server's base address, process, database and scenarios:
  method, path, body   the request; {id} a record's id, {csm} one of the CSMs, {turn} a credential's number
  ids                  complete | incomplete: each record of that kind is used ONCE over all runs, and a run ends when
                       its share is used up. new: a record nobody had before
  row                  with ids: new, how spec's row becomes a body: floor | product
  expect, contains     the status of every answer, and a text in the first
  facts                SQL that counts the facts an answer must have left, beyond the mark. A run whose facts are
                       fewer than its answers is bad, whatever the status: asking a gate again writes nothing

`cpu_ms` is the server's CPU time per answer: it stands when the machine is shared, where requests a second do not."""
import argparse
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import spec
import spec_playbook

# Requests built beforehand where records may be asked for again.
PREBUILT = 2000
# The share of a run with more than one connection, when one connection has 1.
WIDE = 4


def cpu(pid):
    """CPU seconds of a process, dead threads included, to the nanosecond (the kernel's per-process clock)."""
    return time.clock_gettime((~pid << 3) | 2)


def pss(pid):
    """Resident memory in MiB, shared pages counted by share; and the part that is no file's."""
    with open(f"/proc/{pid}/smaps_rollup") as read:
        text = read.read()
    kib = {name: int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) for name in ("Pss", "Pss_Anon")}
    return round(kib["Pss"] / 1024, 1), round(kib["Pss_Anon"] / 1024, 1)


def pressure():
    """Percent of the last ten seconds in which something waited for a CPU."""
    with open("/proc/pressure/cpu") as read:
        return float(re.search(r"avg10=([\d.]+)", read.read())[1])


class Target:
    def __init__(self, path):
        with open(path) as read:
            self.__dict__.update(json.load(read))
        # What was used up survives the driver, as it does in the database.
        self.used_path = path + ".used"
        self.used = {}
        if os.path.exists(self.used_path):
            with open(self.used_path) as read:
                self.used = json.load(read)

    def take(self, kind, many):
        """The next `many` records of a kind; fewer when they run out."""
        start = self.used.get(kind, 0)
        if kind == "new":
            ids = list(range(self.n + 1 + start, self.n + 1 + start + many))
        else:
            ids = self.pool(kind)[start:start + many]
        self.used[kind] = start + len(ids)
        with open(self.used_path, "w") as write:
            json.dump(self.used, write)
        return ids

    def pool(self, kind):
        ids = [i for i in range(1, self.n + 1) if spec.is_complete(i) == (kind == "complete")]
        random.Random(kind).shuffle(ids)
        return ids

    def query(self, sql, *params):
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return db.execute(sql, params).fetchone()[0]
        finally:
            db.close()

    def requests(self, scenario, many, turns=random.Random(7)):
        once = scenario.get("ids")
        ids = self.take(once, many) if once else [turns.randrange(1, self.n + 1) for _ in range(many)]
        built = []
        for number, i in enumerate(ids):
            body = scenario.get("body")
            if scenario.get("row") == "floor":
                body = {name: value for name, value in spec.row(i).items() if value is not None}
            elif scenario.get("row") == "product":
                body = spec_playbook.deal(spec.row(i), whole=True)
            fill = {"{id}": str(i), "{csm}": str(self.csms[turns.randrange(len(self.csms))])}
            headers = {"Content-Type": "application/json"}
            for name, values in scenario.get("headers", {}).items():
                headers[name] = values[number % len(values)]
            text = json.dumps(body) if body is not None else ""
            path = scenario["path"]
            for name, value in fill.items():
                path, text = path.replace(name, value), text.replace(name, value)
            built.append((scenario.get("method", "GET"), path, text, headers))
        return built


def ask(base, request):
    method, path, body, headers = request
    asked = urllib.request.Request(base + path, body.encode() or None, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


def lua(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'


def script(requests, once):
    """What wrk runs: prebuilt requests, at random or each once. wrk asks for one before it begins, which is not sent."""
    def headers(of):
        return "{" + ",".join(f"[{lua(name)}]={lua(value)}" for name, value in of.items()) + "}"

    table = ",\n".join(f"{{{lua(m)},{lua(p)},{lua(b)},{headers(h)}}}" for m, p, b, h in requests)
    return f"""local R = {{{table}}}
local once = {"true" if once else "false"}
local ffi = require("ffi")
ffi.cdef[[typedef struct {{ long s; long n; }} moment; int clock_gettime(int, moment *);]]
local function now() local t = ffi.new("moment"); ffi.C.clock_gettime(1, t); return tonumber(t.s) + tonumber(t.n) / 1e9 end
local P, threads, k, asked = {{}}, {{}}, 0, false
began, ended = 0, 0
function setup(thread) table.insert(threads, thread) end
function init(args)
  math.randomseed(os.time())
  for i, q in ipairs(R) do P[i] = wrk.format(q[1], q[2], q[4], q[3] ~= "" and q[3] or nil) end
end
function request()
  if not asked then asked = true; return P[1] end
  if began == 0 then began = now() end
  if not once then return P[math.random(#P)] end
  k = k + 1
  if k <= #P then return P[k] end
  if ended == 0 then
    ended = now()
    io.stdout:write("@@used up\\n"); io.stdout:flush()
    wrk.thread:stop()
  end
  return P[#P]
end
function done(summary, latency)
  local began, ended = threads[1]:get("began"), threads[1]:get("ended")
  local us = ended > 0 and (ended - began) * 1e6 or summary.duration
  local e = summary.errors
  io.write(string.format('@@{{"n":%d,"us":%d,"status":%d,"broken":%d,"p50":%.3f,"p90":%.3f,"p99":%.3f,"max":%.3f}}\\n',
    summary.requests, us, e.status, e.connect + e.read + e.write + e.timeout, latency:percentile(50) / 1e3,
    latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
"""


def wrk(base, requests, once, width, seconds, pid):
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as out:
        out.write(script(requests, once))
    before = cpu(pid)
    run = subprocess.Popen(
        ["wrk", "-t1", "-c", str(width), "-d", f"{seconds}s", "--timeout", "30s", "-s", out.name, base],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text, after = "", None
    for line in run.stdout:
        text += line
        if line.startswith("@@used up"):
            after = cpu(pid)
            # wrk would sleep until its time is over.
            run.send_signal(signal.SIGINT)
    run.wait()
    os.unlink(out.name)
    told = re.search(r"@@(\{.*\})", text)
    return (json.loads(told[1]) if told else None), (after or cpu(pid)) - before, text


def measure(target, scenario, width, seconds, many):
    """One run, as a dictionary; with "bad" when its answers cannot be relied on."""
    once = "ids" in scenario
    requests = target.requests(scenario, many if once else PREBUILT)
    if len(requests) < 20:
        return {"bad": "no records left that were not asked for before"}
    facts = scenario.get("facts")
    mark = target.query(facts["mark"]) if facts else None
    status, body = ask(target.base, requests[0])
    if status != scenario.get("expect", 200):
        return {"bad": f"first answer {status}: {body[:200]!r}"}
    if scenario.get("contains", "").encode() not in body:
        return {"bad": f"no {scenario['contains']!r} in {body[:300]!r}"}
    waited = pressure()
    told, spent, text = wrk(target.base, requests[1 if once else 0:], once, width, seconds, target.pid)
    if told is None:
        return {"bad": text[-300:]}
    n = told["n"]
    memory, own = pss(target.pid)
    run = {"rps": round(n / (told["us"] / 1e6), 1), "p50_ms": told["p50"], "p90_ms": told["p90"], "p99_ms": told["p99"],
           "max_ms": told["max"], "requests": n, "cpu_ms": round(spent * 1e3 / max(n, 1), 4), "pss_mb": memory,
           "anon_mb": own, "pressure": max(waited, pressure()), "load1": round(os.getloadavg()[0], 2)}
    # wrk counts every status from 400 on as an error.
    wrong = told["broken"] + (told["status"] if scenario.get("expect", 200) < 400 else n - told["status"])
    if wrong:
        run["bad"] = f"{wrong} of {n} answers not as expected"
    if facts:
        time.sleep(0.3)
        run["facts"] = target.query(facts["count"], mark)
        run["cpu_ms"] = round(spent * 1e3 / max(run["facts"] - 1, 1), 4)
        # The first answer left one, too. What was under way when wrk stopped may have left a few more.
        if not n + 1 <= run["facts"] <= n + 1 + width:
            run["bad"] = f"{n + 1} answers, {run['facts']} facts"
    return run


def share(target, kind, width, widths, runs):
    """How many records a run may use, so that all runs of the scenario have some."""
    weight = {of: WIDE if of > 1 else 1 for of in widths}
    pool = target.n // 2 if kind == "new" else len(target.pool(kind))
    return pool * weight[width] // (sum(weight.values()) * runs)


def median(runs):
    good = [run for run in runs if "bad" not in run]
    of = good or runs
    keys = [key for key in of[0] if key != "bad" and all(key in run for run in of)]
    found = {key: sorted(run[key] for run in of)[len(of) // 2] for key in keys}
    if len(good) < len(runs):
        found["bad"] = [run["bad"] for run in runs if "bad" in run]
    return {"runs": len(runs), "good": len(good), **found}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("targets", nargs="+")
    args.add_argument("--scenarios", default="")
    args.add_argument("-c", default="1,16", help="how many connections ask at once")
    args.add_argument("-d", type=int, default=6, help="seconds a run lasts at most")
    args.add_argument("-r", type=int, default=3, help="runs, of which the median is told")
    args.add_argument("--raw", help="where every single run is told")
    args = args.parse_args()
    targets = [Target(path) for path in args.targets]
    names = list(dict.fromkeys(name for target in targets for name in target.scenarios))
    names = [name for name in args.scenarios.split(",") if name] or names
    widths = [int(width) for width in args.c.split(",")]
    raw = open(args.raw, "a") if args.raw else None
    for name in names:
        those = [target for target in targets if name in target.scenarios]
        for width in widths:
            runs = {target.name: [] for target in those}
            for turn in range(args.r):
                for target in those[turn % 2:] + those[:turn % 2]:
                    scenario = target.scenarios[name]
                    many = share(target, scenario.get("ids"), width, widths, args.r) if "ids" in scenario else 0
                    run = measure(target, scenario, width, args.d, many)
                    runs[target.name].append(run)
                    if raw:
                        raw.write(json.dumps({"target": target.name, "scenario": name, "c": width, **run}) + "\n")
                        raw.flush()
            for target in those:
                line = {"target": target.name, "scenario": name, "c": width, **median(runs[target.name])}
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
