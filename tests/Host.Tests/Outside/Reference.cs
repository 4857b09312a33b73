using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>One undisturbed run of the golden page, made once for all the tests that look at it.</summary>
public sealed class Reference : IDisposable
{
    private readonly Lazy<Task<EtlResult>> run;

    /// <summary>Nothing runs yet.</summary>
    public Reference() => run = new(() => Workspace.RunAsync(SharedData.Page(SharedData.GoldenPage)));

    /// <summary>Where it ran.</summary>
    public Workspace Workspace { get; } = new();

    /// <summary>How it ended.</summary>
    public async Task<EtlResult> ResultAsync() => (await run.Value).ExitsWith(0);

    /// <inheritdoc />
    public void Dispose() => Workspace.Dispose();
}
