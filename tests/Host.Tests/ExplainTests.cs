using System.Text.Json;

namespace Etl.Host.Tests;

/// <summary><c>etl explain</c>, as a person and a program read it.</summary>
public sealed class ExplainTests
{
    [Fact]
    public async Task All_of_it_is_four_tables_without_a_cell_that_is_empty()
    {
        var cli = await RunAsync("explain");
        Assert.Equal((0, ""), (cli.ExitCode, cli.Error));
        string[] headings = ["TREE", "ROUTING", "SUPERVISION", "CONFIG"];
        Assert.Equal(headings, cli.Out.Split('\n').Where(line => headings.Contains(line)));
        Assert.All(cli.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Contains("/user/etl/reducers/{job}-{region}/reducer  reducer ", cli.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^reducer +default +restart +10 +until a success +200 ms to 5 s, \+20 %$", cli.Out);
        Assert.Matches(@"(?m)^mapper +default +restart +unlimited +- +at once$", cli.Out);
    }

    [Theory]
    [InlineData("tree", "routing")]
    [InlineData("routing", "config")]
    [InlineData("supervision", "tree")]
    [InlineData("config", "supervision")]
    public async Task A_word_shows_a_part_alone(string part, string other)
    {
        var cli = await RunAsync("explain", part);
        Assert.StartsWith(part.ToUpperInvariant() + "\n", cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\n" + other.ToUpperInvariant() + "\n", cli.Out, StringComparison.Ordinal);
        Assert.Equal(part == "supervision" ? ["supervision", "journal_patience_seconds"] : [part],
            JsonDocument.Parse((await RunAsync("explain", part, "--format", "json")).Out).RootElement.EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task What_is_set_is_in_force_and_has_its_origin()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("etl-explain-").FullName, "scale.conf");
        await File.WriteAllTextAsync(file, """
            akka.actor.deployment./etl/mappers { router = round-robin-pool, nr-of-instances = 7, resizer { enabled = on, lower-bound = 2, upper-bound = 9 } }
            etl.supervision.loader.on { "System.IO.IOException" = stop }
            etl.jobs.unacked-window = 8
            """);
        var json = JsonDocument.Parse((await RunAsync(
            "explain", "--format", "json", "--config", file, "--set", "etl.jobs.unacked-window=9", "--set", "etl.supervision.journal.max-restarts=3")).Out).RootElement;
        var routing = json.GetProperty("routing");
        Assert.Equal(("round-robin-pool", 7, 2, 9), (routing.GetProperty("router").GetString(), routing.GetProperty("instances").GetInt32(),
            routing.GetProperty("resizer").GetProperty("lower_bound").GetInt32(), routing.GetProperty("resizer").GetProperty("upper_bound").GetInt32()));
        var rows = json.GetProperty("supervision").EnumerateArray().ToDictionary(r => r.GetProperty("actor").GetString()!);
        Assert.Equal(["System.IO.IOException stop", "default restart"], rows["loader"].GetProperty("on").EnumerateArray()
            .Select(o => $"{o.GetProperty("exception").GetString()} {o.GetProperty("directive").GetString()}"));
        Assert.Equal(3, rows["reducer"].GetProperty("retries").GetInt32());
        var config = json.GetProperty("config").EnumerateArray().ToDictionary(
            s => s.GetProperty("key").GetString()!, s => (s.GetProperty("value").GetString(), s.GetProperty("origin").GetString()));
        Assert.Equal(("9", "--set"), config["etl.jobs.unacked-window"]);
        Assert.Equal(("stop", $"--config {file}"), config["etl.supervision.loader.on.System.IO.IOException"]);
        Assert.Equal(("16", "reference.conf"), config["etl.extract.window"]);
    }

    [Fact]
    public async Task A_password_is_never_shown()
    {
        foreach (var format in new[] { "table", "json" })
        {
            var cli = await RunAsync("explain", "config", "--format", format, "--set", "etl.postgres.connection-string=Host=db;Username=me;Password=hunter2");
            Assert.Equal(0, cli.ExitCode);
            Assert.DoesNotContain("hunter2", cli.Out + cli.Error, StringComparison.Ordinal);
            Assert.Contains("--set", cli.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_setting_that_a_run_would_refuse_is_refused_in_the_same_words()
    {
        var cli = await RunAsync("explain", "--set", "etl.supervision.reducer.on.default=resume");
        Assert.Equal((2, ""), (cli.ExitCode, cli.Out));
        Assert.Equal(
            "error: --set: etl.supervision.reducer.on.default = resume is not sound for a reducer: it would go on with a state that its journal does not hold "
            + "(allowed: restart, stop, escalate)\n",
            cli.Error);
    }

    private static Task<Cli> RunAsync(params string[] args) => Cli.RunAsync(new(), args);
}
