namespace Etl.Domain.Extract;

/// <summary>What a title, caption or header says about the measure.</summary>
/// <param name="NamesGdp">It names gross domestic product.</param>
/// <param name="Nominal">It says nominal, or at exchange rates.</param>
/// <param name="Other">The words that mean another measure, null when there are none.</param>
/// <param name="Mixed">It names purchasing power and nominal values side by side, so that it decides nothing.</param>
internal readonly record struct MeasureSign(bool NamesGdp, bool Nominal, string? Other, bool Mixed)
{
    private static readonly string[] GdpWords = ["gdp", "gross domestic product", "gross world product"];

    private static readonly string[] NominalWords = ["nominal", "exchange rate", "exchange rates", "current prices", "current us", "current usd"];

    private static readonly string[] PurchasingPowerWords =
    [
        "ppp", "purchasing power", "international dollar", "international dollars", "intl dollars", "intl $", "int $", "international $",
        "geary khamis", "pps",
    ];

    // Whatever stands beside one of these, even "nominal", it is not a country's GDP.
    private static readonly string[] OtherWords =
    [
        "per capita", "per person", "per head", "per inhabitant", "per worker", "per hour", "per employed", "capita",
        "growth", "change", "real gdp", "constant", "deflator",
        "gni", "gnp", "gross national", "ratio", "share of", "% of", "percent of", "percentage", "to gdp", "debt", "deficit", "expenditure",
        "spending", "revenue", "exports", "imports", "reserves", "population", "wealth", "composition", "density",
    ];

    /// <summary>Reads one text; null says nothing.</summary>
    public static MeasureSign Of(string? text)
    {
        var words = Words.Of(text);
        var nominal = words.FirstOf(NominalWords) is not null;
        var power = words.FirstOf(PurchasingPowerWords);
        var other = words.FirstOf(OtherWords);
        return new MeasureSign(
            words.FirstOf(GdpWords) is not null, nominal, other ?? (nominal ? null : power), other is null && nominal && power is not null);
    }
}
