namespace Etl.Domain.Countries;

/// <summary>A country or territory as the directory knows it. Null means that the classification does not name it.</summary>
/// <param name="Code">ISO 3166-1 alpha-3, or an assigned code in its form; the identity.</param>
/// <param name="Alpha2">ISO 3166-1 alpha-2. "NA" is Namibia, never a missing value.</param>
/// <param name="Name">The name we show.</param>
/// <param name="Continent">Africa, Antarctica, Asia, Europe, North America, Oceania or South America.</param>
/// <param name="UnRegion">UN M49 region.</param>
/// <param name="UnSubregion">UN M49 sub-region.</param>
/// <param name="WbRegion">World Bank region.</param>
/// <param name="WbIncome">World Bank income group.</param>
public sealed record Country(
    CountryCode Code,
    string? Alpha2,
    string Name,
    string? Continent,
    string? UnRegion,
    string? UnSubregion,
    string? WbRegion,
    string? WbIncome);
