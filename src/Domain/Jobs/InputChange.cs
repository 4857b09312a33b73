using System.Globalization;

namespace Etl.Domain.Jobs;

/// <summary>Whether an unfinished job is of the same input as another, as it was before it changed. Pure.</summary>
public static class InputChange
{
    /// <summary>The newest open job of the same inputs, by name, and options, but of other contents; null when there is none.</summary>
    /// <param name="jobs">Newest first. When one of them is the same job, nothing has changed: that one is resumed.</param>
    public static JobRecord? Find(IReadOnlyList<JobRecord> jobs, JobSpec fresh)
    {
        var key = fresh.InputKey();
        return jobs.Any(job => job.Standing == JobStanding.Open && job.Spec?.InputKey() == key) ? null
            : jobs.FirstOrDefault(job => job is { Standing: JobStanding.Open, Spec: { } spec } && IsSameQuestion(spec, fresh));
    }

    /// <summary>What people are told.</summary>
    public static string Text(JobRecord earlier, string shortId) => string.Create(CultureInfo.InvariantCulture,
        $"the input has changed since job {earlier.Job} ({earlier.BatchesDone} of {earlier.BatchesPlanned?.ToString(CultureInfo.InvariantCulture) ?? "?"} batches done) began: this is a new job; etl status {shortId}");

    private static bool IsSameQuestion(JobSpec one, JobSpec other) =>
        one.Inputs.Select(NameOf).SequenceEqual(other.Inputs.Select(NameOf))
        // Everything but the contents of the inputs: a key of the one with the other's.
        && (one with { Inputs = other.Inputs }).InputKey() == other.InputKey();

    // What is spooled has its copy's path, which is of its content.
    private static string NameOf(StoredInput input) => input.File is { } file && !file.Path.Contains(input.Sha256, StringComparison.Ordinal) ? file.Path : input.Label;
}
