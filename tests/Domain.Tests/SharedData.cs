namespace Etl.Domain.Tests;

/// <summary>
/// Finds the folder of real input files that lies beside the project. A test that needs one calls <see cref="Require"/> first and is
/// a [SkippableFact]: without the files it is skipped, saying why; with ETL_TESTS_REQUIRE_ALL=1 it fails instead.
/// </summary>
internal static class SharedData
{
    private const string FolderVariable = "ETL_SHARED";
    private const string RequireVariable = "ETL_TESTS_REQUIRE_ALL";

    /// <summary>The folder that holds data/, null when there is none.</summary>
    public static string? Folder { get; } = Locate();

    /// <summary>The full path of a file or folder below data/; skips or fails the test when it is absent.</summary>
    /// <param name="relative">With forward slashes: "facts/countries.csv".</param>
    public static string Require(string relative)
    {
        var path = Folder is null ? null : Path.Combine(Folder, "data", Path.Combine(relative.Split('/')));
        if (path is not null && (File.Exists(path) || Directory.Exists(path)))
            return path;

        var reason = Folder is null
            ? $"no folder shared/data above {AppContext.BaseDirectory} and {FolderVariable} is not set: {relative} was not tested"
            : $"{Folder} has no data/{relative}";
        if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
            Assert.Fail($"{RequireVariable}=1: {reason}");
        Skip.If(true, reason);
        throw new System.Diagnostics.UnreachableException(reason);
    }

    private static string? Locate()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given)
            return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data")))
                return candidate;
        }

        return null;
    }
}
