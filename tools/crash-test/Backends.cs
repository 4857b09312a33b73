namespace Etl.CrashTest;

/// <summary>The words of <c>--journal</c>.</summary>
internal static class Backends
{
    /// <summary>Journal and tables in files.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>Journal and tables on a private server.</summary>
    public const string Postgres = "postgres";
}
