using System.Collections.Immutable;
using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Extract.Fetching;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Host.Commands;

/// <summary>How results are written to stdout.</summary>
public enum OutputFormat
{
    /// <summary>A screen for people.</summary>
    Table,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>The country table.</summary>
    Csv,

    /// <summary>Two tables of Markdown.</summary>
    Markdown,
}

/// <summary>What <c>etl run</c> was asked for: the request, and how to show it.</summary>
public sealed record RunArguments(RunRequest Request, bool DryRun, OutputFormat Format, bool Quiet, bool NoColor)
{
    /// <summary>The formats by their words.</summary>
    public static IReadOnlyDictionary<string, OutputFormat> Formats { get; } = new Dictionary<string, OutputFormat>
    {
        ["table"] = OutputFormat.Table,
        ["json"] = OutputFormat.Json,
        ["csv"] = OutputFormat.Csv,
        ["md"] = OutputFormat.Markdown,
    };

    /// <summary>Reads a parsed command line; the error is what is wrong with the first bad value.</summary>
    internal static Result<RunArguments, string> Read(ParseResult parse, RunOptions options)
    {
        var read = new OptionReader(parse);
        var defaults = AnswerOptions.Default;
        var chaos = read.Value(options.Chaos, null, ChaosOf);
        var (privateHosts, source) = (parse.GetValue(options.AllowPrivateHosts), read.Value<string?>(options.Source, null, text => Values.OneOf(text, Words.Sources)!));
        var (configFiles, settings) = (read.Values(options.Config, Values.ConfigFile), read.Values(options.Set, Values.Setting));
        if (chaos is not null) settings = settings.Add(new("etl.chaos", chaos));
        var given = (parse.GetValue(options.Input) ?? []).Concat(read.Values(options.InputOption, Reading<string>.Ok)).ToArray();
        if (given is [] && source is not null) given = LiveInput.Of(read, source, configFiles, settings);
        var inputs = InputFiles.Read(read, given, privateHosts);
        var (scheme, regionsFile) = read.Value(options.Regions, (defaults.Regions, null), Regions);
        var answer = new AnswerOptions(
            read.Value(options.Publisher, defaults.Publisher, text => Values.OneOf(text, Words.PublisherByWord)),
            read.Nullable(options.Unit, text => Values.OneOf(text, Words.UnitByWord)),
            scheme, null,
            read.Value(options.Year, defaults.Year, Values.Year),
            read.Value(options.AsOf, null, Values.Date),
            read.Value(options.Duplicates, defaults.Duplicates, text => Values.OneOf(text, Words.DuplicateByWord)),
            read.Value(options.Top, defaults.Top, Values.Top),
            read.Value(options.Threshold, defaults.ThresholdBillions, Values.Threshold))
        {
            QuarantineLimit = read.Value(options.QuarantineLimit, defaults.QuarantineLimit, Values.Kept),
        };
        var outDirectory = read.Value(options.Out, "out", Reading<string>.Ok);
        var limit = read.Value(options.MaxQuarantined, default, Values.Limit);
        var request = new RunRequest(
            inputs,
            source,
            answer, regionsFile, outDirectory,
            read.Value(options.State, Path.Combine(outDirectory, ".etl"), Reading<string>.Ok),
            read.Value(options.Sink, [], Values.Sinks),
            configFiles,
            settings,
            parse.GetValue(options.Fresh), parse.GetValue(options.Strict), limit.Rows, limit.Percent,
            parse.GetValue(options.NoSpool), Environment.GetEnvironmentVariable(PostgresSettings.Variable))
        {
            Records = Records(read, parse, options),
            Offline = parse.GetValue(options.Offline),
            AllowPrivateHosts = privateHosts,
        };
        if ((parse.GetValue(options.Input) ?? []).Length == 0 && inputs.Length > 0 && source == LiveInput.Dateless && answer is { Year: YearRule.Auto, AsOf: null })
            read.Fail("--source imf fetches a series that does not tell its date, so forecasts cannot be told from estimates: choose with --year YEAR or --as-of DATE");
        var format = read.Value(options.Format, OutputFormat.Table, text => Values.OneOf(text, Formats));
        var dryRun = parse.GetValue(options.DryRun);
        if (request.NoSpool && !inputs.Contains(InputFiles.Standard)) read.Fail("--no-spool is for standard input: give - as an input, or leave it out");
        if (request.Offline && !inputs.Any(FetchUrl.IsUrl)) read.Fail("--offline is for inputs that are URLs: give one, or leave it out");
        if (dryRun && format != OutputFormat.Table) read.Fail("--dry-run has no data to format: leave --format out");
        return read.Problem is { } problem
            ? new Result<RunArguments, string>.Error(problem)
            : new Result<RunArguments, string>.Ok(new(request, dryRun, format, parse.GetValue(options.Quiet), parse.GetValue(options.NoColor)));
    }

    private static RecordsAsked Records(OptionReader read, ParseResult parse, RunOptions options)
    {
        var columns = read.Value(options.Columns, new ColumnNames(null, null, null), Values.Columns);
        var (on, off) = (parse.GetValue(options.Multiline), parse.GetValue(options.NoMultiline));
        if (on && off) read.Fail("--multiline and --no-multiline exclude each other: leave one out");
        return new(
            columns.Country, columns.Year, columns.Value,
            read.Nullable(options.Delimiter, Values.Delimiter),
            read.Nullable(options.Empty, text => Values.OneOf(text, Words.EmptyByWord)),
            on ? true : off ? false : null);
    }

    private static Reading<string?> ChaosOf(string text) => Domain.Jobs.Chaos.ChaosSpec.Parse(text) is Parsed<Domain.Jobs.Chaos.ChaosSpec>.Refused refused
        ? Reading<string?>.Bad($"{refused.Message}") : Reading<string?>.Ok(text);

    private static Reading<(string Scheme, string? File)> Regions(string text)
    {
        if (Words.Schemes.Names().Contains(text)) return Reading<(string, string?)>.Ok((text, null));
        if (!text.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            return Reading<(string, string?)>.Bad($"takes a scheme or a file .csv, not '{text}'{Words.Suggest(text, [.. Words.Schemes.Names()])}");
        var file = Values.ExistingFile(text, "scheme or a file .csv");
        return file.Problem is { } problem ? Reading<(string, string?)>.Bad(problem) : Reading<(string, string?)>.Ok((text, text));
    }
}
