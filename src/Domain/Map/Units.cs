using System.Diagnostics;

namespace Etl.Domain.Map;

/// <summary>The words and scales of <see cref="Unit"/>.</summary>
public static class Units
{
    /// <summary>The words that <see cref="TryParse"/> understands, smallest unit first.</summary>
    public static IReadOnlyList<string> Words { get; } = ["usd", "thousand", "million", "billion"];

    /// <summary>Reads usd, thousand, million or billion, in any case and with spaces around; false for anything else.</summary>
    public static bool TryParse(string word, out Unit unit)
    {
        unit = default;
        var text = word.AsSpan().Trim();
        for (var index = 0; index < Words.Count; index++)
        {
            if (text.Equals(Words[index], StringComparison.OrdinalIgnoreCase))
                unit = (Unit)(index + 1);
        }

        return unit != default;
    }

    /// <summary>The word that <see cref="TryParse"/> reads back.</summary>
    public static string WordFor(Unit unit) => Words[PowerOfThousand(unit)];

    /// <summary>The power of ten of one unit in 10^-12 USD: 12 for a dollar, 21 for a billion.</summary>
    public static int PicoExponent(Unit unit) => 12 + (3 * PowerOfThousand(unit));

    private static int PowerOfThousand(Unit unit) =>
        unit is >= Unit.Usd and <= Unit.Billion ? (int)unit - 1 : throw new UnreachableException($"unit {(int)unit}");
}
