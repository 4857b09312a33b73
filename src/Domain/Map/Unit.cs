namespace Etl.Domain.Map;

/// <summary>The unit in which a source states amounts of US dollars. The numbers are stored: never renumber; 0 is no unit.</summary>
public enum Unit
{
    /// <summary>US dollars.</summary>
    Usd = 1,

    /// <summary>Thousands (10^3) of US dollars.</summary>
    Thousand = 2,

    /// <summary>Millions (10^6) of US dollars.</summary>
    Million = 3,

    /// <summary>Billions (10^9) of US dollars.</summary>
    Billion = 4,
}
