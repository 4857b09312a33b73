using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>A folder that already holds results, for the tests that a failure leaves them alone.</summary>
public sealed class Settled : IDisposable
{
    // The acceptance is 5 s on an idle machine; the tests share theirs with others.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private const long MaxBytes = 300_000_000;

    private readonly Lazy<Task<string>> before;

    /// <summary>Nothing runs yet.</summary>
    public Settled() => before = new(async () =>
    {
        (await Workspace.RunAsync(Workspace.Write("settled.html", Pages.Of(Pages.Rows)))).ExitsWith(0);
        return Workspace.ResultHashes();
    });

    /// <summary>Where the results are.</summary>
    public Workspace Workspace { get; } = new();

    /// <summary>
    /// Runs what must fail: in time, in bounds, with nothing but one paragraph on stderr that holds <paramref name="words"/>, and without
    /// touching the results that are there.
    /// </summary>
    public async Task<EtlResult> RefusesAsync(int exitCode, string[] words, params IEnumerable<string> arguments)
    {
        var hashes = await before.Value;
        using var process = EtlProcess.Start(arguments);
        var run = (await process.WaitAsync(Limit)).ExitsWith(exitCode);
        AssertOneParagraph(run, words);
        Assert.InRange(run.PeakBytes, OperatingSystem.IsLinux() ? 1 : 0, MaxBytes);
        Assert.Equal(hashes, Workspace.ResultHashes());
        return run;
    }

    /// <summary>Holds an error against the rules for errors.</summary>
    public static void AssertOneParagraph(EtlResult run, params string[] words)
    {
        Assert.Equal("", run.Out);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', run.Error.TrimEnd('\n'));
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        Assert.InRange(run.Error.Length, 30, 600);
        foreach (var word in words) Assert.Contains(word, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc />
    public void Dispose() => Workspace.Dispose();
}
