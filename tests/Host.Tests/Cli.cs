using Etl.Host.Commands;

namespace Etl.Host.Tests;

/// <summary>The command line without a process: what went in, what came out.</summary>
public sealed record Cli(int ExitCode, string Out, string Error)
{
    /// <summary>Runs it at width 100, without colour, on nothing that is a terminal.</summary>
    public static async Task<Cli> RunAsync(FakeRunner runner, params string[] args)
    {
        using var interruption = new Interruption();
        return await RunAsync(runner, interruption, Terminal.RedirectedWidth, args);
    }

    /// <summary>Runs it.</summary>
    public static async Task<Cli> RunAsync(
        FakeRunner runner, Interruption interruption, int width, string[] args, bool errorIsTerminal = false, bool unicode = true, bool color = false)
    {
        using var stdout = new StringWriter { NewLine = "\n" };
        using var stderr = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(stdout, stderr, errorIsTerminal, width, color, unicode);
        var exitCode = await CommandLine.RunAsync(args, terminal, runner, interruption);
        return new(exitCode, stdout.ToString(), stderr.ToString());
    }
}
