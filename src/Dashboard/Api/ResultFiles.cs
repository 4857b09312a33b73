using Etl.Dashboard.Live;
using Etl.Dashboard.Security;

namespace Etl.Dashboard.Api;

/// <summary>The files that a job's output directory holds: those right in it, neither hidden nor links.</summary>
public static class ResultFiles
{
    private const int Most = 1_000;

    /// <summary>By name; none when the directory is not there, or not below the output root.</summary>
    public static IReadOnlyList<FileInfo> Of(JobRow row, WebOptions options)
    {
        if (row.OutDirectory is not { } directory || !Directory.Exists(directory)) return [];
        try
        {
            RootedPath.Resolve(options.OutputRoot, directory, "the output directory");
            return [.. new DirectoryInfo(directory).EnumerateFiles().Where(f => !f.Name.StartsWith('.') && f.LinkTarget is null).Take(Most).OrderBy(f => f.Name, StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or Actors.Hosting.RunException)
        {
            return [];
        }
    }
}
