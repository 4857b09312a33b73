using System.Diagnostics;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;

namespace Etl.Host.Tests;

/// <summary>How runs end, and what stderr tells meanwhile.</summary>
public sealed class EndingTests
{
    private static readonly Restart Failure = new(
        "/user/etl/mappers/$a", "FormatException: bad\nrow", "Restart", new(0, 3), 17, 2, DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(1)]
    [InlineData(74)]
    [InlineData(75)]
    public async Task A_failure_is_one_paragraph_on_stderr(int exitCode)
    {
        var outcome = new RunOutcome(exitCode, "the page has no table\nof GDP; name the column", null, null, [], null, 0, 2, default);
        var cli = await Cli.RunAsync(new() { Run = (_, _) => Task.FromResult(outcome) }, "run", "--quiet");
        Assert.Equal((exitCode, "", "error: the page has no table of GDP; name the column\n"), (cli.ExitCode, cli.Out, cli.Error));
    }

    [Fact]
    public async Task A_quality_gate_still_shows_the_answer()
    {
        var cli = await Cli.RunAsync(
            new() { Run = (_, _) => Task.FromResult(Sample.Outcome() with { ExitCode = 3, Error = "2 warnings, and --strict was given" }) }, "run");
        Assert.Equal((3, "error: 2 warnings, and --strict was given\n"), (cli.ExitCode, cli.Error));
        Assert.Contains("TOP-5 AVG", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_expected_is_a_sentence_too()
    {
        var cli = await Cli.RunAsync(new() { Run = (_, _) => throw new InvalidOperationException("broken") }, "run");
        Assert.Equal((1, "", "error: unexpected: InvalidOperationException: broken\n"), (cli.ExitCode, cli.Out, cli.Error));
    }

    [Theory]
    [InlineData(130, true)]
    [InlineData(130, false)]
    [InlineData(143, true)]
    [InlineData(143, false)]
    public async Task A_signal_cancels_and_names_itself(int code, bool throws)
    {
        using var interruption = new Interruption();
        var runner = new FakeRunner
        {
            Run = (_, token) =>
            {
                Assert.True(interruption.Signal(code));
                Assert.False(interruption.Signal(code));
                if (throws) token.ThrowIfCancellationRequested();
                return Task.FromResult(new RunOutcome(130, null, null, null, [], null, 0, 2, default));
            },
        };
        var cli = await Cli.RunAsync(runner, interruption, 100, ["run"]);
        Assert.Equal(code, cli.ExitCode);
        Assert.Contains("once more to stop at once\nerror: interrupted", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_done_all_the_same_is_a_success()
    {
        using var interruption = new Interruption();
        var runner = new FakeRunner
        {
            Run = (_, _) =>
            {
                interruption.Signal(130);
                return Task.FromResult(Sample.Outcome());
            },
        };
        Assert.Equal(0, (await Cli.RunAsync(runner, interruption, 100, ["run"])).ExitCode);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public async Task Progress_is_for_terminals(bool isTerminal, bool quiet, bool shown)
    {
        using var interruption = new Interruption();
        var runner = new FakeRunner
        {
            Run = (observer, _) =>
            {
                for (var i = 0; i < 100; i++) observer.Progress(new("map", i, i, 100, 6, 0));
                observer.Restarted(Failure);
                return Task.FromResult(Sample.Outcome());
            },
        };
        var cli = await Cli.RunAsync(runner, interruption, 100, quiet ? ["run", "--quiet"] : ["run"], errorIsTerminal: isTerminal);
        Assert.Equal(shown ? 1 : 0, cli.Error.Split(" rows").Length - 1);
        Assert.Equal(!quiet, cli.Error.EndsWith("Restart /user/etl/mappers/$a at batch 0/3, row 17, attempt 2: FormatException: bad row\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_real_process_exits_2_and_keeps_stdout_clean()
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "etl.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [dll, "run", "--topp", "3"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((2, ""), (process.ExitCode, await stdout));
        Assert.Equal("error: etl run has no option '--topp'; did you mean --top? (see: etl run --help)", stderr.TrimEnd());
    }
}
