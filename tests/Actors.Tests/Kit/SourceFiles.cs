using System.Text.RegularExpressions;

namespace Etl.Actors.Tests.Kit;

/// <summary>The product's source, found upwards from the built tests: a deterministic build hides where this file was compiled.</summary>
internal static class SourceFiles
{
    public static string Root { get; } = Upwards(AppContext.BaseDirectory);

    /// <summary>The C# files below a folder of the repository.</summary>
    public static IReadOnlyList<string> Of(string folder)
    {
        var files = Directory.GetFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>The code of a file without its comments.</summary>
    public static string Code(string file) => Regex.Replace(File.ReadAllText(file), @"//[^\n]*", "");

    /// <summary>The first group of each match in the code of a file.</summary>
    public static IEnumerable<string> Matches(string file, string pattern) => Regex.Matches(Code(file), pattern).Select(m => m.Groups[1].Value);

    private static string Upwards(string folder) =>
        File.Exists(Path.Combine(folder, "Etl.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Upwards(parent)
        : throw new DirectoryNotFoundException("no folder with Etl.sln above the built tests");
}
