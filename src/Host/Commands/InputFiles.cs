using System.Collections.Immutable;
using Etl.Domain;
using Etl.Domain.Extract.Fetching;

namespace Etl.Host.Commands;

/// <summary>The inputs that a command line names: files as given, patterns as the files they match, in the order given.</summary>
internal static class InputFiles
{
    /// <summary>Standard input.</summary>
    public const string Standard = "-";

    /// <summary>Reads the inputs; the first problem is noted.</summary>
    public static ImmutableArray<string> Read(OptionReader read, IEnumerable<string> given, bool allowPrivateHosts = false)
    {
        var files = ImmutableArray.CreateBuilder<string>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
            foreach (var file in Expanded(read, text, allowPrivateHosts))
            {
                // Read twice, its rows would count twice under --duplicates sum.
                if (!known.TryAdd(IsFile(file) ? FileIdentity.Of(file) : file, file))
                    read.Fail(FetchUrl.IsUrl(file) ? $"the URL '{file}' is given twice" : file == Standard ? "standard input (-) can be read only once" : Twice(file, known[FileIdentity.Of(file)]));
                files.Add(file);
            }

        return files.ToImmutable();
    }

    private static bool IsFile(string input) => input != Standard && !FetchUrl.IsUrl(input);

    private static ImmutableArray<string> Expanded(OptionReader read, string text, bool allowPrivateHosts)
    {
        if (text == Standard || File.Exists(text)) return [text];
        if (FetchUrl.IsUrl(text))
        {
            if (FetchUrl.Check(text, allowPrivateHosts) is not Parsed<Uri>.Refused refused) return [text];
            read.Fail(refused.Message);
        }
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
