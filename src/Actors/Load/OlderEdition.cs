using System.Globalization;
using System.Text.Json;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;

namespace Etl.Actors.Load;

/// <summary>Whether a load would replace a newer edition by an older one, as far as <c>run.json</c> tells. Allowed, but said.</summary>
public static class OlderEdition
{
    /// <summary>The warning, or null. A <c>run.json</c> that is absent or is not ours tells nothing.</summary>
    public static string? Warning(string outDirectory, Report report)
    {
        if (report.Choices.Items.Select(c => c.Edition).Max() is not { } mine || Loaded(outDirectory) is not { } loaded || loaded <= mine) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"this edition, of {mine:yyyy-MM-dd}, is older than the one it replaces in {Path.GetFileName(Path.GetFullPath(outDirectory))}, of {loaded:yyyy-MM-dd}");
    }

    /// <summary>The report with that warning. Not for sinks: what stands in the directory is no part of the answer.</summary>
    public static Report Told(string outDirectory, Report report) =>
        Warning(outDirectory, report) is { } older ? report with { Warnings = [older, .. report.Warnings] } : report;

    private static DateOnly? Loaded(string outDirectory)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(outDirectory, RunJsonWriter.FileName)));
            return document.RootElement.TryGetProperty("edition", out var edition) && edition.ValueKind == JsonValueKind.Object
                && edition.TryGetProperty("as_of", out var date) && date.ValueKind == JsonValueKind.String
                && DateOnly.TryParseExact(date.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    ? day : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
