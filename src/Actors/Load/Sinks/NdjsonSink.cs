using System.Text.Json;

namespace Etl.Actors.Load.Sinks;

/// <summary>The same objects as in the JSON files, one a line. The bytes are a function of the report.</summary>
public sealed class NdjsonSink : ISink
{
    /// <summary>All countries, highest first.</summary>
    public const string CountriesFile = "Countries_by_GDP.ndjson";

    /// <summary>Each region's top economies and their average.</summary>
    public const string RegionsFile = "Region_Top.ndjson";

    /// <inheritdoc />
    public string Name => "ndjson";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        () => AnswerFiles.Load(
            input, cancellation,
            (CountriesFile, Lines(input.Report.Countries, JsonSink.Country)),
            (RegionsFile, Lines(input.Report.Regions, JsonSink.Region))),
        cancellation);

    private static byte[] Lines<T>(IEnumerable<T> rows, Action<Utf8JsonWriter, T> write) =>
        [.. rows.SelectMany(row => JsonText.Line(json => write(json, row)))];
}
