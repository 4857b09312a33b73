namespace Etl.Domain.Extract;

/// <summary>Which publishers a text names; several may be named at once.</summary>
[Flags]
internal enum PublisherSign
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The International Monetary Fund.</summary>
    Imf = 1,

    /// <summary>The World Bank.</summary>
    WorldBank = 2,

    /// <summary>The United Nations.</summary>
    UnitedNations = 4,

    /// <summary>Somebody whose estimates are not wanted.</summary>
    Other = 8,
}

/// <summary>Reads publishers out of headers, captions and titles.</summary>
internal static class PublisherSigns
{
    private static readonly string[] ImfWords = ["imf", "international monetary fund"];
    private static readonly string[] WorldBankWords = ["world bank", "worldbank", "wb"];
    private static readonly string[] UnitedNationsWords = ["un", "united nations", "unsd", "undata"];
    private static readonly string[] OtherWords = ["cia", "factbook", "oecd", "eurostat", "maddison", "penn world", "adb", "ecb"];

    // A "UN region" or "World Bank income group" classifies countries: no estimate of theirs.
    private static readonly string[] ClassificationWords =
    [
        "region", "regions", "subregion", "subregions", "sub region", "geoscheme", "classification", "group", "income level", "member",
        "members", "membership", "continent", "m49", "code",
    ];

    /// <summary>The publishers that a text names as the source of estimates.</summary>
    public static PublisherSign Of(string? text)
    {
        var words = Words.Of(text);
        if (words.FirstOf(ClassificationWords) is not null)
            return PublisherSign.None;
        return (words.FirstOf(ImfWords) is null ? 0 : PublisherSign.Imf)
            | (words.FirstOf(WorldBankWords) is null ? 0 : PublisherSign.WorldBank)
            | (words.FirstOf(UnitedNationsWords) is null ? 0 : PublisherSign.UnitedNations)
            | (words.FirstOf(OtherWords) is null ? 0 : PublisherSign.Other);
    }

    /// <summary>The sign of one publisher.</summary>
    public static PublisherSign Of(Publisher publisher) => publisher switch
    {
        Publisher.Imf => PublisherSign.Imf,
        Publisher.WorldBank => PublisherSign.WorldBank,
        Publisher.UnitedNations => PublisherSign.UnitedNations,
        _ => throw new System.Diagnostics.UnreachableException($"{nameof(Publisher)} {publisher}"),
    };
}
