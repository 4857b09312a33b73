namespace Etl.Domain.Map;

/// <summary>An amount in billions of US dollars, rounded to a number of decimals: what is shown, stored and held against a threshold.</summary>
/// <param name="Scaled">The amount in units of the last decimal: hundredths of a billion for 2 decimals.</param>
/// <param name="Decimals">How many decimals were kept, 0 to 9.</param>
public readonly record struct RoundedBillions(Int128 Scaled, int Decimals)
{
    /// <summary>The most decimals that may be kept.</summary>
    public const int MaximumDecimals = 9;

    /// <summary>The amount with all its decimals, "30337.16"; invariant.</summary>
    public string Text => Money.FixedPoint(Scaled, Decimals);

    /// <summary>The rounded amount as exact money, to compare with any other: a threshold, a value of other decimals.</summary>
    public Money ToMoney() => new(checked(Scaled * Money.PowerOfTen(21 - Decimals)));

    /// <summary>Same as <see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
