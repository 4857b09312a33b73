using System.Security.Cryptography;
using System.Text;

namespace Etl.Domain.Countries;

/// <summary>Reads a person's region file. The first fault ends it: regions that are half read give averages that are quietly wrong.</summary>
internal static class RegionFile
{
    private const int LongestRegion = 200, LongestExcerpt = 60;

    /// <summary>The scheme, or the first line that does not fit and what to do about it.</summary>
    public static Parsed<RegionScheme> Read(string name, string csv, CountryDirectory directory)
    {
        var rows = new CsvRows(csv);
        if (!rows.MoveNext())
            return Refuse(rows.Line, rows.Problem ?? "the file is empty", "the first row is the header country,region");
        var country = ColumnOf(rows.Fields, "country");
        var region = ColumnOf(rows.Fields, "region");
        if (country < 0 || region < 0)
        {
            return Refuse(
                rows.Line, $"the header has no column '{(country < 0 ? "country" : "region")}'",
                "the first row is the header country,region, with commas between");
        }

        var width = rows.Fields.Count;
        var assigned = new SortedDictionary<CountryCode, string>();
        var lines = new Dictionary<CountryCode, int>();
        var regions = new HashSet<string>(StringComparer.Ordinal);
        while (rows.MoveNext())
        {
            if (rows.Fields.Count != width)
                return Refuse(rows.Line, $"{rows.Fields.Count} fields where the header has {width}", "put a field that holds a comma in double quotes");
            if (Resolve(rows.Fields[country], directory, out var code) is { } unresolved)
                return Refuse(rows.Line, unresolved.Problem, unresolved.Remedy);
            var text = CanonicalText.Compose(rows.Fields[region].Trim());
            if (CheckRegion(text) is { } unfit)
                return Refuse(rows.Line, unfit.Problem, unfit.Remedy);
            if (assigned.TryGetValue(code, out var earlier) && earlier != text)
            {
                return Refuse(
                    rows.Line, $"{directory.Find(code)!.Name} is in '{Excerpt(text)}' here and in '{Excerpt(earlier)}' on line {lines[code]}",
                    "a country has one region: remove one of the lines");
            }

            assigned[code] = text;
            lines.TryAdd(code, rows.Line);
            regions.Add(text);
            if (regions.Count > RegionScheme.MaximumRegions)
                return Refuse(rows.Line, $"more than {RegionScheme.MaximumRegions} regions", "check that the columns country and region are not swapped");
        }

        if (rows.Problem is { } problem)
            return Refuse(rows.Line, problem, "double every quote inside a quoted field, and close the field");
        if (assigned.Count == 0)
            return Refuse(rows.Line, "no country below the header", "add a line such as France,Europe");
        return new Parsed<RegionScheme>.Ok(new RegionScheme(name, Fingerprint(assigned), assigned, []));
    }

    /// <summary>A person's text for a message: cleaned, because it may hold control characters, and short.</summary>
    public static string Excerpt(string text)
    {
        var clean = CountryNames.Clean(text);
        if (clean.Length <= LongestExcerpt)
            return clean;
        // Half a surrogate pair would not survive being written.
        var length = char.IsHighSurrogate(clean[LongestExcerpt - 1]) ? LongestExcerpt - 1 : LongestExcerpt;
        return string.Concat(clean.AsSpan(0, length), "…");
    }

    private static int ColumnOf(IReadOnlyList<string> header, string name)
    {
        for (var index = 0; index < header.Count; index++)
        {
            if (header[index].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return index;
        }

        return -1;
    }

    private static (string Problem, string Remedy)? Resolve(string text, CountryDirectory directory, out CountryCode code)
    {
        code = CountryCode.None;
        var match = directory.Resolve(text);
        if (match is NameMatch.Unknown)
            match = directory.ResolveCode(text);
        switch (match)
        {
            case NameMatch.Known known:
                code = known.Country.Code;
                return null;
            case NameMatch.Aggregate aggregate:
                return ($"'{aggregate.Name}' is an aggregate, not a country", "remove the line");
            case NameMatch.Unknown { Text: "" }:
                return ("the country is empty", "give its name or its alpha-3 code");
            case NameMatch.Unknown unknown:
                var nearest = NearestWord.Find(unknown.Text, directory.Names) is { } word ? $"did you mean '{word}'? " : "";
                return ($"unknown country '{Excerpt(unknown.Text)}'", $"{nearest}an ISO alpha-3 code such as FRA works too");
            default:
                throw new System.Diagnostics.UnreachableException(match.GetType().Name);
        }
    }

    private static (string Problem, string Remedy)? CheckRegion(string region)
    {
        if (region.Length == 0)
            return ("the region is empty", "name the region, or remove the line to leave the country unassigned");
        if (region.Length > LongestRegion)
            return ($"the region's name is longer than {LongestRegion} characters", "shorten it");
        return region.Any(char.IsControl)
            ? ("the region's name holds a control character or a line break", "remove it")
            : null;
    }

    private static string Fingerprint(SortedDictionary<CountryCode, string> assigned)
    {
        var canonical = new StringBuilder();
        foreach (var (code, region) in assigned)
            canonical.Append(code.ToString()).Append('\t').Append(region).Append('\n');
        return "csv:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
    }

    private static Parsed<RegionScheme> Refuse(int line, string problem, string remedy) =>
        new Parsed<RegionScheme>.Refused(line, problem, remedy);
}
