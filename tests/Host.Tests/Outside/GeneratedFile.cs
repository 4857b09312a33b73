using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>A generated file and one run of it, made once for all the tests that compare with it.</summary>
public sealed class GeneratedFile : IDisposable
{
    /// <summary>Every row counts.</summary>
    public static readonly string[] Sum = ["--year", "all", "--duplicates", "sum"];

    private readonly Lazy<Task<EtlResult>> run;

    /// <summary>Nothing runs yet.</summary>
    public GeneratedFile()
    {
        Path = Workspace.Write("contributions.csv", Content.Bytes);
        run = new(() => Workspace.RunAsync(Path, [.. Sum, "--format", "json"]));
    }

    /// <summary>What is in it.</summary>
    public Contributions Content { get; } = Contributions.Of(40_000);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where it ran.</summary>
    public Workspace Workspace { get; } = new();

    /// <summary>How it ended.</summary>
    public async Task<EtlResult> ResultAsync() => (await run.Value).ExitsWith(0);

    /// <summary>A file of the results.</summary>
    public async Task<string> FileAsync(string name)
    {
        await ResultAsync();
        return Read(Workspace, name);
    }

    /// <summary>A file of a run's results.</summary>
    public static string Read(Workspace workspace, string name) => File.ReadAllText(System.IO.Path.Combine(workspace.Out, name));

    /// <inheritdoc />
    public void Dispose() => Workspace.Dispose();
}
