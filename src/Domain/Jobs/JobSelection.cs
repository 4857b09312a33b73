using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>Which job a person means by the beginning of an id, or by none. Pure.</summary>
public static class JobSelection
{
    private const int Listed = 5;

    // Shorter ones are typed by mistake more often than they are meant.
    private const int ShortestShown = 8;

    /// <summary>The job whose id begins with <paramref name="prefix"/>.</summary>
    /// <param name="jobs">Newest first.</param>
    public static Result<JobRecord, string> ByPrefix(IReadOnlyList<JobRecord> jobs, string prefix)
    {
        JobRecord[] found = [.. jobs.Where(job => job.Job.ToString().StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var only] => new Result<JobRecord, string>.Ok(only),
            [] when jobs.Count == 0 => Refuse($"there is no job '{prefix}': there are no jobs yet"),
            [] => Refuse(NearestWord.Find(prefix, Names(jobs, prefix.Length)) is { } near
                ? $"there is no job '{prefix}'; did you mean {near}?" : $"there is no job '{prefix}'; there are {List(jobs)}"),
            _ => Refuse($"'{prefix}' is the beginning of {List(found)}; give more of the id"),
        };
    }

    /// <summary>The job to go on with: the one that was named, or the only one that is open, or the newest of those.</summary>
    /// <param name="jobs">Newest first.</param>
    public static Result<JobRecord, string> ToResume(IReadOnlyList<JobRecord> jobs, string? prefix)
    {
        JobRecord[] open = [.. jobs.Where(job => job.Standing == JobStanding.Open)];
        if (prefix is null)
            return open.FirstOrDefault(job => job.Spec is not null) is { } newest ? new Result<JobRecord, string>.Ok(newest)
                : Refuse("there is no unfinished job to resume; etl jobs lists those that are over");
        return ByPrefix(jobs, prefix) switch
        {
            Result<JobRecord, string>.Ok { Value: { Standing: JobStanding.Open, Spec: null } } => Refuse(
                $"job '{prefix}' was opened and nothing was read for it; run its input again with etl run"),
            Result<JobRecord, string>.Ok { Value: { Standing: not JobStanding.Open } over } => Refuse(
                $"job {Short(over.Job, jobs)} is over ({over.Standing.ToString().ToLowerInvariant()}): there is nothing to resume"
                + (open.Length > 0 ? $"; unfinished: {List(open)}" : "")),
            var selected => selected,
        };
    }

    /// <summary>The shortest beginning of an id that no other job has, at least eight characters.</summary>
    public static string Short(JobId job, IReadOnlyList<JobRecord> jobs)
    {
        var id = job.ToString();
        for (var length = ShortestShown; length < id.Length; length++)
            if (jobs.Count(other => other.Job.ToString().StartsWith(id[..length], StringComparison.Ordinal)) <= 1) return id[..length];
        return id;
    }

    private static ImmutableArray<string> Names(IReadOnlyList<JobRecord> jobs, int length) =>
        [.. jobs.Select(job => job.Job.ToString()[..Math.Clamp(length, ShortestShown, 32)])];

    private static string List(IReadOnlyList<JobRecord> jobs) =>
        string.Join(", ", jobs.Take(Listed).Select(job => Short(job.Job, jobs)))
        + (jobs.Count > Listed ? FormattableString.Invariant($" and {jobs.Count - Listed} more (etl jobs)") : "");

    private static Result<JobRecord, string> Refuse(string reason) => new Result<JobRecord, string>.Error(reason);
}
