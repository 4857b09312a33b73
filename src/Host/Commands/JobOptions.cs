using System.CommandLine;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs.Reading;
using Etl.Domain;

namespace Etl.Host.Commands;

/// <summary>What the commands that read the journal take: where it is, and how to show it.</summary>
internal sealed class JobOptions
{
    public Option<string?> Out { get; } = Text("--out", "DIR", "The results' folder that the run was given. Default: out");

    public Option<string?> State { get; } = Text("--state", "DIR", "Folder of the journal. Default: .etl inside --out");

    public Option<string[]> Config { get; } = Texts("--config", "FILE.conf", "HOCON settings, when the run had some; may be repeated");

    public Option<string[]> Set { get; } = Texts("--set", "PATH=VALUE", "One setting; may be repeated, wins over files");

    public Option<string?> Format { get; } = Text("--format", "FORMAT", "table (default) or json");

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours; NO_COLOR does the same", Arity = ArgumentArity.Zero };

    public IEnumerable<Option> All => [Out, State, Config, Set, Format, NoColor];

    /// <summary>Which job.</summary>
    public static Argument<string?> Id(bool required) => new("ID")
    {
        Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        Description = "The job's id, or the beginning of it" + (required ? "" : ". Without it: the newest unfinished job"),
    };

    /// <summary>Reads the options; the problem is the reader's.</summary>
    public Asked Read(OptionReader read, ParseResult parse)
    {
        var outDirectory = read.Value(Out, "out", Reading<string>.Ok);
        return new(
            new(
                read.Value(State, Path.Combine(outDirectory, ".etl"), Reading<string>.Ok),
                read.Values(Config, Values.ConfigFile), read.Values(Set, Values.Setting), Environment.GetEnvironmentVariable(PostgresSettings.Variable)),
            read.Value(Format, false, text => Values.OneOf(text, Words.TableOrJson)), parse.GetValue(NoColor), Repeated(parse));
    }

    // What a suggested command needs besides, to find the same journal. A connection string may hold a password: whoever reads this knows it.
    private string Repeated(ParseResult parse) => string.Concat(
        new Option<string?>[] { Out, State }.Select(o => parse.GetValue(o) is { } value ? $" {o.Name} {Screen.Wording.Shell(value)}" : "")
        .Concat((parse.GetValue(Config) ?? []).Select(value => $" --config {Screen.Wording.Shell(value)}"))
        .Concat((parse.GetValue(Set) ?? []).Where(value => !value.StartsWith(PostgresSettings.ConnectionKey, StringComparison.Ordinal)).Select(value => $" --set {Screen.Wording.Shell(value)}")));

    /// <summary>Carries a command out that reads the journal: reads the options first, and turns what the journal refuses into an error.</summary>
    public int Carry(Terminal terminal, ParseResult parse, Func<OptionReader, Asked, Result<int, string>> act)
    {
        var read = new OptionReader(parse);
        var asked = Read(read, parse);
        if (read.Problem is { } problem) return CommandLine.Error(terminal, BadUsage, $"{problem} ({Usage.Hint(parse)})");
        try
        {
            return act(read, asked) switch
            {
                Result<int, string>.Ok ok => ok.Value,
                Result<int, string>.Error refused => CommandLine.Error(terminal, BadUsage, $"{refused.Reason} ({Usage.Hint(parse)})"),
                var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
            };
        }
        catch (RunException refused)
        {
            return CommandLine.Error(terminal, refused.ExitCode, refused.Message);
        }
    }

    private const int BadUsage = 2;

    private static Option<string?> Text(string name, string value, string about) => new(name) { HelpName = value, Description = about };

    private static Option<string[]> Texts(string name, string value, string about) => new(name)
    {
        HelpName = value,
        Description = about,
        AllowMultipleArgumentsPerToken = false,
        Arity = ArgumentArity.OneOrMore,
    };
}

/// <summary>What was asked of the journal.</summary>
/// <param name="Options">The options that a suggested command repeats, each with a blank before it.</param>
internal sealed record Asked(JournalRequest Request, bool Json, bool NoColor, string Options)
{
    public Terminal View(Terminal terminal) => NoColor ? terminal with { Color = false } : terminal;
}
