using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Etl.Actors.Hosting;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Actors.Stages;

/// <summary>An input as it was given to <c>etl extract</c>.</summary>
/// <param name="Label">What the user called it.</param>
/// <param name="Sha256">Of its bytes as they were given, compressed or not.</param>
/// <param name="File">The file of the folder that it is in now; several may be in one.</param>
/// <param name="Fetched">Where and when it came from, when it was fetched; null otherwise.</param>
public sealed record ExtractedInput(string Label, string Sha256, long Bytes, string? Compression, string File, FetchedAt? Fetched);

/// <summary>Where an input came from.</summary>
/// <param name="At">When this content was first fetched from there.</param>
public sealed record FetchedAt(string Url, DateTimeOffset At, string? ETag, string? LastModified);

/// <summary>
/// The manifest of <c>etl extract</c>: the lineage of each input, and the options that had a part in reading it. <c>docs/stages.md</c> has the fields.
/// </summary>
/// <param name="ContentSha256">Of kind rows: the identity that the input has in a run; null for records.</param>
/// <param name="Year">As asked for; null when it was left open. So are the others.</param>
public sealed record ExtractManifest(
    string Source, bool IsOfRows, long? Rows, string? ContentSha256, ImmutableArray<ExtractedInput> Inputs, ImmutableArray<LoadedFile> Files, Publisher Publisher,
    Unit? Unit, YearRule? Year, DateOnly? AsOf)
{
    /// <summary>The text of the manifest.</summary>
    public byte[] Text() => StageManifest.Text(StageManifest.Extracted, Files, json =>
    {
        json.WriteString("kind", IsOfRows ? RawRows.Source : "records");
        json.WriteString("source", Source);
        if (Rows is { } rows) json.WriteNumber("rows", rows);
        if (ContentSha256 is { } content) json.WriteString("content_sha256", content);
        json.WriteStartObject("options");
        json.WriteString("publisher", Publisher.ToString().ToLowerInvariant());
        json.WriteString("unit", Unit?.ToString().ToLowerInvariant());
        json.WriteString("year", Year?.ToString());
        json.WriteString("as_of", AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteStartArray("inputs");
        foreach (var input in Inputs) Write(json, input);
        json.WriteEndArray();
    });

    /// <summary>Reads the manifest of a folder.</summary>
    /// <param name="withFiles">False: only the manifest is read, and no file is held against it.</param>
    /// <exception cref="RunException">See <see cref="StageManifest.Read"/>.</exception>
    public static ExtractManifest Read(string folder, bool withFiles = true)
    {
        var manifest = StageManifest.Read(folder, StageManifest.Extracted, "extract", withFiles);
        try
        {
            var options = manifest.GetProperty("options");
            var read = new ExtractManifest(
                manifest.GetProperty("source").GetString()!, manifest.GetProperty("kind").GetString() == RawRows.Source,
                manifest.TryGetProperty("rows", out var rows) ? rows.GetInt64() : null,
                manifest.TryGetProperty("content_sha256", out var content) ? content.GetString() : null,
                [.. manifest.GetProperty("inputs").EnumerateArray().Select(InputOf)], StageManifest.Files(manifest),
                Enum.Parse<Publisher>(options.GetProperty("publisher").GetString()!, ignoreCase: true),
                options.GetProperty("unit").GetString() is { } unit ? Enum.Parse<Unit>(unit, ignoreCase: true) : null,
                options.GetProperty("year").GetString() is { } year ? YearRule.Parse(year) ?? throw new FormatException($"'{year}' is no rule for years") : null,
                options.GetProperty("as_of").GetString() is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null);
            if (read.Inputs.IsEmpty || (read.IsOfRows ? read.ContentSha256 is null : read.Inputs.Length != read.Files.Length)) throw new FormatException("its inputs and its files do not go together");
            return read;
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            throw new RunException(1, $"{Path.Combine(folder, StageManifest.FileName)} is not as etl extract writes it: {malformed.Message}; make the folder again with etl extract", malformed);
        }
    }

    /// <summary>
    /// A request to transform the folder, with what was said to <c>etl extract</c>: it need not be said again, and cannot be said otherwise.
    /// </summary>
    /// <exception cref="RunException">2: an option was given to both stages, and differently.</exception>
    public static RunRequest Merged(RunRequest request, string folder)
    {
        var extract = Read(folder, withFiles: false);
        var asked = request.Options;
        return request with
        {
            Options = asked with
            {
                Publisher = extract.Publisher,
                Unit = One("--unit", asked.Unit, extract.Unit, static u => u?.ToString()?.ToLowerInvariant()),
                Year = One("--year", asked.Year is YearRule.Auto ? null : asked.Year, extract.Year, static y => y?.ToString()) ?? asked.Year,
                AsOf = One("--as-of", asked.AsOf, extract.AsOf, static d => d?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            },
        };

        T One<T>(string option, T mine, T theirs, Func<T, string?> text) => theirs is null ? mine : mine is null || mine.Equals(theirs) ? theirs
            : throw new RunException(2, $"{folder} was extracted with {option} {text(theirs)}, and {option} {text(mine)} is asked for now: leave it out here, or extract again");
    }

    private static void Write(Utf8JsonWriter json, ExtractedInput input)
    {
        json.WriteStartObject();
        json.WriteString("label", input.Label);
        json.WriteString("sha256", input.Sha256);
        json.WriteNumber("bytes", input.Bytes);
        json.WriteString("compression", input.Compression);
        json.WriteString("file", input.File);
        if (input.Fetched is { } at)
        {
            json.WriteString("url", at.Url);
            json.WriteString("first_fetched_at", at.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("etag", at.ETag);
            json.WriteString("last_modified", at.LastModified);
        }

        json.WriteEndObject();
    }

    private static ExtractedInput InputOf(JsonElement of) => new(
        of.GetProperty("label").GetString()!, of.GetProperty("sha256").GetString()!, of.GetProperty("bytes").GetInt64(), of.GetProperty("compression").GetString(),
        of.GetProperty("file").GetString()!,
        of.TryGetProperty("url", out var url)
            ? new(url.GetString()!, of.GetProperty("first_fetched_at").GetDateTimeOffset(), of.GetProperty("etag").GetString(), of.GetProperty("last_modified").GetString()) : null);
}
