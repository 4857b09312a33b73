using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Etl.Domain.Jobs.Chaos;

/// <summary>What can be made to fail on purpose.</summary>
public enum ChaosKind
{
    /// <summary>A mapper throws before it maps a batch.</summary>
    MapperCrash = 1,

    /// <summary>A read of an input fails, as a disk or a network does for a moment.</summary>
    ExtractorIo = 2,

    /// <summary>A reducer's write fails.</summary>
    JournalFail = 3,

    /// <summary>A message about a batch is lost.</summary>
    MessageDrop = 4,

    /// <summary>A mapper is late with a batch.</summary>
    SlowBatch = 5,
}

/// <summary>How often what fails on purpose: <c>seed=7,mapper-crash=0.02,message-drop=0.01</c>. The same seed strikes the same places.</summary>
/// <param name="Chances">0 to 1, by kind; a kind that is absent never strikes.</param>
public sealed record ChaosSpec(long Seed, ImmutableSortedDictionary<ChaosKind, double> Chances)
{
    /// <summary>Where no seed is given.</summary>
    public const long DefaultSeed = 1;

    private static readonly ImmutableSortedDictionary<string, ChaosKind> Words = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
    [
        KeyValuePair.Create("mapper-crash", ChaosKind.MapperCrash), KeyValuePair.Create("extractor-io", ChaosKind.ExtractorIo),
        KeyValuePair.Create("journal-fail", ChaosKind.JournalFail), KeyValuePair.Create("message-drop", ChaosKind.MessageDrop),
        KeyValuePair.Create("slow-batch", ChaosKind.SlowBatch),
    ]);

    /// <summary>Nothing fails.</summary>
    public static ChaosSpec None { get; } = new(DefaultSeed, ImmutableSortedDictionary<ChaosKind, double>.Empty);

    /// <summary>The word of a kind.</summary>
    public static string WordOf(ChaosKind kind) => Words.First(w => w.Value == kind).Key;

    /// <summary>Reads a specification; empty text is none.</summary>
    public static Parsed<ChaosSpec> Parse(string text)
    {
        var spec = None;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [var name, var value]) return No(part, "is not of the form NAME=NUMBER");
            if (name == "seed")
            {
                if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)) return No(part, "has no whole number");
                spec = spec with { Seed = seed };
            }
            else if (!Words.TryGetValue(name, out var kind))
                return No(part, $"names nothing that can fail{(NearestWord.Find(name, Words.Keys.Append("seed")) is { } near ? $"; did you mean {near}?" : "")}");
            else if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var chance) || chance is not (>= 0 and <= 1))
                return No(part, "has no probability from 0 to 1, such as 0.02");
            else spec = spec with { Chances = spec.Chances.SetItem(kind, chance) };
        }

        return new Parsed<ChaosSpec>.Ok(spec);
    }

    /// <summary>
    /// Whether it strikes here. A function of the seed, the kind and what it would strike, so that it strikes the same in every run, whatever the
    /// order in which things come.
    /// </summary>
    /// <param name="identity">What would be struck: a batch, a region and what it is about to write.</param>
    public bool Strikes(ChaosKind kind, string identity) =>
        Chances.TryGetValue(kind, out var chance) && chance > 0 && Unit(kind, identity) < chance;

    /// <inheritdoc />
    public override string ToString() => string.Join(',',
        [string.Create(CultureInfo.InvariantCulture, $"seed={Seed}"), .. Chances.Select(c => string.Create(CultureInfo.InvariantCulture, $"{WordOf(c.Key)}={c.Value}"))]);

    /// <inheritdoc />
    public bool Equals(ChaosSpec? other) => other is not null && Seed == other.Seed && Chances.SequenceEqual(other.Chances);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Seed, Chances.Count);

    // FNV-1a (Fowler, Noll, Vo) over the text, and the finalizer of SplitMix64 (Steele, Lea, Flood) to spread what differs in one letter.
    private double Unit(ChaosKind kind, string identity)
    {
        var hash = 14695981039346656037UL ^ (ulong)Seed;
        foreach (var one in Encoding.UTF8.GetBytes($"{(int)kind} {identity}")) hash = (hash ^ one) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return ((hash ^ (hash >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    private static Parsed<ChaosSpec> No(string part, string why) =>
        new Parsed<ChaosSpec>.Refused(0, $"'{part}' {why}", $"give seed=N and any of {string.Join(", ", Words.Keys)} with a probability");
}
