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
            var expected = injected.GetValueOrDefault("mapper-crash") + injected.GetValueOrDefault("journal-fail") + injected.GetValueOrDefault("extractor-io");
            // Each read that failed is told of with the batch that was read, and with the time until it was.
            var reads = story.RootElement.GetProperty("restarts").EnumerateArray().Where(r => r.GetProperty("actor").GetString()!.Contains("/extractors/", StringComparison.Ordinal)).ToArray();
            Assert.Equal(injected.GetValueOrDefault("extractor-io"), reads.Length);
            Assert.All(reads, r => Assert.Matches("^[0-9]+/[0-9]+$", r.GetProperty("batch").GetString()));
            Assert.All(reads, r => Assert.True(r.GetProperty("recovered_after_seconds").GetDouble() > 0));
            Assert.Equal(expected, story.RootElement.GetProperty("restarts_total").GetInt64());
            Assert.Equal(expected, story.RootElement.GetProperty("restarts").GetArrayLength());
            Assert.Equal(0, story.RootElement.GetProperty("condemned_total").GetInt64());
            crashes += expected;
            kinds.UnionWith(injected.Keys);
        }

        Assert.True(crashes > 0, "nothing crashed: the test shows nothing");
        Assert.Equal(5, kinds.Count);
    }

    [Theory]
    [InlineData("mapper", "mapper-crash", "^/user/etl/mappers/", true)]
    [InlineData("extractor", "extractor-io", "^/user/etl/extractors/", true)]
    [InlineData("reducer", "journal-fail", "^/user/etl/reducers/", false)]
    public async Task A_failure_that_ends_the_system_stands_in_the_journal_and_the_next_run_tells_of_it(string actor, string kind, string path, bool isAtBatch)
    {
        using var workspace = new Workspace();
        var file = workspace.Write("a.csv", Contributions.Of(60_000, seed: 5).Bytes);
        string[] run = ["run", file, "--out", workspace.Out, .. Options];
        (await EtlProcess.RunAsync(
            [.. run, "--chaos", $"seed=3,{kind}=1", "--set", $"etl.supervision.{actor}.on.default=escalate", "--set", $"etl.supervision.{actor}.on.IOException=escalate"])).ExitsWith(1);
        (await EtlProcess.RunAsync(run)).ExitsWith(0);

        var told = workspace.Json("run.json").GetProperty("restarts").EnumerateArray().First();
        Assert.Equal("Escalate", told.GetProperty("directive").GetString());
        Assert.Matches(path, told.GetProperty("actor").GetString());
        Assert.StartsWith("ChaosException", told.GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.Equal(isAtBatch, told.GetProperty("batch").ValueKind == JsonValueKind.String);
        // The next start's coordinator is what makes it good.
        Assert.True(told.GetProperty("recovered_after_seconds").GetDouble() > 0);
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
