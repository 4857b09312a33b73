using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Actors.Stages;

/// <summary>A report as the files of <c>etl transform</c>, and back: every value exact, so that what is loaded from it has the bytes of a run.</summary>
public static class TransformedAnswer
{
    /// <summary>A country a line, by group of years and rank.</summary>
    public const string CountriesFile = "countries.ndjson";

    /// <summary>A region a line, its members by their line in <see cref="CountriesFile"/>.</summary>
    public const string RegionsFile = "regions.ndjson";

    /// <summary>A row that was set aside a line.</summary>
    public const string RejectedFile = "rejected.ndjson";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record CountryLine(string Country, string Code, string? Region, int? Year, string GdpPicoUsd, int Rank);

    private sealed record RegionLine(string Region, int? YearFrom, int? YearTo, int Top, string AverageBillion, string SumPicoUsd, int? Group, int[] Members);

    private sealed record RejectedLine(int Input, long Position, long? Line, string Column, string Text, string Reason);

    private sealed record InputPart(string Label, string Sha256, long Bytes, bool IsFile);

    private sealed record OptionsPart(
        string Publisher, string? Unit, string Regions, string? RegionsSha256, string Year, string? AsOf, string Duplicates, int Top, decimal ThresholdBillions, int QuarantineLimit,
        RecordsPart Records);

    private sealed record RecordsPart(string? Country, string? Year, string? Value, string? Delimiter, bool EmptyIsMissing, bool Multiline, int MaxLineBytes);

    private sealed record ChoicePart(
        string Title, string Table, string Column, string Unit, int HeaderYear, string Years, string? Edition, string[] Warnings);

    private sealed record Body(
        string Source, string DirectorySha256, string Job, InputPart[] Inputs, OptionsPart Options, ChoicePart[] Choices, CountEquation Counts, string[] MissingCountries,
        string[] UnassignedCountries, string[] Warnings);

    /// <summary>The files' texts, in the order in which they are written.</summary>
    internal static (string Name, byte[] Text)[] Files(Report report)
    {
        var places = report.Countries.Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i);
        return
        [
            (CountriesFile, Lines(report.Countries.Select(c => new CountryLine(c.Country, c.Code.ToString(), c.Region, c.Year, Pico(c.Gdp), c.Rank)))),
            (RegionsFile, Lines(report.Regions.Select(r => new RegionLine(
                r.Region, r.YearFrom, r.YearTo, r.Top, r.Average, Pico(r.Sum), r.Group, [.. r.Members.Select(m => places[m])])))),
            (RejectedFile, Lines(report.Rejections.Select(r => new RejectedLine(r.Place.Input, r.Place.Position, r.Line, r.Column, r.Text, r.Reason)))),
        ];
    }

    /// <summary>Writes the manifest's part, into the open object.</summary>
    internal static void Write(Utf8JsonWriter json, Report report, JobId job)
    {
        var (spec, options) = (report.Spec, report.Spec.Options);
        json.WritePropertyName("answer");
        JsonSerializer.Serialize(json, new Body(
            spec.OriginalSource, spec.DirectoryHash, job.ToString(),
            [.. spec.Inputs.Select(i => new InputPart(i.Label, i.Origin?.Sha256 ?? i.Sha256, i.Origin?.Bytes ?? i.Bytes, i.File is not null))],
            new(options.Publisher.ToString(), options.Unit?.ToString(), options.Regions, options.RegionsFile?.Sha256, options.Year.ToString(), Date(options.AsOf),
                options.Duplicates.ToString(), options.Top, options.ThresholdBillions, options.QuarantineLimit,
                new(options.Records.Country, options.Records.Year, options.Records.Value, options.Records.Delimiter?.ToString(), options.Records.EmptyIsMissing,
                    options.Records.Multiline, options.Records.MaxLineBytes)),
            [.. report.Choices.Select(c => new ChoicePart(c.Title, c.Table, c.Column, c.Unit.ToString(), c.HeaderYear, c.Years, Date(c.Edition), [.. c.Warnings]))],
            report.Counts, [.. report.MissingCountries], [.. report.UnassignedCountries], [.. report.Warnings]), Form);
    }

    /// <summary>Reads a folder whose manifest was checked.</summary>
    /// <exception cref="RunException">1: what it holds is not what it should be.</exception>
    internal static (Report Report, JobId Job) Read(string folder, JsonElement manifest)
    {
        try
        {
            var body = manifest.GetProperty("answer").Deserialize<Body>(Form) ?? throw new JsonException("there is no answer");
            var inputs = body.Inputs.Select(i => new StoredInput(i.Label, i.Sha256, i.Bytes) { File = i.IsFile ? new FileStamp(i.Label, 0, Compression.None) : null });
            var options = new AnswerOptions(
                Enum.Parse<Publisher>(body.Options.Publisher), body.Options.Unit is { } unit ? Enum.Parse<Unit>(unit) : null, body.Options.Regions,
                body.Options.RegionsSha256 is { } sha ? new(body.Options.Regions, sha, 0) : null, YearRule.Parse(body.Options.Year) ?? throw new JsonException("the year is no rule"),
                Date(body.Options.AsOf), Enum.Parse<DuplicateRule>(body.Options.Duplicates), body.Options.Top, body.Options.ThresholdBillions)
            {
                QuarantineLimit = body.Options.QuarantineLimit,
                Records = body.Options.Records is var r ? new(r.Country, r.Year, r.Value, r.Delimiter is [var mark] ? mark : null, r.EmptyIsMissing, r.Multiline, r.MaxLineBytes) : RecordOptions.Default,
            };
            var spec = new JobSpec(body.Source, inputs.ToEquatableArray(), options, body.DirectorySha256, 1, manifest.GetProperty("product_version").GetString()!);
            var countries = Read<CountryLine>(folder, CountriesFile)
                .Select(c => new CountryRow(c.Country, Code(c.Code), c.Region, c.Year, Amount(c.GdpPicoUsd), c.Rank)).ToImmutableArray();
            var regions = Read<RegionLine>(folder, RegionsFile).Select(r => new RegionRow(
                r.Region, r.YearFrom, r.YearTo, r.Top, r.AverageBillion, Amount(r.SumPicoUsd), r.Group, r.Members.Select(m => countries[m]).ToEquatableArray()));
            var rejected = Read<RejectedLine>(folder, RejectedFile).Select(r => new Rejection(new(r.Input, r.Position), r.Line, r.Column, r.Text, r.Reason));
            return (new(
                spec, body.Choices.Select(c => new SourceChoice(
                    c.Title, c.Table, c.Column, Enum.Parse<Unit>(c.Unit), c.HeaderYear, c.Years, Date(c.Edition), [.. c.Warnings])).ToEquatableArray(),
                countries.ToEquatableArray(), regions.ToEquatableArray(), body.Counts, [.. body.MissingCountries], [.. body.UnassignedCountries], rejected.ToEquatableArray(), [.. body.Warnings]),
                JobId.TryParse(body.Job, out var job) ? job : throw new FormatException("the job has no id"));
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or ArgumentException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw new RunException(1, $"{folder} does not hold an answer: {malformed.Message}; make it again with etl transform", malformed);
        }
    }

    private static IEnumerable<T> Read<T>(string folder, string name) =>
        File.ReadLines(Path.Combine(folder, name)).Select(line => JsonSerializer.Deserialize<T>(line, Form) ?? throw new JsonException($"a line of {name} is null"));

    private static byte[] Lines<T>(IEnumerable<T> items) => Encoding.UTF8.GetBytes(string.Concat(items.Select(i => JsonSerializer.Serialize(i, Form) + "\n")));

    private static CountryCode Code(string text) => CountryCode.TryParse(text, out var code) ? code : throw new FormatException($"'{text}' is no code of a country");

    private static string Pico(Money money) => money.Pico.ToString(CultureInfo.InvariantCulture);

    private static Money Amount(string pico) => new(Int128.Parse(pico, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));

    private static string? Date(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Date(string? text) => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
