using System.CommandLine;
using System.CommandLine.Parsing;
using Etl.Domain;

namespace Etl.Host.Commands;

/// <summary>What is wrong with a command line as such, before any value is read.</summary>
internal static class Usage
{
    /// <summary>The first problem, null when there is none.</summary>
    public static string? Problem(ParseResult parse)
    {
        if (parse.Action is HelpPage or VersionLine) return null;
        return Unknown(parse) ?? (parse.Errors.Count == 0 ? null : Sentence(parse.Errors[0].Message));
    }

    /// <summary>Where to read more.</summary>
    public static string Hint(ParseResult parse) => $"see: {Name(parse)} --help";

    /// <summary>"etl", "etl run", "etl jobs prune".</summary>
    public static string Name(ParseResult parse)
    {
        var names = new Stack<string>();
        for (SymbolResult? result = parse.CommandResult; result is CommandResult command; result = command.Parent)
            names.Push(command.Command is RootCommand ? "etl" : command.Command.Name);
        return string.Join(' ', names);
    }

    private static string? Unknown(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        // System.CommandLine takes an unknown option for an argument, so a misspelt option may have become the input.
        var literal = parse.Tokens.Any(t => t.Type == TokenType.DoubleDash);
        var arguments = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value);
        foreach (var token in literal ? parse.UnmatchedTokens : arguments.Concat(parse.UnmatchedTokens))
        {
            if (token is ['-', _, ..]) return UnknownOption(parse, token);
            if (!parse.UnmatchedTokens.Contains(token)) continue;
            if (command is RootCommand) return UnknownCommand(command, token);
            if (command.Subcommands.Count > 0)
                return $"{Name(parse)} has no command '{token}'{Words.Suggest(token, [.. command.Subcommands.Select(c => c.Name)])}";
            return $"{Name(parse)} takes no '{token}'";
        }

        return null;
    }

    private static string UnknownOption(ParseResult parse, string token)
    {
        var given = token.Split('=', ':')[0];
        string[] names = [.. parse.CommandResult.Command.Options.Concat(parse.RootCommandResult.Command.Options.Where(o => o.Recursive)).Select(o => o.Name).Distinct()];
        var nearest = NearestWord.Find(given, names) ?? names.FirstOrDefault(n => n.StartsWith(given, StringComparison.Ordinal));
        return $"{Name(parse)} has no option '{given}'" + (nearest is null ? "" : $"; did you mean {nearest}?");
    }

    private static string UnknownCommand(Command root, string token)
    {
        string[] names = [.. root.Subcommands.Select(c => c.Name)];
        if (NearestWord.Find(token, names) is null && File.Exists(token)) return $"'{token}' is a file, not a command; did you mean etl run {token}?";
        return $"etl has no command '{token}'{Words.Suggest(token, names)}";
    }

    private static string Sentence(string message)
    {
        var text = message.TrimEnd('.', ' ');
        return char.ToLowerInvariant(text[0]) + text[1..];
    }
}
