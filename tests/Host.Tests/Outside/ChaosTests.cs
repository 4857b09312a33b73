using System.Security.Cryptography;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Whatever is made to fail, the answer is the same to the byte, and each crash is told of. <c>tools/chaos.sh</c> does it for as many seeds as wanted.</summary>
public sealed class ChaosTests
{
    private const string All = "mapper-crash=0.05,extractor-io=0.05,journal-fail=0.05,message-drop=0.02,slow-batch=0.05";

    private static readonly string[] Options =
        ["--year", "all", "--duplicates", "sum", "--set", "etl.extract.batch-bytes=16KiB", "--set", "etl.jobs.ack-deadline=1s"];

    [Fact]
    public async Task Three_seeds_of_everything_give_the_bytes_of_none()
    {
        using var workspace = new Workspace();
        var file = workspace.Write("a.csv", Contributions.Of(60_000, seed: 5).Bytes);
        (await EtlProcess.RunAsync(["run", file, "--out", workspace.Out, .. Options])).ExitsWith(0);
        var (crashes, kinds) = (0L, new HashSet<string>());
        for (var seed = 1; seed <= 3; seed++)
        {
            var place = workspace.In($"seed-{seed}");
            (await EtlProcess.RunAsync(["run", file, "--out", place, .. Options, "--chaos", $"seed={seed},{All}"])).ExitsWith(0);
            Assert.All(Workspace.Answers, name => Assert.Equal(Hash(Path.Combine(workspace.Out, name)), Hash(Path.Combine(place, name))));
            using var story = JsonDocument.Parse(File.ReadAllText(Path.Combine(place, "run.json")));
            var injected = story.RootElement.GetProperty("chaos").GetProperty("injected").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt64());
            var expected = injected.GetValueOrDefault("mapper-crash") + injected.GetValueOrDefault("journal-fail");
            Assert.Equal(expected, story.RootElement.GetProperty("restarts_total").GetInt64());
            Assert.Equal(expected, story.RootElement.GetProperty("restarts").GetArrayLength());
            Assert.Equal(0, story.RootElement.GetProperty("condemned_total").GetInt64());
            crashes += expected;
            kinds.UnionWith(injected.Keys);
        }

        Assert.True(crashes > 0, "nothing crashed: the test shows nothing");
        Assert.Equal(5, kinds.Count);
    }

    [Fact]
    public async Task Without_chaos_nothing_is_told_of_it_and_a_word_that_is_none_is_refused()
    {
        using var workspace = new Workspace();
        (await EtlProcess.RunAsync("run", "--out", workspace.Out)).ExitsWith(0);
        Assert.DoesNotContain("\"chaos\"", File.ReadAllText(Path.Combine(workspace.Out, "run.json")), StringComparison.Ordinal);
        Assert.Contains("did you mean mapper-crash?", (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--chaos", "maper-crash=1")).ExitsWith(2).Error, StringComparison.Ordinal);
        Assert.Contains("etl.chaos", (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--set", "etl.chaos=x")).ExitsWith(2).Error, StringComparison.Ordinal);
    }

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
