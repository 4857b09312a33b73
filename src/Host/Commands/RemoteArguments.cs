using System.CommandLine;
using System.Globalization;
using Etl.Dashboard;
using Etl.Domain;
using Etl.Domain.Extract.Fetching;

namespace Etl.Host.Commands;

/// <summary>What <c>etl run --host URL</c> submits: the options as they were given, files by their full names; and how it is shown.</summary>
public sealed record RemoteArguments(Uri Host, JobSubmission Submission, OutputFormat Format, bool Quiet)
{
    /// <summary>Reads them; the values themselves are the host's to judge.</summary>
    internal static Result<RemoteArguments, string> Read(ParseResult parse, RunOptions options)
    {
        var text = parse.GetValue(options.Host)!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var host) || host.Scheme is not ("http" or "https") || host.AbsolutePath != "/" || host.UserInfo.Length > 0)
            return Bad($"--host takes the address of a host, such as http://127.0.0.1:5080, not '{text}'");
        Option[] own = [options.Chaos, options.State, options.Config, options.Set, options.DryRun, options.NoSpool, options.AllowPrivateHosts, options.NoMultiline];
        if (own.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } local)
            return Bad($"{local.Name} is not for a host, which has it from its own start: leave it out");
        if (Whole(parse, options.Top) is not { } top) return Bad($"--top takes a whole number, not '{parse.GetValue(options.Top)}'");
        if (Whole(parse, options.QuarantineLimit) is not { } kept) return Bad($"--quarantine-limit takes a whole number, not '{parse.GetValue(options.QuarantineLimit)}'");
        decimal? threshold = null;
        if (parse.GetValue(options.Threshold) is { } bar)
        {
            if (!decimal.TryParse(bar, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var billions)) return Bad($"--threshold takes billions of US dollars, not '{bar}'");
            threshold = billions;
        }

        if (!RunArguments.Formats.TryGetValue(parse.GetValue(options.Format) ?? "table", out var format))
            return Bad($"--format is one of {string.Join(", ", RunArguments.Formats.Keys)}");
        var inputs = (parse.GetValue(options.Input) ?? []).Concat(parse.GetValue(options.InputOption) ?? []).ToArray();
        if (inputs.Contains(InputFiles.Standard)) return Bad("a host has no standard input: save it to a file below the host's input root");
        return new Result<RemoteArguments, string>.Ok(new(host, new(
            [.. inputs.Select(Full)], parse.GetValue(options.Source), parse.GetValue(options.Publisher), parse.GetValue(options.Unit), parse.GetValue(options.Columns),
            parse.GetValue(options.Delimiter), parse.GetValue(options.Empty), parse.GetValue(options.Multiline),
            parse.GetValue(options.Regions) is { } regions && regions.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Full(regions) : parse.GetValue(options.Regions),
            parse.GetValue(options.Year), parse.GetValue(options.AsOf), parse.GetValue(options.Duplicates), top.Value, threshold, parse.GetValue(options.Out),
            parse.GetValue(options.Sink), parse.GetValue(options.Fresh), parse.GetValue(options.Strict), parse.GetValue(options.MaxQuarantined), kept.Value,
            parse.GetValue(options.Offline)), format, parse.GetValue(options.Quiet)));
    }

    private static string Full(string input) => FetchUrl.IsUrl(input) ? input : Path.GetFullPath(input);

    // Wrapped, because nothing given and nothing understood are two things.
    private static Holder? Whole(ParseResult parse, Option<string?> option) => parse.GetValue(option) is not { } text ? new(null)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(number) : null;

    private static Result<RemoteArguments, string> Bad(string problem) => new Result<RemoteArguments, string>.Error(problem);

    private sealed record Holder(int? Value);
}
