#!/usr/bin/env python3
"""coldstart.py NAME URL RUNS -- CMD…: seconds from spawn to the first 200 on URL, CPU seconds and memory then.

Starts the command, measures, ends it; prints the median as one JSON line. After the first 200 it waits a second and
tells the memory of a server that has nothing to do."""
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

from load import cpu, pressure, pss


def once(url, command):
    began = time.monotonic()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    if answer.status == 200:
                        break
            except (OSError, urllib.error.HTTPError):
                pass
            if server.poll() is not None or time.monotonic() - began > 60:
                return None
            time.sleep(0.001)
        took, spent = time.monotonic() - began, cpu(server.pid)
        time.sleep(1)
        memory, own = pss(server.pid)
        return {"cold_start_s": round(took, 3), "cpu_s": round(spent, 3), "pss_mb": memory, "anon_mb": own,
                "pressure": pressure()}
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def main():
    name, url, runs = sys.argv[1:4]
    command = sys.argv[sys.argv.index("--") + 1:]
    found = [once(url, command) for _ in range(int(runs))]
    if None in found:
        sys.exit(f"{name} did not start")
    middle = {key: sorted(run[key] for run in found)[len(found) // 2] for key in found[0]}
    print(json.dumps({"target": name, "scenario": "start", "runs": len(found), **middle}))


if __name__ == "__main__":
    main()
