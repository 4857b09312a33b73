// Polars, lazy, with its streaming engine: it reads, sums and joins; the five largest are picked here, from a few thousand sums.
// usage: node query.js REGIONS.csv FILE.csv
'use strict';

const os = require('node:os');
process.env.POLARS_MAX_THREADS ??= String(os.cpus().length);
const pl = require('nodejs-polars');

const [regionsFile, file] = process.argv.slice(2);
if (!file) {
  console.error('usage: node query.js REGIONS.csv FILE.csv');
  process.exit(2);
}

// Values have at most three decimals: a float times 1000 is within half a unit of the exact number, so rounding gives it, and the sums
// are sums of integers.
const thousandths = pl.col('gdp').mul(1000).round(0).cast(pl.Int64);
const groups = pl
  .scanCSV(file, {
    hasHeader: true,
    schema: { country: pl.String, year: pl.Int16, gdp: pl.Float64 },
    nullValues: ['', 'n/a'],
  })
  .groupBy(['country', 'year'])
  .agg(thousandths.sum().alias('total'), pl.col('gdp').count().alias('good'), pl.col('year').count().alias('rows'))
  .collectSync({ engine: 'streaming' })
  .join(pl.readCSV(regionsFile), { on: 'country', how: 'left' })
  .toRecords();

// UTF-16 order is not the order of code points in general, but is for these names.
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** The mean of thousandths with 4 decimals, half to even, in integers. */
function mean(sum, count) {
  const n = BigInt(count);
  const scaled = sum * 10n;
  const rest = scaled % n;
  let quotient = scaled / n;
  if (rest * 2n > n || (rest * 2n === n && quotient % 2n === 1n)) quotient += 1n;
  return `${quotient / 10000n}.${String(quotient % 10000n).padStart(4, '0')}`;
}

let rejected = 0;
const answers = new Map();
for (const { country, year, region, total, good, rows } of groups) {
  rejected += Number(rows) - (region ? Number(good) : 0);
  if (!region || Number(good) === 0) continue;
  const key = `${year},${region}`;
  if (!answers.has(key)) answers.set(key, []);
  answers.get(key).push({ country, total: BigInt(total) });
}

const lines = [...answers.keys()].sort(compare).map((key) => {
  const order = (a, b) => (a.total === b.total ? compare(a.country, b.country) : a.total > b.total ? -1 : 1);
  const top = answers.get(key).sort(order).slice(0, 5);
  const sum = top.reduce((all, member) => all + member.total, 0n);
  return `${key},${mean(sum, top.length)},${top.map((member) => member.country).join('|')}`;
});
process.stdout.write(`${[...lines, `rejected,${rejected}`].join('\n')}\n`);
