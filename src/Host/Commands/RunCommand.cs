using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Load;
using Etl.Host.Data;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary><c>etl run</c>.</summary>
internal static class RunCommand
{
    /// <summary>Said when a signal ended the run.</summary>
    public const string InterruptedText =
        "interrupted: what was done is journalled, the same `etl run` resumes it, --fresh starts over";

    private const int BadUsage = 2;

    /// <summary>The command with its options, for whoever shows them.</summary>
    public sealed class WithOptions(string name, string description, RunOptions set) : Command(name, description)
    {
        public RunOptions Set { get; } = set;
    }

    public static Command Build(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var options = new RunOptions();
        var command = new WithOptions("run", "Extracts, maps, reduces and loads: from a page or files of records to tables, files and averages.", options) { options.Input };
        foreach (var option in options.Groups.SelectMany(g => g.Options)) command.Add(option);
        command.SetAction((parse, _) => parse.GetValue(options.Host) is not null ? RemoteAsync(parse, options, terminal, runner, interruption) : RunArguments.Read(parse, options) switch
        {
            Result<RunArguments, string>.Ok ok when ok.Value.DryRun => DryRunAsync(ok.Value, View(terminal, ok.Value), runner, interruption),
            Result<RunArguments, string>.Ok ok => RunAsync(ok.Value, terminal, runner, interruption),
            Result<RunArguments, string>.Error error =>
                Task.FromResult(CommandLine.Error(terminal, BadUsage, $"{error.Reason} ({Usage.Hint(parse)})")),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        });
        return command;
    }

    private static Task<int> RemoteAsync(ParseResult parse, RunOptions options, Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        switch (RemoteArguments.Read(parse, options))
        {
            case Result<RemoteArguments, string>.Ok { Value: var asked }:
                return runner.RemoteAsync(asked, parse.GetValue(options.NoColor) ? terminal with { Color = false } : terminal, interruption);
            case Result<RemoteArguments, string>.Error { Reason: var reason }:
                return Task.FromResult(CommandLine.Error(terminal, BadUsage, $"{reason} ({Usage.Hint(parse)})"));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Terminal View(Terminal terminal, RunArguments arguments) =>
        arguments.NoColor ? terminal with { Color = false } : terminal;

    /// <summary>Runs, shows, and gives the exit code.</summary>
    public static async Task<int> RunAsync(RunArguments arguments, Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        terminal = View(terminal, arguments);
        RunOutcome outcome;
        using (var progress = new ProgressLine(terminal, arguments.Quiet))
        {
            interruption.OnFirst = () => progress.Note("stopping in order; once more to stop at once");
            outcome = await runner.RunAsync(arguments.Request, progress, interruption.Token).ConfigureAwait(false);
            interruption.OnFirst = null;
        }

        return Shown(arguments, terminal, outcome, interruption);
    }

    /// <summary>Shows an outcome, and gives the exit code.</summary>
    public static int Shown(RunArguments arguments, Terminal terminal, RunOutcome outcome, Interruption interruption)
    {
        if (outcome.Report is { } report) Show(arguments, terminal, outcome, report);
        return Exit(terminal, outcome.ExitCode, outcome.Error, interruption);
    }

    private static async Task<int> DryRunAsync(RunArguments arguments, Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var outcome = await runner.DryRunAsync(arguments.Request, interruption.Token).ConfigureAwait(false);
        if (!arguments.Quiet && (outcome.Choice is not null || outcome.ExitCode == 0))
            Printer.Print(terminal, DryRunScreen.Lines(arguments.Request.Inputs, outcome, Glyphs.For(terminal), terminal.Width));
        return Exit(terminal, outcome.ExitCode, outcome.Error, interruption);
    }

    private static void Show(RunArguments arguments, Terminal terminal, RunOutcome outcome, Report report)
    {
        if (outcome.Files.IsDefault) outcome = outcome with { Files = [] };
        var view = RunView.Of(arguments.Request, outcome, report);
        var glyphs = Glyphs.For(terminal);
        if (arguments.Format == OutputFormat.Table)
        {
            if (!arguments.Quiet) Printer.Print(terminal, RunScreen.Lines(view, glyphs, terminal.Width));
            return;
        }

        if (!arguments.Quiet) Printer.PrintPlain(terminal.Error, RunScreen.WithoutData(view, glyphs, terminal.Width));
        switch (arguments.Format)
        {
            case OutputFormat.Json: JsonData.Write(report, terminal.Out); break;
            case OutputFormat.Csv: CsvData.Write(report, terminal.Out); break;
            case OutputFormat.Markdown: MarkdownData.Write(report, terminal.Out); break;
            default: throw new System.Diagnostics.UnreachableException(arguments.Format.ToString());
        }

        terminal.Out.Flush();
    }

    // The runner knows that it was cancelled; which signal it was is known here.
    private static int Exit(Terminal terminal, int exitCode, string? error, Interruption interruption)
    {
        var interrupted = exitCode is 130 or 143;
        var code = interrupted ? interruption.ExitCode ?? exitCode : exitCode;
        if (code == 0) return code;
        return CommandLine.Error(
            terminal, code, error ?? (interrupted ? InterruptedText : $"the run ended with exit code {Wording.Number(code)}; etl_project_log.txt tells more"));
    }
}
