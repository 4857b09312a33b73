using System.CommandLine;
using System.CommandLine.Help;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary>The command line: parses, says what is wrong with it, or carries the command out.</summary>
public static class CommandLine
{
    private const int Failed = 1;
    private const int Disk = 74;
    private const int BadUsage = 2;

    // Not '@file' and not '-abc': a file name is a file name, and every option is written out.
    private static readonly ParserConfiguration Parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Carries <paramref name="args"/> out and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var root = Build(terminal, runner, interruption);
        var parse = root.Parse(args, Parser);
        if (Usage.Problem(parse) is { } problem) return Error(terminal, BadUsage, $"{problem} ({Usage.Hint(parse)})");
        try
        {
            return await parse.InvokeAsync(new()
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are ours: see Interruption.
                ProcessTerminationTimeout = null,
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interruption.ExitCode is { } code)
        {
            return Error(terminal, code, RunCommand.InterruptedText);
        }
        catch (IOException unwritable)
        {
            // The runner turns its own into outcomes: what is left is stdout, on a full disk or a closed pipe.
            return Error(terminal, Disk, $"the output cannot be written: {unwritable.Message}; what was loaded is in the output directory");
        }
        catch (Exception e)
        {
            // The last resort: a person gets a sentence, not a stack.
            return Error(terminal, Failed, $"unexpected: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Writes an error, one paragraph whatever is in it.</summary>
    internal static int Error(Terminal terminal, int exitCode, string text)
    {
        terminal.Error.WriteLine("error: " + Inert.Text(text.Trim()));
        return exitCode;
    }

    private static RootCommand Build(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var root = new RootCommand("Turns pages or files of countries' GDP into a clean table and regions' averages; survives being killed.")
        {
            RunCommand.Build(terminal, runner, interruption),
            StageCommands.BuildExtract(terminal, runner, interruption),
            StageCommands.BuildTransform(terminal, runner, interruption),
            StageCommands.BuildLoad(terminal, runner, interruption),
            HostCommand.Build(terminal, runner, interruption),
            JobsCommand.Build(terminal, runner),
            JobCommands.BuildStatus(terminal, runner),
            ResumeCommand.Build(terminal, runner, interruption),
            JobCommands.BuildEvents(terminal, runner),
            ExplainCommand.Build(terminal),
            FormatsCommand.Build(terminal),
        };
        root.Options.Clear();
        root.Add(new HelpOption { Description = "Show help", Recursive = true, Action = new HelpPage() });
        root.Add(new Option<bool>("--version") { Description = "Show the version", Arity = ArgumentArity.Zero, Action = new VersionLine() });
        // Without a command nothing is asked for; help is the friendliest answer, and not an error.
        root.SetAction(parse => HelpPage.Write(parse));
        return root;
    }
}
