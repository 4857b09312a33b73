namespace Etl.Tests.Outside;

/// <summary>Settings that make a run's progress visible in steps.</summary>
public static class Settings
{
    /// <summary>Batches of 16 rows, two under way at most, each written at once: 14 steps for a page of 210 to 222 rows.</summary>
    public static readonly string[] Steps =
    [
        "--set", "etl.extract.page-batch-rows=16", "--set", "etl.jobs.unacked-window=2", "--set", "etl.reduce.checkpoint-interval=0ms",
        "--set", "etl.jobs.checkpoint-interval=0ms",
    ];

    /// <summary>A batch per row, one at a time, each written at once: slow enough to meet a run in the middle of its work.</summary>
    public static readonly string[] Slow =
    [
        "--set", "etl.extract.page-batch-rows=1", "--set", "etl.jobs.unacked-window=1", "--set", "etl.reduce.checkpoint-interval=0ms",
        "--set", "etl.jobs.checkpoint-interval=0ms",
    ];

    /// <summary>Batches of a file of so many bytes.</summary>
    public static string[] Batches(string bytes) => ["--set", $"etl.extract.batch-bytes={bytes}"];

    /// <summary>Such batches, four under way at most, each written at once.</summary>
    public static string[] FileSteps(string bytes) =>
    [
        .. Batches(bytes), "--set", "etl.jobs.unacked-window=4", "--set", "etl.reduce.checkpoint-interval=0ms",
        "--set", "etl.jobs.checkpoint-interval=0ms",
    ];

    /// <summary>Crashes on purpose.</summary>
    public static string[] Fault(string fault) => ["--set", $"etl.fault={fault}"];
}
