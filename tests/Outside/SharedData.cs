namespace Etl.Tests.Outside;

/// <summary>Finds the real input files beside the project; they are never part of it.</summary>
public static class SharedData
{
    /// <summary>The page whose answer is known to the cent.</summary>
    public const string GoldenPage = "2025-01-07-rev1267927482-http.html";

    /// <summary>A saved page.</summary>
    public static string Page(string name) => In("wikipedia", name);

    /// <summary>A file below the folder of shared data. Skips the test, saying why, when there is no such folder.</summary>
    public static string In(params string[] parts)
    {
        var root = Root();
        if (root is null && Environment.GetEnvironmentVariable("ETL_TESTS_REQUIRE_ALL") == "1")
            Assert.Fail("ETL_TESTS_REQUIRE_ALL=1, but no folder shared/data was found above the tests, nor one named by ETL_SHARED");
        Skip.If(root is null, "no folder shared/data above the tests, and ETL_SHARED names none");
        return Path.Combine([root!, .. parts]);
    }

    private static string? Root()
    {
        var candidates = new List<string>();
        if (Environment.GetEnvironmentVariable("ETL_SHARED") is { Length: > 0 } named)
        {
            candidates.Add(Path.Combine(named, "data"));
            candidates.Add(named);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            candidates.Add(Path.Combine(folder.FullName, "shared", "data"));
        return candidates.Find(folder => Directory.Exists(Path.Combine(folder, "wikipedia")));
    }
}
