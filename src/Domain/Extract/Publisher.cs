namespace Etl.Domain.Extract;

/// <summary>Whose estimate of a page is read.</summary>
public enum Publisher
{
    /// <summary>International Monetary Fund.</summary>
    Imf = 1,

    /// <summary>World Bank.</summary>
    WorldBank = 2,

    /// <summary>United Nations.</summary>
    UnitedNations = 3,
}
