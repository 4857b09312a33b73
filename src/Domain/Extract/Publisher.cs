using System.Diagnostics;

namespace Etl.Domain.Extract;

/// <summary>Who estimated a figure. The numbers are stored: never renumber; 0 is nobody.</summary>
public enum Publisher
{
    /// <summary>The International Monetary Fund; word <c>imf</c>.</summary>
    Imf = 1,

    /// <summary>The World Bank; word <c>worldbank</c>.</summary>
    WorldBank = 2,

    /// <summary>The United Nations; word <c>un</c>.</summary>
    UnitedNations = 3,
}

/// <summary>The words and names of publishers.</summary>
public static class Publishers
{
    /// <summary>Every publisher, in the order of the numbers.</summary>
    public static IReadOnlyList<Publisher> All { get; } = [Publisher.Imf, Publisher.WorldBank, Publisher.UnitedNations];

    /// <summary>The word of the command line.</summary>
    public static string Word(this Publisher publisher) => publisher switch
    {
        Publisher.Imf => "imf",
        Publisher.WorldBank => "worldbank",
        Publisher.UnitedNations => "un",
        _ => throw new UnreachableException($"{nameof(Publisher)} {publisher}"),
    };

    /// <summary>The name for people.</summary>
    public static string Title(this Publisher publisher) => publisher switch
    {
        Publisher.Imf => "IMF",
        Publisher.WorldBank => "World Bank",
        Publisher.UnitedNations => "United Nations",
        _ => throw new UnreachableException($"{nameof(Publisher)} {publisher}"),
    };

    /// <summary>The publisher of a command line word, null when there is none.</summary>
    public static Publisher? Find(string word) => word.Trim().ToLowerInvariant() switch
    {
        "imf" => Publisher.Imf,
        "worldbank" => Publisher.WorldBank,
        "un" => Publisher.UnitedNations,
        _ => null,
    };
}
