using System.Globalization;

namespace Etl.Domain.Map;

/// <summary>An exact amount of US dollars. Sums are exact and so do not depend on the order of adding; there is no floating point.</summary>
/// <param name="Pico">The amount in 10^-12 USD.</param>
/// <remarks>Arithmetic beyond Int128 (1.7 x 10^26 USD) throws <see cref="OverflowException"/>: a wrong sum must not look right.</remarks>
public readonly record struct Money(Int128 Pico) : IComparable<Money>
{
    private const int BillionExponent = 21;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, 39).Select(static exponent =>
        Enumerable.Repeat((Int128)10, exponent).Aggregate(Int128.One, static (power, ten) => power * ten))];

    /// <summary>No dollars: the identity of addition.</summary>
    public static Money Zero => default;

    /// <summary>The exact sum.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Pico + right.Pico));

    /// <summary>The exact difference; negative when the right amount is larger.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Pico - right.Pico));

    /// <summary>Less.</summary>
    public static bool operator <(Money left, Money right) => left.Pico < right.Pico;

    /// <summary>More.</summary>
    public static bool operator >(Money left, Money right) => left.Pico > right.Pico;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(Money left, Money right) => left.Pico <= right.Pico;

    /// <summary>More or equal.</summary>
    public static bool operator >=(Money left, Money right) => left.Pico >= right.Pico;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Pico.CompareTo(other.Pico);

    /// <summary>The mean of n amounts in billions to 2 decimals, half to even, rounded once from their exact sum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">n is less than 1: a mean of nothing is a fault of the caller.</exception>
    public static RoundedBillions MeanBillions(Int128 sumPico, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        const int decimals = 2;
        return new RoundedBillions(DivideHalfToEven(sumPico, PowerOfTen(BillionExponent - decimals) * n), decimals);
    }

    /// <summary>The amount in billions to so many decimals (0 to 9), half to even.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of decimals is none of 0 to 9.</exception>
    public RoundedBillions RoundBillions(int decimals = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, RoundedBillions.MaximumDecimals);
        return new RoundedBillions(DivideHalfToEven(Pico, PowerOfTen(BillionExponent - decimals)), decimals);
    }

    /// <summary>Hundredths of a billion USD, half to even: what is shown, stored, and compared with a threshold.</summary>
    public Int128 RoundedHundredths => RoundBillions().Scaled;

    /// <summary>Billions of USD with 2 decimals, half to even: "30337.16".</summary>
    public string ToRoundedBillionText() => RoundBillions().Text;

    /// <summary>The exact amount in millions: see <see cref="ToText"/>.</summary>
    public string ToMillionText() => ToText(Unit.Million);

    /// <summary>The exact amount in billions: see <see cref="ToText"/>.</summary>
    public string ToBillionText() => ToText(Unit.Billion);

    /// <summary>
    /// The exact amount in a unit: all its digits, no trailing zeros, no grouping, no exponent, a point only before decimals, so that
    /// equal amounts are equal texts. <see cref="NumberReader"/> reads it back.
    /// </summary>
    public string ToText(Unit unit)
    {
        var text = FixedPoint(Pico, Units.PicoExponent(unit));
        return text.TrimEnd('0').TrimEnd('.');
    }

    /// <summary>The exact amount in US dollars.</summary>
    public override string ToString() => ToText(Unit.Usd);

    /// <summary>The number divided by 10 to the number of decimals, with exactly that many of them.</summary>
    internal static string FixedPoint(Int128 number, int decimals)
    {
        // UInt128, because the smallest Int128 has no positive counterpart.
        var digits = Magnitude(number).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = number < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>10 to a power of 0 to 38.</summary>
    internal static Int128 PowerOfTen(int exponent) => Powers[exponent];

    private static Int128 DivideHalfToEven(Int128 number, Int128 divisor)
    {
        var (quotient, remainder) = Int128.DivRem(number, divisor);
        var rest = Int128.Abs(remainder);
        var beyondHalf = rest.CompareTo(divisor - rest);
        if (beyondHalf < 0 || (beyondHalf == 0 && Int128.IsEvenInteger(quotient)))
            return quotient;
        return quotient + (number < 0 ? -1 : 1);
    }

    private static UInt128 Magnitude(Int128 number) => number < 0 ? unchecked((UInt128)(-(number + 1))) + 1 : (UInt128)number;
}
