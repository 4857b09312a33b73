using System.Collections.Immutable;
using Etl.Domain;

namespace Etl.Host.Commands;

/// <summary>The inputs that a command line names: files as given, patterns as the files they match, in the order given.</summary>
internal static class InputFiles
{
    /// <summary>Standard input.</summary>
    public const string Standard = "-";

    /// <summary>Reads the inputs; the first problem is noted.</summary>
    public static ImmutableArray<string> Read(OptionReader read, IEnumerable<string> given)
    {
        var files = ImmutableArray.CreateBuilder<string>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
            foreach (var file in Expanded(read, text))
            {
                // Read twice, its rows would count twice under --duplicates sum.
                if (!known.TryAdd(file == Standard ? file : FileIdentity.Of(file), file))
                    read.Fail(file == Standard ? "standard input (-) can be read only once" : Twice(file, known[FileIdentity.Of(file)]));
                files.Add(file);
            }

        return files.ToImmutable();
    }

    private static ImmutableArray<string> Expanded(OptionReader read, string text)
    {
        if (text == Standard || File.Exists(text)) return [text];
        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            read.Fail($"'{text}' cannot be downloaded yet: save it and give the file's name");
        else if (Directory.Exists(text))
            read.Fail($"INPUT '{text}' is a directory: give files, for example '{Path.Combine(text, "*.csv")}'");
        else if (text.Contains('*')) return Matches(read, text);
        else read.Fail($"there is no file '{text}'{NearestFile(text)}");
        return [];
    }

    private static ImmutableArray<string> Matches(OptionReader read, string pattern)
    {
        var matches = InputPattern.Files(pattern);
        if (matches.Problem is { } problem) read.Fail(problem);
        else if (matches.Value.IsEmpty) read.Fail($"no file matches '{pattern}' (* is any part of a name, ** any folders; hidden files are passed over)");
        return matches.Problem is null ? matches.Value : [];
    }

    private static string Twice(string file, string earlier) => Path.GetFullPath(file) == Path.GetFullPath(earlier)
        ? $"the file '{file}' is given twice" : $"the file '{file}' is given twice: '{earlier}' is another name of it";

    private static string NearestFile(string input)
    {
        try
        {
            var directory = Path.GetDirectoryName(input) is { Length: > 0 } given ? given : ".";
            var names = new DirectoryInfo(directory).EnumerateFiles().Take(1000).Select(f => f.Name);
            var nearest = NearestWord.Find(Path.GetFileName(input), names);
            return nearest is null ? "" : $"; did you mean {Path.Combine(Path.GetDirectoryName(input) ?? "", nearest)}?";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }
}
