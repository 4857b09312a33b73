using Etl.Actors.Hosting;

namespace Etl.Dashboard.Security;

/// <summary>Paths that others name, held below a root: neither dots, nor an absolute path, nor a link on the way leads out of it.</summary>
public static class RootedPath
{
    private const int Usage = 2, MostLinks = 40;

    /// <summary>The absolute path of what is named.</summary>
    /// <param name="what">For the error: "an input", "the output directory".</param>
    /// <exception cref="RunException">2: it leads out of the root, or is no path.</exception>
    public static string Resolve(string root, string named, string what)
    {
        if (string.IsNullOrWhiteSpace(named) || named.Contains('\0') || named.Length > 4096 || named.Any(char.IsControl))
            throw new RunException(Usage, $"{what} has no proper name");
        var full = Path.GetFullPath(named, root);
        if (!IsBelow(root, full) || !IsBelow(Real(root), Real(full)))
            throw new RunException(Usage, $"{what} '{named}' is not below {root}, and this host touches nothing else");
        return full;
    }

    /// <summary>True when the path is the root or below it, by its text.</summary>
    public static bool IsBelow(string root, string path)
    {
        var prefix = Path.TrimEndingDirectorySeparator(root);
        return path == prefix || path.StartsWith(prefix + Path.DirectorySeparatorChar, StringComparison.Ordinal) || prefix.Length == 0;
    }

    // Every part that is there may be a link; parts that are not there yet cannot be.
    private static string Real(string path)
    {
        var (real, links) = (Path.GetPathRoot(path)!, 0);
        var rest = new Stack<string>(path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (rest.TryPop(out var part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (Target(next) is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks) throw new RunException(Usage, "too many links, one to the other");
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var piece in target.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse()) rest.Push(piece);
        }

        return real;
    }

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? new DirectoryInfo(path).LinkTarget;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
