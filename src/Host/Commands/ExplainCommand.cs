using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Host.Data;
using Etl.Host.Screen;

namespace Etl.Host.Commands;

/// <summary><c>etl explain</c>: what a start with these settings would do. Starts nothing, opens nothing, writes nothing.</summary>
internal static class ExplainCommand
{
    private const int BadUsage = 2;

    public static Command Build(Terminal terminal)
    {
        var what = new Argument<string?>("WHAT") { Arity = ArgumentArity.ZeroOrOne, Description = "tree, routing, supervision or config. Without it: all of them" };
        var config = Texts("--config", "FILE.conf", "HOCON settings; may be repeated, later ones win");
        var set = Texts("--set", "PATH=VALUE", "One setting; may be repeated, wins over files");
        var format = new Option<string?>("--format") { HelpName = "FORMAT", Description = "table (default) or json" };
        var noColor = new Option<bool>("--no-color") { Description = "No colours; NO_COLOR does the same", Arity = ArgumentArity.Zero };
        var command = new Command("explain", "Shows the actor tree, routing, supervision and the settings in force with their origins.") { what, config, set, format, noColor };
        command.SetAction(parse =>
        {
            var read = new OptionReader(parse);
            var (files, settings) = (read.Values(config, Values.ConfigFile), read.Values(set, Values.Setting));
            var json = read.Value(format, false, text => Values.OneOf(text, Words.TableOrJson));
            var part = Values.OneOf(parse.GetValue(what) ?? "all", Words.Explained);
            if ((read.Problem ?? (part.Problem is { } unknown ? $"explain {unknown}" : null)) is { } problem)
                return CommandLine.Error(terminal, BadUsage, $"{problem} ({Usage.Hint(parse)})");
            try
            {
                var told = Explanation.Of(files, settings, Environment.GetEnvironmentVariable(PostgresSettings.Variable));
                var view = parse.GetValue(noColor) ? terminal with { Color = false } : terminal;
                if (json) ExplanationJson.Write(told, part.Value!, terminal.Out);
                else Printer.Print(view, ExplainScreen.Lines(told, part.Value!, Glyphs.For(view), view.Width));
                return 0;
            }
            catch (RunException refused)
            {
                return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
            }
        });
        return command;
    }

    private static Option<string[]> Texts(string name, string value, string about) => new(name)
    {
        HelpName = value,
        Description = about,
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
    };
}
