// Writes a file of contributions for the benchmarks; see benchmarks/README.md. The bytes depend on the arguments alone, and a shorter
// file is a prefix of a longer one.
using System.Globalization;
using Etl.Benchmarks;
using Etl.Benchmarks.Generator;

const string usage = "usage: generator ROWS OUT.csv [SEED=1] [--keys N]";

var keys = 0;
var words = args.ToList();
if (words.IndexOf("--keys") is var at and >= 0)
{
    if (at + 1 == words.Count || !int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out keys)) return Refuse(usage);
    words.RemoveRange(at, 2);
}

if (words.Count is < 2 or > 3) return Refuse(usage);
ulong seed = 1;
if (!long.TryParse(words[0].Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
    || (words.Count == 3 && !ulong.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out seed)))
    return Refuse(usage);

var table = RegionTable.Read(Path.Combine(AppContext.BaseDirectory, "regions.csv"));
var workload = keys == 0 ? Workload.Default(rows, seed, table) : Workload.OfKeys(rows, seed, table, keys);
if (workload is null) return Refuse($"{keys} is no product of at most {table.Length} countries and at most 201 years");

using var file = File.OpenHandle(words[1], FileMode.Create, FileAccess.Write);
var output = new WorkloadFile(workload, file);
output.Write();
Console.WriteLine($"rows={rows} malformed={output.Malformed} bytes={output.Bytes} seed={seed} keys={workload.Countries.Length * workload.Years}");
return 0;

static int Refuse(string reason)
{
    Console.Error.WriteLine(reason);
    return 2;
}
