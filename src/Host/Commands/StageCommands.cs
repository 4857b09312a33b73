using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Actors.Stages;
using Etl.Domain;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary><c>etl extract</c>, <c>etl transform</c> and <c>etl load</c>: what <c>etl run</c> does in one process, with files between.</summary>
internal static class StageCommands
{
    private const int BadUsage = 2;

    public static Command BuildExtract(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var options = new RunOptions();
        var command = new Command("extract", "The first stage alone: reads the inputs into a folder for etl transform.") { options.Input };
        Add(command, [options.InputOption, options.Source, options.Publisher, options.Unit, options.Year, options.AsOf, options.Offline, options.AllowPrivateHosts,
            options.Out, options.State, options.Config, options.Set, options.Quiet, options.NoColor]);
        command.SetAction((parse, _) => Carry(terminal, parse, options, "extracted", async arguments =>
        {
            ExtractOutcome outcome;
            using (var progress = new ProgressLine(terminal, arguments.Quiet))
                outcome = await runner.ExtractAsync(arguments.Request, progress, interruption.Token).ConfigureAwait(false);
            if (!arguments.Quiet) Printer.Print(terminal, StageScreen.Of(outcome, arguments.Request, Glyphs.For(terminal), terminal.Width));
            return 0;
        }));
        return command;
    }

    public static Command BuildTransform(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var (options, folder) = (new RunOptions(), Folder("extract"));
        var command = new Command("transform", "The second stage alone: maps and reduces what etl extract wrote, into a folder for etl load. Survives being killed.") { folder };
        Add(command, [options.Unit, options.Columns, options.Delimiter, options.Empty, options.Multiline, options.NoMultiline, options.Regions, options.Year, options.AsOf,
            options.Duplicates, options.Top, options.Threshold, options.QuarantineLimit, options.Out, options.State, options.Config, options.Set, options.Fresh,
            options.Quiet, options.NoColor]);
        command.SetAction((parse, _) => Carry(terminal, parse, options, "transformed", arguments =>
        {
            var stage = parse.GetValue(folder)!;
            StageManifest.RefuseOthers(arguments.Request.OutDirectory, StageManifest.Transformed);
            var request = ExtractManifest.Merged(arguments.Request, stage) with { Stage = stage, Inputs = [stage], Sinks = [AnswerSink.Word] };
            return RunCommand.RunAsync(arguments with { Request = request }, terminal, runner, interruption);
        }));
        return command;
    }

    public static Command BuildLoad(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var (options, folder) = (new RunOptions(), Folder("transform"));
        var command = new Command("load", "The third stage alone: loads what etl transform wrote into files, tables and databases.") { folder };
        Add(command, [options.Out, options.Sink, options.Config, options.Set, options.Strict, options.MaxQuarantined, options.Format, options.Quiet, options.NoColor]);
        command.SetAction((parse, _) => Carry(terminal, parse, options, "out", async arguments =>
        {
            var request = arguments.Request with { Stage = parse.GetValue(folder), Inputs = [parse.GetValue(folder)!] };
            var outcome = await runner.LoadAsync(request, parse.GetValue(folder)!, interruption.Token).ConfigureAwait(false);
            return RunCommand.Shown(arguments with { Request = request }, terminal, outcome, interruption);
        }));
        return command;
    }

    private static Argument<string> Folder(string stage) => new("FOLDER") { Description = $"What etl {stage} wrote" };

    private static void Add(Command command, IEnumerable<Option> options)
    {
        foreach (var option in options) command.Add(option);
    }

    private static async Task<int> Carry(Terminal terminal, ParseResult parse, RunOptions options, string folder, Func<RunArguments, Task<int>> act)
    {
        switch (RunArguments.Read(parse, options))
        {
            case Result<RunArguments, string>.Error { Reason: var problem }:
                return CommandLine.Error(terminal, BadUsage, $"{problem} ({Usage.Hint(parse)})");
            case Result<RunArguments, string>.Ok { Value: var arguments }:
                try
                {
                    var request = arguments.Request;
                    if (parse.GetValue(options.Out) is null)
                        request = request with { OutDirectory = folder, StateDirectory = parse.GetValue(options.State) ?? Path.Combine(folder, ".etl") };
                    return await act(arguments with { Request = request }).ConfigureAwait(false);
                }
                catch (RunException refused)
                {
                    return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
                }
                catch (Etl.Actors.Load.Sinks.SinkException refused)
                {
                    return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
                }

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
