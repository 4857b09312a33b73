using Etl.Domain.Map;

namespace Etl.Domain.Extract.Files;

/// <summary>The measure and the unit of a value column, by its name: the rules of a page's header, for a file.</summary>
/// <param name="Refusal">Null when there is a unit.</param>
internal readonly record struct RecordUnit(Unit? Unit, string? Warning, LayoutReading.Refused? Refusal)
{
    private const int Failed = 1;
    private const int Usage = 2;

    /// <summary>Reads the column's name; a unit that it states beats one that was asked for.</summary>
    public static RecordUnit Of(string column, Unit? asked)
    {
        var name = RefusedNames.Quoted(column);
        var spaced = NameRank.Spaced(column);
        if (MeasureSign.Of(spaced).Other is { } other)
        {
            return Bad(
                Failed, $"the values {name} are no GDP at current prices: the name says {other}; --unit does not change that, "
                + "take another column (--columns gdp=NAME) or another file");
        }

        var sign = UnitSign.Of(spaced);
        if (sign.OddCurrency is { } money)
            return Bad(Failed, $"the values {name} are in {money}, not in US dollars; take another column (--columns gdp=NAME) or another file");

        var stated = sign is { IsUsd: true, OddScale: null } ? sign.Scale : null;
        if (stated is { } unit)
            return new RecordUnit(unit, asked is { } another && another != unit ? Contradiction(name, unit, another) : null, null);
        // "gdp_usd" alone means dollars, but a person may know better: the scale is not stated.
        if ((asked ?? (sign is { IsUsd: true, OddScale: null } ? Map.Unit.Usd : null)) is { } determined)
            return new RecordUnit(determined, null, null);
        var seen = sign.OddScale ?? sign.Scale?.ToString().ToLowerInvariant() ?? "no scale";
        return Bad(
            Usage, $"the unit of the values {name} is not determined: {seen} and {(sign.IsUsd ? "US dollars" : "no currency")} in the name; "
            + "say it: --unit usd, --unit thousand, --unit million or --unit billion");
    }

    private static string Contradiction(string name, Unit stated, Unit asked) =>
        $"the values {name} are stated in US$ {stated.ToString().ToLowerInvariant()}; the unit {asked.ToString().ToLowerInvariant()} that was asked for is not used";

    private static RecordUnit Bad(int exitCode, string text) => new(null, null, new LayoutReading.Refused(exitCode, text));
}
