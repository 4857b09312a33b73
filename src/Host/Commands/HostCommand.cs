using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Domain;

namespace Etl.Host.Commands;

/// <summary><c>etl host</c>.</summary>
internal static class HostCommand
{
    private const int BadUsage = 2;

    public static Command Build(Terminal terminal, IEtlRunner runner, Interruption interruption)
    {
        var options = new HostOptions();
        var command = new Command("host", "An actor system that lives on: jobs by HTTP, several side by side, and pages to watch them.");
        foreach (var option in options.All) command.Add(option);
        command.SetAction(async (parse, _) =>
        {
            switch (HostArguments.Read(parse, options))
            {
                case Result<HostArguments, string>.Error error:
                    return CommandLine.Error(terminal, BadUsage, $"{error.Reason} ({Usage.Hint(parse)})");
                case Result<HostArguments, string>.Ok { Value: var arguments }:
                    try
                    {
                        return await runner.HostAsync(arguments, terminal, interruption).ConfigureAwait(false);
                    }
                    catch (RunException refused)
                    {
                        return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
                    }

                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        });
        return command;
    }
}
