using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary><c>etl run</c> carries and loads only what it needs.</summary>
public sealed class LeanRunTests
{
    private static readonly string[] Foreign =
    [
        "Microsoft.AspNetCore", "Npgsql", "Akka.Cluster", "Akka.Remote", "Parquet", "System.Net.Http", "Polly", "Microsoft.Extensions.Http",
        "OpenTelemetry",
    ];

    [SkippableFact]
    public async Task A_run_loads_no_web_no_cluster_and_no_other_database()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the loaded files are read from /proc");
        using var workspace = new Workspace();
        using var run = workspace.Start(workspace.Write("long.html", Pages.Long(600)), Settings.Slow);
        var loaded = new HashSet<string>();

        await run.UntilAsync(() =>
        {
            loaded.UnionWith(Assemblies(run.Id));
            return false;
        });

        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);
        foreach (var own in new[] { "etl", "Akka", "Akka.Persistence.Sql", "AngleSharp", "Microsoft.Data.Sqlite" }) Assert.Contains(own, loaded);
        Assert.DoesNotContain(loaded, IsForeign);
    }

    /// <summary>The SDK for the web chooses the other one when a project says nothing; a misspelled property says nothing.</summary>
    [Fact]
    public void The_collector_is_not_the_one_for_servers()
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(EtlProcess.Program, ".runtimeconfig.json")));
        Assert.False(settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty("System.GC.Server").GetBoolean());
    }

    private static bool IsForeign(string assembly) => Foreign.Any(f => assembly.StartsWith(f, StringComparison.Ordinal));

    private static IEnumerable<string> Assemblies(int process)
    {
        try
        {
            return [.. File.ReadLines($"/proc/{process}/maps").Where(l => l.EndsWith(".dll", StringComparison.Ordinal))
                .Select(l => Path.GetFileNameWithoutExtension(l[l.IndexOf('/')..]))];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
