using System.Globalization;
using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>What is run, and how it is cut, so that there is a middle to be killed in.</summary>
/// <param name="Path">The input; null: the edition that comes with the program.</param>
/// <param name="Options">Those that change the answer.</param>
/// <param name="BatchSetting">The key that sets the size of a batch.</param>
/// <param name="Batch">Size of a batch for kills.</param>
/// <param name="SmallBatch">Size of a batch for images: a run has to last for many of them.</param>
/// <param name="RowsPerBatch">About.</param>
internal sealed record Work(
    string Name, string? Path, string[] Options, string BatchSetting, string Batch, string SmallBatch, int Window, int RowsPerBatch)
{
    private const int CsvRows = 200_000;

    /// <summary>Where journal and tables are.</summary>
    public Backend On { get; init; }

    /// <summary>For people, and for the command that repeats a trial.</summary>
    public string Title => On == Backend.Sqlite ? Name : $"{Name} {Backends.Postgres}";

    /// <summary>The options of this tool that choose this.</summary>
    public string Choice => $"--input {Name} --journal {(On == Backend.Sqlite ? Backends.Sqlite : Backends.Postgres)}";

    /// <summary>The page: 14 batches of 16 rows, two under way at most.</summary>
    public static Work Page { get; } = new("page", null, [], "etl.extract.page-batch-rows", "16", "1", 2, 16);

    /// <summary>A generated file of 5 MB with malformed rows: some 20 batches, four under way at most.</summary>
    public static Work Csv(string folder)
    {
        var path = System.IO.Path.Combine(folder, "contributions.csv");
        if (!File.Exists(path)) File.WriteAllBytes(path, Contributions.Of(CsvRows, seed: 7).Bytes);
        var bytes = (int)(new FileInfo(path).Length / 20);
        return new(
            "csv", path, ["--year", "all", "--duplicates", "sum"], "etl.extract.batch-bytes", bytes.ToString(CultureInfo.InvariantCulture), "48KiB", 4,
            CsvRows / 20);
    }

    /// <summary>A place for a run, with an empty database where one is needed.</summary>
    public Workspace NewWorkspace() => new(On);

    /// <summary>The command line of a run in batches, each written at once.</summary>
    public string[] InSteps(Workspace workspace, params IEnumerable<string> more) => Plain(workspace, [.. Paced(Batch), .. more]);

    /// <summary>The same with smaller batches.</summary>
    public string[] InSmallSteps(Workspace workspace) => Plain(workspace, Paced(SmallBatch));

    /// <summary>The command line of a run with nothing set.</summary>
    public string[] Plain(Workspace workspace, params IEnumerable<string> more) =>
        ["run", .. Path is null ? Array.Empty<string>() : [Path], "--out", workspace.Out, "--quiet", .. workspace.BackendOptions, .. Options, .. more];

    private string[] Paced(string batch) =>
    [
        "--set", $"{BatchSetting}={batch}", "--set", string.Create(CultureInfo.InvariantCulture, $"etl.jobs.unacked-window={Window}"),
        "--set", "etl.reduce.checkpoint-interval=0ms", "--set", "etl.jobs.checkpoint-interval=0ms",
    ];
}
