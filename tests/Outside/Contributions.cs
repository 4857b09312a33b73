using System.Globalization;
using System.Text;

namespace Etl.Tests.Outside;

/// <summary>A row of a country that can be read.</summary>
/// <param name="Written">The country as it stands in the file, without quotes.</param>
/// <param name="Value">The value as it stands in the file, without quotes.</param>
public sealed record Contribution(string Written, string Code, string Region, int Year, string Value, decimal Millions);

/// <summary>A row that has to be set aside, and how quarantine.jsonl has to name it.</summary>
public sealed record SetAside(long Line, long Offset, string Column, string Text, string Reason);

/// <summary>A result per year and region, in billions.</summary>
public sealed record Expected(int Year, string Region, decimal Sum, decimal Average, IReadOnlyList<string> Codes);

/// <summary>
/// A generated file of contributions, the same for the same arguments: ordinary rows, quotes, CRLF in its middle third, empty lines, some
/// malformed rows, no line end at its end. What it must come to is told by decimals and LINQ.
/// </summary>
public sealed class Contributions
{
    private static readonly (string Written, string Code, string Region)[] Countries =
    [
        ("Germany", "DEU", "Europe"), ("France", "FRA", "Europe"), ("Norway", "NOR", "Europe"), ("Italy", "ITA", "Europe"), ("Spain", "ESP", "Europe"),
        ("Poland", "POL", "Europe"), ("Greece", "GRC", "Europe"), ("Korea, Rep.", "KOR", "Asia"), ("Japan", "JPN", "Asia"), ("India", "IND", "Asia"),
        ("China", "CHN", "Asia"), ("Viet Nam", "VNM", "Asia"), ("Thailand", "THA", "Asia"), ("Nepal", "NPL", "Asia"), ("Egypt, Arab Rep.", "EGY", "Africa"),
        ("Côte d'Ivoire", "CIV", "Africa"), ("Kenya", "KEN", "Africa"), ("Nigeria", "NGA", "Africa"), ("São Tomé and Príncipe", "STP", "Africa"),
        ("South Africa", "ZAF", "Africa"), ("Morocco", "MAR", "Africa"), ("Brazil", "BRA", "South America"), ("Chile", "CHL", "South America"),
        ("Peru", "PER", "South America"), ("Canada", "CAN", "North America"), ("Mexico", "MEX", "North America"), ("Australia", "AUS", "Oceania"),
        ("Fiji", "FJI", "Oceania"),
    ];

    private readonly StringBuilder text = new("country,year,gdp_usd_million\n");
    private readonly List<Contribution> rows = [];
    private readonly List<SetAside> setAside = [];
    private long line = 1, offset;

    private Contributions(int count, int seed, int malformedOneIn, int firstMalformed)
    {
        offset = text.Length;
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var end = i == count - 1 ? "" : i > count / 3 && i < count / 3 * 2 ? "\r\n" : "\n";
            if (i % 997 == 5) Append("", end);
            if (i >= firstMalformed && random.Next(malformedOneIn) == 0) Malformed(random, end);
            else Good(random, end);
        }
    }

    /// <summary>The file.</summary>
    public byte[] Bytes => Encoding.UTF8.GetBytes(text.ToString());

    /// <summary>Its lines with their ends.</summary>
    public string Text => text.ToString();

    /// <summary>The rows that count, in order.</summary>
    public IReadOnlyList<Contribution> Rows => rows;

    /// <summary>The rows that do not, in order.</summary>
    public IReadOnlyList<SetAside> SetAside => setAside;

    /// <summary>Makes a file.</summary>
    public static Contributions Of(int count, int seed = 1, int malformedOneIn = 400, int firstMalformed = 0) => new(count, seed, malformedOneIn, firstMalformed);

    /// <summary>The averages of the five largest sums per year and region.</summary>
    public IEnumerable<Expected> Answer() =>
        from row in rows
        group row by (row.Year, row.Region) into cell
        let top = cell.GroupBy(r => r.Code).Select(c => (Code: c.Key, Sum: c.Sum(r => r.Millions) / 1000m)).OrderByDescending(c => c.Sum).Take(5).ToArray()
        let sum = top.Sum(t => t.Sum)
        orderby cell.Key.Year, cell.Key.Region
        select new Expected(cell.Key.Year, cell.Key.Region, sum, Math.Round(sum / top.Length, 2, MidpointRounding.ToEven), [.. top.Select(t => t.Code)]);

    private void Good(Random random, string end)
    {
        var (written, code, region) = Countries[random.Next(Countries.Length)];
        var year = random.Next(2000, 2012);
        var (value, millions) = Value(random);
        rows.Add(new(written, code, region, year, value, millions));
        // Quotes where they must be, and now and then where they need not be.
        var country = written.Contains(',') || random.Next(50) == 0 ? $"\"{written}\"" : written;
        Append($"{country},{year},{(value.Contains(',') ? $"\"{value}\"" : value)}", end);
    }

    private static (string Text, decimal Millions) Value(Random random)
    {
        var digits = random.Next(4);
        var amount = new decimal(random.Next(1, 10_000_000), 0, 0, false, (byte)digits);
        return random.Next(40) switch
        {
            0 => (amount.ToString("N" + digits, CultureInfo.InvariantCulture), amount),
            1 => (random.Next(1, 99) is var one ? $"{one}.5e2" : "", (one * 100) + 50m),
            2 => (random.Next(1, 99) is var few ? $"{few}E-2" : "", few / 100m),
            _ => (amount.ToString(CultureInfo.InvariantCulture), amount),
        };
    }

    private void Malformed(Random random, string end)
    {
        var (row, column, wrong, reason) = random.Next(9) switch
        {
            0 => ("Atlantis,2003,5", "country", "Atlantis", "unknown country"),
            1 => ("\"El \"\"Dorado\"\", Inc.\",2004,5", "country", "El \"Dorado\", Inc.", "unknown country"),
            2 => ("Kenya,2003,", "gdp_usd_million", "", "no value"),
            3 => ("Kenya,2003,n/a", "gdp_usd_million", "n/a", "no value"),
            4 => ("Germany,2003,5,6", "", "Germany,2003,5,6", "wrong number of fields"),
            5 => ("\"Korea, Rep.\",2003", "", "\"Korea, Rep.\",2003", "wrong number of fields"),
            6 => ("Chile,20x3,7", "year", "20x3", "not a year of 1900 to 2100"),
            7 => ("\"Fiji\"x,2003,7", "", "\"Fiji\"x,2003,7", "text after a closing quote"),
            _ => ("Côte d'Ivoire,2003,-7", "gdp_usd_million", "-7", "negative value"),
        };
        setAside.Add(new(line + 1, offset, column, wrong, reason));
        Append(row, end);
    }

    private void Append(string row, string end)
    {
        text.Append(row).Append(end);
        offset += Encoding.UTF8.GetByteCount(row) + end.Length;
        line++;
    }
}
