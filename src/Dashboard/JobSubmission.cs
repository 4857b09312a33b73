using System.ComponentModel;
using Etl.Domain.Jobs;

namespace Etl.Dashboard;

/// <summary>A job as a program or a page submits it. The words and their meaning are those of <c>etl run</c>; null: its default.</summary>
/// <param name="Inputs">Files below the input root, patterns, or URLs. Empty: the bundled edition, or what the source has at its publisher's.</param>
/// <param name="Out">A folder below the output root. Null: one of the job's own.</param>
/// <param name="Sinks">Words with commas, as <c>--sink</c>.</param>
/// <param name="Fresh">An unfinished job of the same input and options is given up.</param>
public sealed record JobSubmission(
    [property: Description("Files below the input root, patterns, or URLs; none: the bundled edition")] IReadOnlyList<string>? Inputs = null,
    string? Source = null,
    string? Publisher = null,
    string? Unit = null,
    string? Columns = null,
    string? Delimiter = null,
    string? Empty = null,
    bool Multiline = false,
    [property: Description("continent, un-region, un-subregion, wb-region, wb-income, or a file country,region below the input root")] string? Regions = null,
    string? Year = null,
    string? AsOf = null,
    string? Duplicates = null,
    int? Top = null,
    decimal? Threshold = null,
    [property: Description("A folder below the output root; none: one of the job's own")] string? Out = null,
    [property: Description("json, sqlite, html, csv, ndjson, parquet, markdown, postgres, with commas")] string? Sinks = null,
    bool Fresh = false,
    bool Strict = false,
    string? MaxQuarantined = null,
    int? QuarantineLimit = null,
    bool Offline = false);

/// <summary>What came of a submission.</summary>
/// <param name="IsNew">False: the same input and options wait or run already, and this is that job.</param>
public sealed record Submitted(JobId Job, bool IsNew);

/// <summary>What the web application asks of the program around it.</summary>
public interface IJobDesk
{
    /// <summary>Reads a submission as the command line reads its options, and queues it.</summary>
    /// <exception cref="Etl.Actors.Hosting.RunException">It is refused; the message says why.</exception>
    Task<Submitted> SubmitAsync(JobSubmission submission, CancellationToken cancellation);

    /// <summary>What <c>etl run</c> would show of a job that ended in this process; null when it did not.</summary>
    /// <param name="width">Of the terminal it is for.</param>
    /// <param name="format">table, json, csv or md.</param>
    JobScreen? Screen(JobId job, int width, bool color, bool unicode, string format, bool quiet);

    /// <summary>Crashes the mappers of the next so many batches; false when chaos is not allowed.</summary>
    bool CrashMappers(int batches);
}

/// <summary>What a run shows at its end.</summary>
/// <param name="Out">For stdout.</param>
/// <param name="Error">For stderr: an error, and what is told beside data.</param>
public sealed record JobScreen(int ExitCode, string Out, string Error);
