namespace Etl.Domain.Map;

/// <summary>Why a text is no amount. The texts stand in files that are compared byte by byte: change none without a changelog entry.</summary>
public static class NumberReasons
{
    /// <summary>The text is longer than the 200 characters that are looked at.</summary>
    public const string TooLong = "longer than 200 characters";

    /// <summary>Letters or signs that belong to no number, or no digits where they must be.</summary>
    public const string NotANumber = "not a number";

    /// <summary>A separator does not stand before each group of three digits, or two kinds of separator are mixed.</summary>
    public const string Grouping = "thousands separators do not group by three";

    /// <summary>A second decimal point.</summary>
    public const string DecimalPoints = "more than one decimal point";

    /// <summary>More digits than any figure has.</summary>
    public const string TooManyDigits = "more than 40 digits";

    /// <summary>A power of ten outside -40 to 40.</summary>
    public const string Exponent = "exponent out of range";

    /// <summary>A minus sign: no economy produces less than nothing.</summary>
    public const string Negative = "negative value";

    /// <summary>More than 10^15 USD, ten times the world's product: the unit or the column is wrong.</summary>
    public const string Absurd = "absurd: above 1,000 trillion USD";
}
