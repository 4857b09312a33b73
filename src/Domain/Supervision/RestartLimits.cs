namespace Etl.Domain.Supervision;

/// <summary>How often an actor comes back.</summary>
/// <param name="Retries">So often; null: without limit.</param>
/// <param name="Window">Failures that are older do not count; null: all count.</param>
public sealed record RestartLimit(int? Retries, TimeSpan? Window)
{
    /// <summary>As often as it fails.</summary>
    public static RestartLimit None { get; } = new(null, null);

    /// <summary>True when an actor that failed at these times, now included, comes back.</summary>
    public bool Allows(IEnumerable<DateTimeOffset> failures, DateTimeOffset now) =>
        Retries is not { } most || failures.Count(at => Window is not { } window || now - at <= window) <= most;
}

/// <summary>How long it waits until it comes back: twice as long each time, from the first wait to the longest.</summary>
/// <param name="Jitter">So large a part of the wait is added by chance, at most: what failed together is not to come back together.</param>
public sealed record BackoffTimes(TimeSpan Min, TimeSpan Max, double Jitter)
{
    /// <summary>It does not wait.</summary>
    public static BackoffTimes AtOnce { get; } = new(TimeSpan.Zero, TimeSpan.Zero, 0);

    /// <summary>The wait after a failure.</summary>
    /// <param name="failure">Which one it is in a row, from 1.</param>
    /// <param name="chance">0 to 1, drawn by the caller.</param>
    public TimeSpan After(int failure, double chance)
    {
        // 2^62 of anything is longer than the longest, and a larger power is not a number any more.
        var wait = Math.Min(Max.TotalMilliseconds, Min.TotalMilliseconds * Math.Pow(2, Math.Clamp(failure - 1, 0, 62)));
        return TimeSpan.FromMilliseconds(wait * (1 + (Jitter * Math.Clamp(chance, 0, 1))));
    }
}

/// <summary>A row of the table of supervision: one kind of actor.</summary>
/// <param name="On">Exception type to directive.</param>
public sealed record ActorPolicy(SupervisedActor Actor, FailureTable On, RestartLimit Limit, BackoffTimes Backoff)
{
    /// <summary>What is usual for a kind of actor, and what the configuration says unless it is told otherwise.</summary>
    /// <param name="journal">Waits of what has a journal of its own.</param>
    public static ActorPolicy Usual(SupervisedActor kind, BackoffTimes journal, int journalRetries) => kind switch
    {
        { IsPersistent: true } => new(kind, FailureTable.All(FailureDirective.Restart), new(journalRetries, null), journal),
        { Name: "mapper" } => new(kind, FailureTable.All(FailureDirective.Restart), RestartLimit.None, BackoffTimes.AtOnce),
        { Name: "loader" } => new(kind, FailureTable.All(FailureDirective.Restart), new(2, null), BackoffTimes.AtOnce),
        // What a network or another program may cause passes; the rest does not.
        { Name: "extractor" } => new(
            kind, FailureTable.All(FailureDirective.Stop).With(FailureDirective.Restart, nameof(IOException), nameof(TimeoutException), nameof(OperationCanceledException)),
            new(4, null), new(TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(10), 0.2)),
        _ => new(kind, FailureTable.All(FailureDirective.Escalate), RestartLimit.None, BackoffTimes.AtOnce),
    };
}
