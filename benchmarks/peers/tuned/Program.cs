// The limit: what a plain program can do that knows its columns and its countries, has no journal, no actors, no recovery and one way
// to fail. usage: tuned REGIONS.csv FILE.csv
using Etl.Benchmarks;
using Etl.Benchmarks.Tuned;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: tuned REGIONS.csv FILE.csv");
    return 2;
}

var countries = RegionTable.Read(args[0]);
using var file = new ChunkedFile(args[1]);
var parts = new Sums[Environment.ProcessorCount];
var threads = new Thread[parts.Length];
for (var i = 0; i < threads.Length; i++)
{
    var own = i;
    threads[i] = new Thread(() => parts[own] = AddChunks());
    threads[i].Start();
}

foreach (var thread in threads) thread.Join();

var regions = new SortedSet<string>(StringComparer.Ordinal);
foreach (var country in countries) regions.Add(country.Region);
var answer = new Answer();
var members = new List<(string Country, long Thousandths)>();
for (var year = 0; year < Sums.Years; year++)
{
    foreach (var region in regions)
    {
        members.Clear();
        for (var country = 0; country < countries.Length; country++)
        {
            if (countries[country].Region != region) continue;
            long total = 0;
            foreach (var part in parts) total = checked(total + part[country, year]);
            if (total > 0) members.Add((countries[country].Name, total));
        }

        if (members.Count == 0) continue;
        members.Sort(static (a, b) =>
            a.Thousandths == b.Thousandths ? string.CompareOrdinal(a.Country, b.Country) : b.Thousandths.CompareTo(a.Thousandths));
        var top = members.ToArray();
        answer.Add(Sums.FirstYear + year, region, top.AsSpan(0, Math.Min(5, top.Length)));
    }
}

long rejected = 0;
foreach (var part in parts) rejected += part.Rejected;
answer.Print(rejected);
return 0;

unsafe Sums AddChunks()
{
    var sums = new Sums(countries);
    var buffer = ChunkedFile.NewBuffer();
    while (file.TryRead(buffer, out var start, out var end)) sums.Add(start, end);
    return sums;
}
