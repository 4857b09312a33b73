#!/usr/bin/env bash
# Runs a file under chaos with so many seeds, and holds each answer against that of a run without: tools/chaos.sh FILE.csv SEEDS [CHANCE=0.02]
# The program is the one that ETL_TESTS_PROGRAM names, or the one that was built. Prints a line per seed, and exits 1 when one is not as it should be.
set -euo pipefail
file=$1 seeds=$2 chance=${3:-0.02}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
etl=${ETL_TESTS_PROGRAM:-$here/artifacts/bin/Host/release/etl}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
options=(--year all --duplicates sum --quiet --set etl.extract.batch-bytes=256KiB --set etl.jobs.ack-deadline=1s)
hashes() { (cd "$1" && sha256sum Countries_by_GDP.json Region_Top.json quarantine.jsonl); }
"$etl" run "$file" --out "$work/plain" "${options[@]}"
bad=0
for ((seed = 1; seed <= seeds; seed++)); do
  from=$(date +%s.%N)
  "$etl" run "$file" --out "$work/$seed" "${options[@]}" \
    --chaos "seed=$seed,mapper-crash=$chance,extractor-io=$chance,journal-fail=$chance,message-drop=$chance,slow-batch=$chance" 2>"$work/err" || { cat "$work/err"; bad=1; }
  python3 - "$work/$seed/run.json" "$seed" "$(hashes "$work/plain" | sha256sum)" "$(hashes "$work/$seed" | sha256sum)" "$from" <<'PY' || bad=1
import json, sys, time
run, seed, expected, found, began = json.load(open(sys.argv[1])), *sys.argv[2:]
injected = run["chaos"]["injected"]
crashes = sum(injected.get(kind, 0) for kind in ("mapper-crash", "journal-fail", "extractor-io"))
same, counted = expected == found, crashes == run["restarts_total"]
print(f"seed {seed:>3}: {'same bytes' if same else 'OTHER BYTES'}, {crashes} failures injected, {run['restarts_total']} restarts{'' if counted else ' (UNEQUAL)'}, "
      f"injected {injected}, {run['retries']} issued again, {time.time() - float(began):.1f} s", flush=True)
sys.exit(0 if same and counted else 1)
PY
  rm -rf "${work:?}/$seed"
done
exit $bad
