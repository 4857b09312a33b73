using Etl.Domain.Map;

namespace Etl.Domain.Extract;

/// <summary>Finds a column's unit in its header and in the texts about its table. The nearest text that says something decides.</summary>
internal static class UnitChooser
{
    // In plain dollars the largest economy of any page has at least eleven digits; "US$" over smaller figures means that the scale is
    // missing, and taking it as dollars would be wrong by a factor of a million.
    private const int FewestDigitsOfDollars = 11;

    /// <summary>The unit, or null and what was seen; a unit that is stated beats one that was asked for.</summary>
    public static Unit? Choose(
        ColumnHeader value, PageSigns signs, Unit? asked, int mostDigits, List<string> warnings, out RefusalReason reason, out string seen)
    {
        UnitSign[] levels = [value.Unit, .. signs.Texts.Select(text => UnitSign.Of(text))];
        var scale = levels.FirstOrDefault(level => level.Scale is not null || level.OddScale is not null);
        var money = levels.FirstOrDefault(level => level.IsUsd || level.OddCurrency is not null);

        (reason, seen) = (RefusalReason.UnknownUnit, Seen(scale, money));
        if (money.OddCurrency is not null)
        {
            reason = RefusalReason.OtherCurrency;
            return null;
        }

        if (!money.IsUsd || scale.OddScale is not null)
            return asked;
        if (scale.Scale is null)
            return asked ?? (mostDigits >= FewestDigitsOfDollars ? Unit.Usd : null);
        if (asked is { } other && other != scale.Scale)
            warnings.Add($"the page states US$ {Name(scale.Scale.Value)}; the unit {Name(other)} that was asked for is not used");
        return scale.Scale;
    }

    private static string Name(Unit unit) => unit == Unit.Usd ? "1" : unit.ToString().ToLowerInvariant();

    private static string Seen(UnitSign scale, UnitSign money)
    {
        if (money.OddCurrency is { } other)
            return $"the values are in {other}, not in US dollars";
        var scaleText = scale.OddScale ?? (scale.Scale is { } unit ? Name(unit) : "no scale");
        return $"the unit is not determined: {scaleText} and {(money.IsUsd ? "US dollars" : "no currency")} in title, caption and header";
    }
}
