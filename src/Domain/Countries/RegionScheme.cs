using System.Collections.Immutable;
using System.Diagnostics;

namespace Etl.Domain.Countries;

/// <summary>
/// Which region each country belongs to. A region is known by its ordinal: its place among the names in ordinal order. Immutable.
/// </summary>
public sealed class RegionScheme
{
    /// <summary>More regions than this are taken for a mistake: each one is an actor and a screen line.</summary>
    public const int MaximumRegions = 1000;

    private const short Unassigned = -1;

    // Indexed by CountryCode.Packed: the look-up is in the loop over every row.
    private readonly short[] _ordinals = new short[CountryCode.PackedLimit];

    internal RegionScheme(string name, string fingerprint, IEnumerable<KeyValuePair<CountryCode, string>> regions, IEnumerable<string> always)
    {
        Name = name;
        Fingerprint = fingerprint;
        var assigned = regions.ToArray();
        Regions = [.. assigned.Select(static pair => pair.Value).Concat(always).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Array.Fill(_ordinals, Unassigned);
        foreach (var (code, region) in assigned)
            _ordinals[code.Packed] = (short)Regions.BinarySearch(region, StringComparer.Ordinal);
    }

    /// <summary>Names of the built-in schemes, the default first.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = ["continent", "un-region", "un-subregion", "wb-region", "wb-income"];

    /// <summary>The built-in name, or the name that was given to a custom scheme.</summary>
    public string Name { get; }

    /// <summary>
    /// What makes two schemes the same for a job's identity: the name of a built-in one (its content is the directory's), else
    /// "csv:" and the SHA-256 of the assignments, whatever their order, spelling, line ends and quoting in the file.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>The distinct names in ordinal order; the index is the region's ordinal.</summary>
    public ImmutableArray<string> Regions { get; }

    /// <summary>The ordinal of a country's region, -1 when the scheme assigns none.</summary>
    public int OrdinalOf(CountryCode code) => _ordinals[code.Packed];

    /// <summary>The name of a country's region, null when the scheme assigns none.</summary>
    public string? RegionOf(CountryCode code) => OrdinalOf(code) is var ordinal and >= 0 ? Regions[ordinal] : null;

    /// <summary>A built-in scheme over this directory; a refusal suggests the name that was probably meant.</summary>
    public static Parsed<RegionScheme> TryBuiltIn(string name, CountryDirectory directory)
    {
        if (!BuiltIn.Contains(name))
        {
            var nearest = NearestWord.Find(name, BuiltIn) is { } word ? $"did you mean '{word}'? " : "";
            return new Parsed<RegionScheme>.Refused(
                0, $"there is no region scheme '{RegionFile.Excerpt(name)}'",
                $"{nearest}built in are {string.Join(", ", BuiltIn)}; a file ending in .csv with the columns country,region works too");
        }

        var assigned = new List<KeyValuePair<CountryCode, string>>(directory.Countries.Count);
        foreach (var country in directory.Countries)
        {
            if (RegionIn(name, country) is { } region)
                assigned.Add(new(country.Code, region));
        }

        return new Parsed<RegionScheme>.Ok(new RegionScheme(name, name, assigned, name == BuiltIn[0] ? Continents : []));
    }

    /// <summary>
    /// A custom scheme from CSV text (RFC 4180, with or without BOM) that has a header row with the columns country and region.
    /// A country stands by name or alpha-3 code. A refusal names the line and the remedy.
    /// </summary>
    public static Parsed<RegionScheme> ParseCsv(string name, string csv, CountryDirectory directory) =>
        RegionFile.Read(name, csv, directory);

    // The six are fixed: Antarctica has no economy to rank, and a scheme must not change with the countries of a directory.
    private static readonly string[] Continents = ["Africa", "Asia", "Europe", "North America", "Oceania", "South America"];

    private static string? RegionIn(string scheme, Country country) => scheme switch
    {
        "continent" => Continents.Contains(country.Continent) ? country.Continent : null,
        "un-region" => country.UnRegion,
        "un-subregion" => country.UnSubregion,
        "wb-region" => country.WbRegion,
        "wb-income" => country.WbIncome,
        _ => throw new UnreachableException(scheme),
    };
}
