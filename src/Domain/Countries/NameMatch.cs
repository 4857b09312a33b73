namespace Etl.Domain.Countries;

/// <summary>What a name or code in a source stands for. Closed; there is no "probably".</summary>
public abstract record NameMatch
{
    private NameMatch() { }

    /// <summary>A country of the directory.</summary>
    public sealed record Known(Country Country) : NameMatch;

    /// <summary>A group of countries (World, European Union): a row to be counted, not a country.</summary>
    public sealed record Aggregate(string Name) : NameMatch;

    /// <summary>Nothing that the directory names. The text is cleaned for display.</summary>
    public sealed record Unknown(string Text) : NameMatch;
}
