using System.Collections.Immutable;
using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace Etl.Host.Commands;

/// <summary>
/// Patterns of file names, for shells that leave them alone (Windows, quotes). A class of its own, so that a run without a pattern does
/// not load the library.
/// </summary>
internal static class InputPattern
{
    /// <summary>The files that match, ordinally sorted: the same on every machine, whatever its language.</summary>
    public static Reading<ImmutableArray<string>> Files(string pattern)
    {
        // The folders before the first star are where to look; the matcher knows patterns below a folder alone.
        var star = pattern.IndexOf('*');
        var split = pattern.AsSpan(0, star).LastIndexOfAny('/', Path.DirectorySeparatorChar) + 1;
        var (root, rest) = (pattern[..split], pattern[split..]);
        try
        {
            var matcher = new Matcher(OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
            matcher.AddInclude(rest).AddExclude("**/.*").AddExclude("**/.*/**");
            var found = matcher.Execute(new DirectoryInfoWrapper(new DirectoryInfo(root.Length == 0 ? "." : root)));
            var isLink = new Dictionary<string, bool>(StringComparer.Ordinal) { [""] = false };
            return Reading<ImmutableArray<string>>.Ok(
                [.. found.Files.Select(match => match.Path).Where(path => !rest.Contains("**") || !IsBehindLink(root, FolderOf(path), isLink))
                    .Select(path => root + path).Order(StringComparer.Ordinal)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Reading<ImmutableArray<string>>.Bad($"the files of '{pattern}' cannot be listed: {e.Message}");
        }
    }

    // "**" does not go through links to folders, as in shells: a link to a folder above would give the same file again and again, and its
    // rows would add up.
    private static bool IsBehindLink(string root, string folder, Dictionary<string, bool> known)
    {
        if (known.TryGetValue(folder, out var isLink)) return isLink;
        isLink = IsBehindLink(root, FolderOf(folder), known) || new DirectoryInfo(root + folder).LinkTarget is not null;
        known.Add(folder, isLink);
        return isLink;
    }

    private static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];
}
