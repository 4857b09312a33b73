using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>Which publication of the data a result is of.</summary>
/// <param name="AsOf">Its date, <c>2025-12-30</c>; null when neither the source nor the user told one.</param>
/// <param name="Identity">
/// Hash of the input as it was given, be it to an earlier stage; of the inputs' hashes, one a line, when there are several. Of files that are read
/// where they are, what tells them apart: place, size, time and samples.
/// </param>
internal sealed record Edition(string? AsOf, string Identity, bool IsOfContent, string? Title, string? Table, string? Column, string? Unit)
{
    /// <summary>The edition of a report; of its first input where inputs differ.</summary>
    public static Edition Of(Report report)
    {
        var choice = report.Choices.IsEmpty ? null : report.Choices[0];
        var asOf = report.Spec.Options.AsOf ?? report.Choices.Items.Select(c => c.Edition).Max();
        return new(
            asOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), IdentityOf(report.Spec), report.Spec.Inputs.All(i => i.File is null), choice?.Title, choice?.Table,
            choice?.Column, choice?.Unit.ToString().ToLowerInvariant());
    }

    /// <summary>The hash that anybody can compare; null for files that nobody hashed.</summary>
    public string? ContentSha256 => IsOfContent ? Identity : null;

    private static string IdentityOf(JobSpec spec) => spec.Inputs.Count == 1 ? Hash(spec.Inputs[0])
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(spec.Inputs.Select(i => Hash(i) + '\n')))));

    private static string Hash(StoredInput input) => input.Origin?.Sha256 ?? input.Sha256;
}
