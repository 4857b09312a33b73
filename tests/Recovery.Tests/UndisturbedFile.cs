using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>A generated file of 3 MB and the run of it that nothing disturbs.</summary>
public sealed class UndisturbedFile : IDisposable
{
    private readonly Workspace workspace = new();
    private readonly Lazy<Task> run;

    /// <summary>Nothing runs yet.</summary>
    public UndisturbedFile()
    {
        var content = Contributions.Of(120_000, seed: 7);
        Path = workspace.Write("contributions.csv", content.Bytes);
        (Rows, Bytes, SetAside) = (content.Rows.Count + content.SetAside.Count, content.Bytes.Length, content.SetAside);
        run = new(async () => (await workspace.RunAsync(Path, "--year", "all", "--duplicates", "sum")).ExitsWith(0));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its rows, those that are set aside included.</summary>
    public int Rows { get; }

    /// <summary>Its length.</summary>
    public int Bytes { get; }

    /// <summary>The rows that are set aside.</summary>
    public IReadOnlyList<SetAside> SetAside { get; }

    /// <summary>A file of the results.</summary>
    public async Task<string> FileAsync(string name)
    {
        await run.Value;
        return await File.ReadAllTextAsync(System.IO.Path.Combine(workspace.Out, name));
    }

    /// <summary>Its tables, and the hashes of its files.</summary>
    public async Task<(string Tables, string Hashes)> AnswerAsync()
    {
        await run.Value;
        return (workspace.TableDump(), workspace.AnswerHashes());
    }

    /// <inheritdoc />
    public void Dispose() => workspace.Dispose();
}
