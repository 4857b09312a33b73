#!/usr/bin/env bash
# Makes the sample journal of a version: make.sh ETL FOLDER. It holds a job that is finished, one whose rows were condemned before its process
# was killed, and one of standard input that was killed in the middle. A folder that is there stays as it is, for ever.
set -euo pipefail
etl=$1 to=$2
[[ ! -e $to ]] || { echo "$to is there: samples are never made anew" >&2; exit 1; }
work=/tmp/etl-journal
mkdir "$work"
trap 'rm -rf "$work"' EXIT
steps=(--set etl.extract.page-batch-rows=64 --set etl.reduce.checkpoint-interval=0ms --set etl.jobs.checkpoint-interval=0ms --set etl.jobs.unacked-window=2)

"$etl" run --out "$work/out" --quiet --sink json
# A crash at the row's first mappings condemns it; the process dies before the job is loaded.
"$etl" run --out "$work/out" --quiet --sink json --top 3 "${steps[@]}" --set etl.fault=poison-row=Japan,before-load:1 || [[ $? == 137 ]]
for i in {0..3999}; do
  case $((i % 4)) in 0) name=Chad ;; 1) name=Brazil ;; 2) name=Atlantis ;; 3) name=Germany ;; esac
  echo "$name,$((2000 + i % 20)),$((i % 977)).5"
done | { echo "country,year,gdp_usd_million"; cat; } | "$etl" run - --no-spool --source csv --out "$work/out" --quiet --sink json --year all --duplicates sum \
  --set etl.extract.batch-bytes=16KiB "${steps[@]:2}" --set etl.fault=after-complete:2 || [[ $? == 137 ]]

mkdir -p "$to"
python3 - "$work/out/.etl/journal.db" "$to/journal.db" <<'P'
import sqlite3, sys
# One file, without a log beside it; a byte-wise copy of what the program wrote.
with sqlite3.connect(sys.argv[1]) as journal:
    journal.execute("pragma wal_checkpoint(truncate)")
open(sys.argv[2], "wb").write(open(sys.argv[1], "rb").read())
P
"$etl" jobs --state "$to" --format json >"$to/jobs.json"
for job in $(grep -oE '"id": "[0-9a-f]{32}"' "$to/jobs.json" | grep -oE '[0-9a-f]{32}'); do
  "$etl" events "$job" --state "$to" --format json >"$to/events-$job.json"
done
ls -l "$to"
