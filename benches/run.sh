#!/bin/bash
# Product beside floor in one go: builds both, makes the data, measures in turn, prints JSON lines and a table.
#
#   benches/run.sh [HANDOFFS] [load.py arguments…]        20,000 handoffs when left out; 100,000 is the full size
#
# Needs: cargo, python 3.11, wrk. Everything it makes lies in benches/work (BENCH_WORK moves it) and can be deleted.
# BENCH_SKIP_BUILD=1 takes what is built; BENCH_KEEP_DATA=1 leaves the databases for another look.
set -euo pipefail
cd "$(dirname "$0")"
n=${1:-20000}; shift || true
work=${BENCH_WORK:-work}; mkdir -p "$work"; work=$(cd "$work" && pwd)
floor=floor/target/release/floor
product=../target/release/throughline
seed=../target/release/examples/bench_seed
export PYTHONDONTWRITEBYTECODE=1 RUST_LOG=${RUST_LOG:-warn}

if [ -z "${BENCH_SKIP_BUILD:-}" ]; then
  (cd floor && cargo build --release --locked)
  (cd .. && cargo build --release --locked -p throughline-cli --bin throughline --example bench_seed ${BENCH_BUILD:-})
fi

echo "making $n handoffs in $work" >&2
rm -f "$work"/{floor,product}.db* "$work"/*.used "$work"/results.jsonl "$work"/raw.jsonl
python3 spec.py csv "$work/rows.csv" "$n"
python3 spec_playbook.py playbook ../playbooks/default.yaml "$work/bench.yaml"
python3 spec_playbook.py rows "$work/rows.jsonl" "$n"
"$floor" import --db "$work/floor.db" --csv "$work/rows.csv" >&2
"$seed" "$work/product.db" "$work/bench.yaml" "$work/rows.jsonl" > "$work/seed.json"
"$product" journal verify --database "sqlite://$work/product.db" --org bench >&2

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
fport=$(free_port); pport=$(free_port)
serve_floor=("$floor" serve --db "$work/floor.db" --port "$fport")
serve_product=("$product" serve --database "sqlite://$work/product.db" --listen "127.0.0.1:$pport")
{
  python3 coldstart.py floor "http://127.0.0.1:$fport/health" 3 -- "${serve_floor[@]}"
  python3 coldstart.py product "http://127.0.0.1:$pport/readyz" 3 -- "${serve_product[@]}"
} | tee "$work/results.jsonl"

"${serve_floor[@]}" & fpid=$!
"${serve_product[@]}" > "$work/product.log" 2>&1 & ppid=$!
trap 'kill $fpid $ppid 2>/dev/null; wait 2>/dev/null' EXIT
for _ in $(seq 100); do
  python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$fport/health'); u.urlopen('http://127.0.0.1:$pport/readyz')" 2>/dev/null && break
  sleep 0.1
done
python3 make_targets.py "$work" "$n" "http://127.0.0.1:$fport" $fpid "http://127.0.0.1:$pport" $ppid
python3 load.py "$work/product.json" "$work/floor.json" --raw "$work/raw.jsonl" "$@" | tee -a "$work/results.jsonl"
kill $fpid $ppid; wait 2>/dev/null || true; trap - EXIT
python3 report.py "$work/results.jsonl" | tee "$work/report.md"
[ -n "${BENCH_KEEP_DATA:-}" ] || rm -f "$work"/{floor,product}.db* "$work"/rows.*
