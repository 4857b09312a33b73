using Etl.Domain.Load;

namespace Etl.Domain.Jobs;

/// <summary>Why a job does not go on.</summary>
/// <param name="ForGood">It can never succeed; otherwise what is done stays, and a start with other limits goes on from there.</param>
public sealed record JobStop(int ExitCode, string Reason, bool ForGood)
{
    /// <summary>The limit that the job has met; null as long as it is within all of them.</summary>
    /// <param name="maxQuarantined">Rows that may be set aside; null: any number.</param>
    /// <param name="maxAttempts">Mappers that a batch may crash without a row being found that does it.</param>
    /// <param name="maxCondemned">Rows that may crash mappers.</param>
    public static JobStop? Of(JobState state, long? maxQuarantined, int maxAttempts, long maxCondemned) =>
        QualityGate.Stop(state, maxQuarantined) is { } quarantined ? new(3, quarantined, false)
        : Blame.TooMany(state, maxCondemned) is { } condemned ? new(1, condemned, false)
        : Blame.Hopeless(state, maxAttempts) is { } hopeless ? new(1, hopeless, true)
        : null;
}
