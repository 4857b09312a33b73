using System.Globalization;
using System.Text;
using Etl.Domain.Countries;
using Etl.Domain.Extract.Files;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;
using Etl.Domain.Tests.Load;

namespace Etl.Domain.Tests.Map.Files;

/// <summary>Plans and bytes for the tests of files: ordinary rows mostly, and everything that can go wrong in one.</summary>
internal static class FileFragments
{
    private static readonly string[] Names =
    [
        "Japan", "France", "Côte d'Ivoire", "\"Congo, Dem. Rep.\"", "\"Egypt, Arab Rep.\"", "China", "Germany", "Brazil", "Niger", "Antarctica",
        "St. Vincent and the Grenadines", "\"Korea, Rep.\"", "\"Micronesia, Fed. Sts.\"", "São Tomé and Príncipe", "United States", "\"Japan\"",
    ];

    private static readonly string[] OddNames =
    [
        "World", "Atlantis", "JPN", "fra", "", "\"\"", " Japan ", "\"Ja\"\"pan\"", "\"\"\"Japan\"\"\"", "\"Atlantis, the \"\"lost\"\" one\"", "Ja\"pan", "European Union",
        "\"Japan\"x", "\"Japan", "Japan\0", "Japan\r", "\"Ja\npan\"", "Japan[1]", "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
        "\"a name in quotes that is longer than any window of 64 bytes, so it is read by itself\"", "a name of exactly 31 bytes, or so", "Congo, Dem. Rep.",
    ];

    private static readonly string[] OddYears =
        ["", "1899", "2101", "20a0", "2020[1]", " 2020 ", "\"2021\"", "20", "20200", "２０２０", "n/a", "\"20\"\"20\"", "2100", "1900", "\"2020", "2o20"];

    private static readonly string[] OddValues =
    [
        "", "n/a", "-5", "..", "77460/Na", "12 (2019)", "1.", ".5", "1..2", "99999999999999999", "999999999999999", "1000000000000000", "0.0000000000000000000001", "\"1,234\"", "\"1,234,567.25\"",
        "1e3", "1.5E-3", "+7", "$12", "US$ 3", "\"12,34\"", "12[3]", "0", "000000000012", "0.123456789012345", "5.1234567", "123456.1234567890", "0.12345678901", "1234567890123456789012345678901234567890", "12 345", "—", "12,5", "1,234", "12\u00A0345", "12\u202F345", "1 2", "12 x", " 12 ", "\"12 345\"", "3 (2019)",
        "\"12.5\"", "\"7\"x", "\"8", "1\r", "999999999.9999999", "1000000000", "99999999999999.99", "not available", "12\0", "\u00A012", "1:2", "1/2", "\"\"",
    ];

    public static readonly CountryDirectory Directory = CountryDirectory.Default;

    /// <summary>Layouts, units and rules in every combination that matters; each is one plan, to be compared by reference.</summary>
    public static IReadOnlyList<FilePlan> Plans { get; } = [.. MakePlans()];

    public static FilePlan Plan(
        FileLayout? layout = null, Unit unit = Unit.Million, DuplicateRule duplicates = DuplicateRule.Sum, bool emptyIsMissing = false, bool multiline = false,
        int maxLineBytes = 1 << 20, int maxRejections = 10_000, int defaultYear = 0) =>
        new(new(unit, defaultYear, "gdp", duplicates, Directory, Reports.Continents), layout ?? Csv(), 3, emptyIsMissing, multiline, maxLineBytes, maxRejections);

    public static FileLayout Csv(char delimiter = ',', int columns = 3, int country = 0, int year = 1, int value = 2, int dataOffset = 0) =>
        new(RecordFormat.Csv, (byte)delimiter, columns, country, year, value, "country", year < 0 ? null : "year", "gdp", dataOffset);

    public static FileLayout Json(bool year = true) => new(RecordFormat.Ndjson, 0, 0, -1, -1, -1, "country", year ? "year" : null, "gdp", 0);

    /// <summary>A batch of the bytes, somewhere in a buffer whose other bytes are there to be mistaken for rows.</summary>
    public static BatchBytes Batch(byte[] fragment, Random random, long offset = 1_000_000_000_000)
    {
        var before = random.Next(3) == 0 ? random.Next(70) : 0;
        var after = Encoding.UTF8.GetBytes("1\nJapan,2020,1\nJapan,2020,1\n\"\n");
        var buffer = new byte[before + fragment.Length + BatchBytes.Padding];
        for (var at = 0; at < buffer.Length; at++) buffer[at] = after[at % after.Length];
        fragment.CopyTo(buffer, before);
        return new(buffer, before, before + fragment.Length, offset, random.Next(5) == 0 ? 1 : 0);
    }

    /// <summary>A batch cut at some of its line ends, each piece in a place of its own; some pieces are empty.</summary>
    public sealed class Pieces(BatchBytes batch, Random random) : IBatchPieces
    {
        private readonly byte[] buffer = new byte[batch.Buffer.Length];
        private int at = batch.Start;
        private bool any;

        public bool Next(out BatchBytes piece)
        {
            piece = default;
            if (any && at >= batch.End) return false;
            var end = at;
            for (var lines = random.Next(4); lines > 0 && end < batch.End; lines--)
            {
                var length = batch.Buffer.AsSpan(end, batch.End - end).IndexOf((byte)'\n') + 1;
                end = length == 0 ? batch.End : end + length;
            }

            var shift = random.Next(at + 1);
            random.NextBytes(buffer);
            batch.Buffer.AsSpan(at, end - at).CopyTo(buffer.AsSpan(at - shift));
            piece = new(buffer, at - shift, end - shift, batch.Offset + shift, any ? 0 : batch.HeaderLines);
            (at, any) = (end, true);
            return true;
        }
    }

    public static byte[] Rows(FilePlan plan, Random random)
    {
        var bytes = new List<byte>();
        var lineEnd = random.Next(4) switch { 0 => "\r\n", _ => "\n" };
        var odd = random.Next(6) switch { 0 => 2, 1 => 0, _ => 12 };
        for (var rows = random.Next(random.Next(20) == 0 ? 60 : 12); rows >= 0; rows--)
        {
            var row = plan.Layout.Format == RecordFormat.Csv ? CsvRow(plan.Layout, random, odd) : JsonRow(random, odd);
            var encoded = Encoding.UTF8.GetBytes(row);
            // What comes after would be unread: an open quote ends the batch, so few of them.
            if (encoded.AsSpan().Count((byte)'"') % 2 != 0 && random.Next(10) != 0) continue;
            bytes.AddRange(encoded);
            if (random.Next(odd * 40 + 3) == 0 && bytes.Count > 0) bytes[^random.Next(1, Math.Min(bytes.Count, 30) + 1)] = (byte)random.Next(256);
            if (rows > 0 || random.Next(3) > 0) bytes.AddRange(Encoding.UTF8.GetBytes(random.Next(40) == 0 ? "\n\n" : random.Next(40) == 0 ? "\r\r\n" : lineEnd));
        }

        return [.. bytes];
    }

    private static IEnumerable<FilePlan> MakePlans()
    {
        yield return Plan();
        yield return Plan(emptyIsMissing: true);
        yield return Plan(unit: Unit.Usd);
        yield return Plan(unit: Unit.Thousand, maxRejections: 1);
        yield return Plan(unit: Unit.Billion, emptyIsMissing: true);
        yield return Plan(Csv(';', 5, 3, 0, 4));
        yield return Plan(Csv('\t', 3, 2, 1, 0), Unit.Usd);
        yield return Plan(Csv('|', 4, 1, 3, 2), Unit.Billion);
        yield return Plan(Csv(',', 2, 0, -1, 1), defaultYear: 2019);
        yield return Plan(Csv(',', 3, 2, -1, 0), Unit.Thousand);
        yield return Plan(duplicates: DuplicateRule.Same);
        yield return Plan(Csv(';', 4, 0, 2, 3), duplicates: DuplicateRule.Fail, emptyIsMissing: true);
        yield return Plan(multiline: true);
        yield return Plan(multiline: true, maxLineBytes: 90, duplicates: DuplicateRule.Same);
        yield return Plan(maxLineBytes: 70);
        yield return Plan(maxLineBytes: 40);
        yield return Plan(Json());
        yield return Plan(Json(year: false), Unit.Usd, emptyIsMissing: true, defaultYear: 2020);
        yield return Plan(Json(), duplicates: DuplicateRule.Same, maxLineBytes: 120);
    }

    private static string CsvRow(FileLayout layout, Random random, int odd)
    {
        var fields = new string[Math.Max(1, layout.Columns + (Chance(random, odd * 4) ? random.Next(-1, 2) : 0))];
        for (var field = 0; field < fields.Length; field++)
        {
            fields[field] = field == layout.Country ? Name(random, odd) : field == layout.Year ? Year(random, odd)
                : field == layout.Value ? Value(random, odd) : random.Next(4) switch { 0 => "", 1 => "x", 2 => "\"a, b\"", _ => "some text" };
        }

        var row = string.Join((char)layout.Delimiter, fields);
        return Chance(random, odd * 8) ? "" : Chance(random, odd * 8) ? row + new string('x', random.Next(80)) : row;
    }

    private static string JsonRow(Random random, int odd)
    {
        var name = Name(random, odd).Trim('"').Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\0", "\\u0000");
        var value = Value(random, odd);
        var quoted = value.Length == 0 || random.Next(3) == 0 || !value.All(c => char.IsAsciiDigit(c) || c == '.');
        var fields = new List<string>
        {
            $"\"country\":\"{(Chance(random, odd) ? name.Replace("a", "\\u0061") : name)}\"",
            random.Next(2) == 0 ? $"\"year\" : {2000 + random.Next(4)}" : $"\"year\":\"{Year(random, odd).Trim('"').Replace("\"", "")}\"",
            quoted ? $"\"gdp\":\"{value.Trim('"').Replace("\"", "").Replace("\r", "").Replace("\0", "")}\"" : $"\"gdp\":{value}",
        };
        if (Chance(random, odd))
            fields.Add(random.Next(10) switch
            {
                0 => "\"gdp\":null",
                1 => "\"gdp\":[1]",
                2 => "\"gdp\":true",
                3 => "\"country\":7",
                4 => "\"year\":2020.5",
                5 => "\"year\":null",
                6 => "\"other\":{\"gdp\":5,\"list\":[1,2,{\"country\":\"France\"}]}",
                7 => "\"g\\u0064p\":\"9\"",
                8 => "\"year\":{}",
                _ => "\"gdp\":1e3",
            });
        var rows = fields.ToArray();
        random.Shuffle(rows);
        if (Chance(random, odd * 2)) rows = rows[1..];
        var row = "{" + string.Join(",", rows) + "}";
        return Chance(random, odd * 4) ? random.Next(6) switch { 0 => "", 1 => row + "x", 2 => row[..^1], 3 => "[1]", 4 => " ", _ => row.Replace(':', ' ') } : row;
    }

    private static string Name(Random random, int odd) => Chance(random, odd) ? OddNames[random.Next(OddNames.Length)] : Names[random.Next(Names.Length)];

    private static string Year(Random random, int odd) => Chance(random, odd) ? OddYears[random.Next(OddYears.Length)] : $"{2000 + random.Next(4)}";

    private static string Value(Random random, int odd)
    {
        if (Chance(random, odd)) return OddValues[random.Next(OddValues.Length)];
        var whole = random.NextInt64((long)Math.Pow(10, random.Next(1, random.Next(8) == 0 ? 16 : 7)));
        var decimals = random.Next(4) * random.Next(4);
        var text = whole.ToString(CultureInfo.InvariantCulture) + (decimals == 0 ? "" : "." + string.Concat(Enumerable.Range(0, decimals).Select(_ => (char)('0' + random.Next(10)))));
        return random.Next(12) == 0 ? $"\"{text}\"" : text;
    }

    private static bool Chance(Random random, int oneIn) => oneIn > 0 && random.Next(oneIn) == 0;
}
