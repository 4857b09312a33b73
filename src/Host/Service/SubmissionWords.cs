using System.Globalization;
using Etl.Dashboard;

namespace Etl.Host.Service;

/// <summary>A submission as the words of a command line, so that there is one reading of them. Pure.</summary>
internal static class SubmissionWords
{
    /// <summary>The words of <c>etl run</c>; each value is bound to its option, so that none is taken for an option itself.</summary>
    /// <param name="input">Makes an input's name that of a file that may be read.</param>
    /// <param name="regions">Likewise a file of regions; other words are given back.</param>
    public static IEnumerable<string> Of(JobSubmission submission, Func<string, string> input, Func<string, string> regions)
    {
        foreach (var one in submission.Inputs ?? []) yield return $"--input={input(one)}";
        foreach (var (name, value) in new[]
        {
            ("source", submission.Source), ("publisher", submission.Publisher), ("unit", submission.Unit), ("columns", submission.Columns),
            ("delimiter", submission.Delimiter), ("empty", submission.Empty), ("regions", submission.Regions is { } scheme ? regions(scheme) : null),
            ("year", submission.Year), ("as-of", submission.AsOf), ("duplicates", submission.Duplicates),
            ("top", submission.Top?.ToString(CultureInfo.InvariantCulture)), ("threshold", submission.Threshold?.ToString(CultureInfo.InvariantCulture)),
            ("sink", submission.Sinks), ("max-quarantined", submission.MaxQuarantined),
            ("quarantine-limit", submission.QuarantineLimit?.ToString(CultureInfo.InvariantCulture)),
        })
            if (value is not null) yield return $"--{name}={value}";
        foreach (var (name, value) in new[]
        {
            ("multiline", submission.Multiline), ("fresh", submission.Fresh), ("strict", submission.Strict), ("offline", submission.Offline),
        })
            if (value) yield return $"--{name}";
    }
}
