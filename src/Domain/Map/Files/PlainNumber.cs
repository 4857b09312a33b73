using System.Diagnostics;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Amounts as most files print them: ASCII digits, at most one point with digits on both sides. Agrees with <see cref="NumberReader"/> on
/// every text it reads, and leaves every other text to it.
/// </summary>
internal sealed class PlainNumber
{
    // So many digits fit 64 bits.
    private const int MaximumDigits = 18;

    private readonly int _wholeDigits;
    private readonly int _decimals;
    private readonly Int128[] _scales;

    public PlainNumber(Unit unit)
    {
        _wholeDigits = WholeDigits(unit);
        var exponent = Units.PicoExponent(unit);
        // Finer decimals would be rounded.
        _decimals = Math.Min(exponent, MaximumDigits);
        _scales = [.. Enumerable.Range(0, _decimals + 1).Select(decimals => Money.PowerOfTen(exponent - decimals))];
    }

    /// <summary>A number with so many digits before the point stays below the 10^15 USD from which on amounts are absurd.</summary>
    public static int WholeDigits(Unit unit) => unit switch
    {
        Unit.Usd => 15,
        Unit.Thousand => 12,
        Unit.Million => 9,
        Unit.Billion => 6,
        _ => throw new UnreachableException($"unit {(int)unit}"),
    };

    /// <summary>False for anything that is not plain.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out Int128 pico)
    {
        pico = 0;
        if (text.Length is 0 or > MaximumDigits + 1)
            return false;
        ulong digits = 0;
        var point = -1;
        for (var at = 0; at < text.Length; at++)
        {
            var digit = (uint)text[at] - '0';
            if (digit <= 9)
                digits = (digits * 10) + digit;
            else if (text[at] == '.' && point < 0)
                point = at;
            else
                return false;
        }

        var whole = point < 0 ? text.Length : point;
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        if (whole == 0 || whole > _wholeDigits || whole + decimals > MaximumDigits || decimals > _decimals || (point >= 0 && decimals == 0))
            return false;
        pico = digits * _scales[decimals];
        return true;
    }
}
