namespace Etl.CrashTest;

/// <summary>What came of a trial.</summary>
/// <param name="Repeat">The arguments that repeat it.</param>
/// <param name="Counted">There was work before the crash, and work after it.</param>
internal sealed record Outcome(string Group, string Repeat, bool Counted)
{
    /// <summary>What was not as promised; null when all was.</summary>
    public string? Failure { get; init; }

    /// <summary>A run did not end.</summary>
    public bool Hang { get; init; }

    /// <summary>Where the crash was, for people.</summary>
    public string Story { get; init; } = "";

    /// <summary>From the restart to the first work that is durable.</summary>
    public TimeSpan? ToProgress { get; init; }

    /// <summary>Batches that were read again, per kill.</summary>
    public int? ReadAgain { get; init; }

    /// <summary>An image without the end of its write-ahead log.</summary>
    public bool Torn { get; init; }

    /// <summary>The folder that a failed trial left.</summary>
    public string? Folder { get; init; }
}
