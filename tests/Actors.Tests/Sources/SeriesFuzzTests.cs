using System.Globalization;
using System.Text;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Hosting;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Sources;

/// <summary>Damaged, hostile and nonsensical files of each publisher: each is a value, rejected rows or a clear refusal, and never a crash.</summary>
public sealed class SeriesFuzzTests
{
    private const int Cases = 500;

    // What the program promises of a file that was made to exhaust it; a case takes a few milliseconds.
    private const long MostBytes = 300L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Formats { get; } = ["datamapper", "sdmx", "weo", "worldbank-csv", "worldbank-json", "page"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Five_hundred_damaged_files_are_read_or_refused(string format)
    {
        var (source, whole) = Whole(format);
        var scheme = Assert.IsType<Etl.Domain.Parsed<RegionScheme>.Ok>(RegionScheme.TryBuiltIn("continent", CountryDirectory.Default)).Value;
        var options = AnswerOptions.Default with { AsOf = new DateOnly(2024, 6, 1) };
        var seen = new Dictionary<string, int>();
        for (var seed = 0; seed < Cases; seed++)
        {
            var content = new InputContent("fuzz", Damaged(whole, new Random(seed)));
            var work = Task.Run(() =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var name = SourceCatalog.NameFor(null, content);
                var read = SourceCatalog.Read(name is "imf" or "worldbank" ? name : source, content, options, default);
                return (Read: read, Bytes: GC.GetAllocatedBytesForCurrentThread() - before);
            });
            Assert.True(await Task.WhenAny(work, Task.Delay(Limit)) == work, $"{format}, seed {seed}: still reading");
            // All that was ever taken, so more than was held at once.
            Assert.True((await work).Bytes <= MostBytes, $"{format}, seed {seed}: {(await work).Bytes:N0} bytes");
            var kind = (await work).Read switch
            {
                SplitReading.Refused { Reason.Length: > 20 and < 4000, ExitCode: 1 or 2 } => "refused",
                SplitReading.Rows rows => Mapped(rows, scheme),
                var other => $"{format}, seed {seed}: {other}",
            };
            Assert.True(kind is "refused" or "rows", kind);
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
        }

        // Both happen, or the damage is too small or too great to show anything.
        Assert.True(seen.GetValueOrDefault("rows") >= Cases / 50 && seen.GetValueOrDefault("refused") >= Cases / 50, string.Join(", ", seen));
    }

    private static string Mapped(SplitReading.Rows rows, RegionScheme scheme)
    {
        var plan = new MapPlan(rows.Choice.Unit, rows.Choice.HeaderYear, rows.Choice.Column, DuplicateRule.Same, CountryDirectory.Default, scheme);
        foreach (var row in rows.Items)
            Assert.NotNull(RowMapper.Map(row, plan));
        return "rows";
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        var bytes = whole.ToArray();
        switch (random.Next(8))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                for (var i = 0; i < 1 + random.Next(40); i++) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                // A huge field in the middle.
                var at = random.Next(bytes.Length);
                return [.. bytes[..at], .. Enumerable.Repeat((byte)"9a\"\\ "[random.Next(5)], random.Next(1, 400_000)), .. bytes[at..]];
            case 3:
                // Deep nesting, alone or in the middle.
                var nested = Enumerable.Repeat((byte)(random.Next(2) == 0 ? '[' : '{'), random.Next(10, 100_000)).ToArray();
                var into = random.Next(bytes.Length);
                return random.Next(2) == 0 ? nested : [.. bytes[..into], .. nested, .. bytes[into..]];
            case 4:
                return random.Next(3) switch
                {
                    0 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes)),
                    1 => Encoding.BigEndianUnicode.GetBytes(Encoding.UTF8.GetString(bytes)),
                    _ => Encoding.UTF32.GetBytes(Encoding.UTF8.GetString(bytes)),
                };
            case 5:
                // Pieces in another order, twice or not at all.
                var size = random.Next(1, bytes.Length / 4);
                var pieces = bytes.Chunk(size).ToList();
                return [.. Enumerable.Range(0, pieces.Count).SelectMany(_ => pieces[random.Next(pieces.Count)])];
            case 6:
                for (var i = 0; i < 1 + random.Next(20); i++) bytes[random.Next(bytes.Length)] = (byte)",;\t\"{}[]:\r\n\0\u0080"[random.Next(13)];
                return bytes;
            default:
                // Figures of every kind.
                string[] figures = ["1e999", "-1e-999", "NaN", "9".PadRight(300, '9'), "\u0661\u0662", "=1+1", "1,2,3", "null", "\"\\ud800\"", ""];
                var text = Encoding.UTF8.GetString(bytes).Split("7").ToList();
                return Encoding.UTF8.GetBytes(string.Join("7", text.Select(t => random.Next(5) == 0 ? t + figures[random.Next(figures.Length)] : t)));
        }
    }

    private static (string Source, byte[] Content) Whole(string format)
    {
        string[] codes = ["USA", "CAN", "FRA", "DEU", "JPN", "AFG", "UVK", "WEOWORLD"];
        int[] years = [.. Enumerable.Range(2015, 10)];
        string Figure(int i, int year) => string.Create(CultureInfo.InvariantCulture, $"{(i * 1717.125m) + year + 0.25m}");
        return format switch
        {
            "datamapper" => ("imf", Utf8($"{{\"values\":{{\"NGDPD\":{{{string.Join(",", codes.Select((c, i) => $"\"{c}\":{{{string.Join(",", years.Select(y => $"\"{y}\":{Figure(i, y)}"))}}}"))}}}}}}}")),
            "sdmx" => ("imf", Utf8(
                "{\"meta\":{\"schema\":\"sdmx-json\",\"prepared\":\"2024-04-20T10:00:00Z\"},\"data\":{\"dataSets\":[{\"structure\":0,\"series\":{"
                + string.Join(",", codes.Select((_, i) => $"\"{i}:0\":{{\"attributes\":[0],\"observations\":{{{string.Join(",", years.Select((y, n) => $"\"{n}\":[{Figure(i, y)}]"))}}}}}"))
                + "}}],\"structures\":[{\"dimensions\":{\"series\":[{\"id\":\"COUNTRY\",\"values\":[" + string.Join(",", codes.Select(c => $"{{\"id\":\"{c}\"}}"))
                + "]},{\"id\":\"INDICATOR\",\"values\":[{\"id\":\"NGDPD\"}]}],\"observation\":[{\"id\":\"TIME_PERIOD\",\"values\":[" + string.Join(",", years.Select(y => $"{{\"value\":\"{y}\"}}"))
                + "]}]},\"attributes\":{\"series\":[{\"id\":\"SCALE\",\"values\":[{\"id\":\"9\"}]}]}}]}}")),
            "weo" => ("imf", Utf8(
                $"ISO\tCountry\tWEO Subject Code\tSubject Descriptor\tUnits\tScale\t{string.Join('\t', years)}\r\n"
                + string.Concat(codes.Select((c, i) => $"{c}\t{c}\tNGDPD\tGross domestic product, current prices\tU.S. dollars\tBillions\t{string.Join('\t', years.Select(y => Figure(i, y)))}\r\n"))
                + "\r\nInternational Monetary Fund, World Economic Outlook Database, April 2024\r\n")),
            "worldbank-csv" => ("worldbank", Utf8(
                $"\uFEFF\"Last Updated Date\",\"2024-04-24\",\r\n\r\n\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",{string.Concat(years.Select(y => $"\"{y}\","))}\r\n"
                + string.Concat(codes.Select((c, i) => $"\"{c}\",\"{c}\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",{string.Concat(years.Select(y => $"\"{Figure(i, y)}\","))}\r\n")))),
            "page" => ("wikipedia", Utf8(
                "<!DOCTYPE html><html><head><title>List of countries by GDP (nominal) - Wikipedia</title></head><body><table class=\"wikitable\"><caption>GDP (million US$) by country</caption>"
                + "<tr><th>Country</th><th>IMF (2024)</th></tr>" + string.Concat(codes.Select((c, i) => $"<tr><td><a href=\"/wiki/{c}\">{Names[i]}</a></td><td>{Figure(i, 2024)}</td></tr>")) + "</table></body></html>")),
            _ => ("worldbank", Utf8(
                $"[{{\"page\":1,\"pages\":1,\"total\":{codes.Length * years.Length},\"lastupdated\":\"2024-03-28\"}},[{string.Join(",", codes.SelectMany((c, i) => years.Select(y => $"{{\"indicator\":{{\"id\":\"NY.GDP.MKTP.CD\"}},\"country\":{{\"id\":\"X\",\"value\":\"{c}\"}},\"countryiso3code\":\"{c}\",\"date\":\"{y}\",\"value\":{Figure(i, y)}}}")))}]]")),
        };
    }

    private static readonly string[] Names = ["United States", "Canada", "France", "Germany", "Japan", "Afghanistan", "Kosovo", "World"];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
