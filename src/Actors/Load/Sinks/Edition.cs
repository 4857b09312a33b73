using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>Which publication of the data a result is of.</summary>
/// <param name="AsOf">Its date, <c>2025-12-30</c>; null when neither the source nor the user told one.</param>
/// <param name="ContentSha256">Hash of the input; of the inputs' hashes, one a line, when there are several.</param>
internal sealed record Edition(string? AsOf, string ContentSha256, string? Title, string? Table, string? Column, string? Unit)
{
    /// <summary>The edition of a report; of its first input where inputs differ.</summary>
    public static Edition Of(Report report)
    {
        var choice = report.Choices.IsEmpty ? null : report.Choices[0];
        var asOf = report.Spec.Options.AsOf ?? report.Choices.Items.Select(c => c.Edition).Max();
        return new(
            asOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ContentHash(report.Spec), choice?.Title, choice?.Table,
            choice?.Column, choice?.Unit.ToString().ToLowerInvariant());
    }

    private static string ContentHash(JobSpec spec) => spec.Inputs.Count == 1
        ? spec.Inputs[0].Sha256
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(spec.Inputs.Select(i => i.Sha256 + '\n')))));
}
