using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Etl.Tests.Outside;

/// <summary>A folder of one test, gone afterwards, and what the program writes into it.</summary>
public sealed class Workspace : IDisposable
{
    /// <summary>The files that must be the same to the byte, whatever happened on the way.</summary>
    public static readonly string[] Answers = ["Countries_by_GDP.json", "Region_Top.json", "quarantine.jsonl"];

    /// <summary>An empty folder, and on PostgreSQL an empty database. Skips the test, saying why, where there can be no server.</summary>
    public Workspace(Backend on = Backend.Sqlite) : this(on == Backend.Sqlite ? null : SharedPostgres.NewDatabase())
    {
    }

    /// <summary>An empty folder, and this database of PostgreSQL.</summary>
    public Workspace(string? postgres)
    {
        Root = Directory.CreateTempSubdirectory("etl-outside-").FullName;
        Postgres = postgres;
        BackendOptions = postgres is null ? [] : ["--config", "hocon/postgres.conf", "--set", $"etl.postgres.connection-string={postgres}"];
    }

    /// <summary>Connection string of the database that journal and tables are in; null when they are in files.</summary>
    public string? Postgres { get; }

    /// <summary>What tells a run where journal and tables are.</summary>
    public IReadOnlyList<string> BackendOptions { get; }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Where the results go.</summary>
    public string Out => In("out");

    /// <summary>The project's log.</summary>
    public string Log => Path.Combine(Out, "etl_project_log.txt");

    /// <summary>A path below the folder.</summary>
    public string In(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Writes a file of UTF-8 text.</summary>
    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(In(name), content);
        return In(name);
    }

    /// <summary><c>etl run INPUT --out ...</c> to the end.</summary>
    public Task<EtlResult> RunAsync(string input, params IEnumerable<string> options) =>
        EtlProcess.RunAsync(["run", input, "--out", Out, .. BackendOptions, .. options]);

    /// <summary><c>etl run INPUT --out ...</c>, started.</summary>
    public EtlProcess Start(string input, params IEnumerable<string> options) => EtlProcess.Start(["run", input, "--out", Out, .. BackendOptions, .. options]);

    /// <summary>A file of the results, parsed.</summary>
    public JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, name))).RootElement;

    /// <summary>The lines of the project's log; none when there is no log yet.</summary>
    public string[] LogLines()
    {
        if (!File.Exists(Log)) return [];
        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The log's messages without their times.</summary>
    public string[] LogMessages() => [.. LogLines().Select(line => line[(line.IndexOf(", ", StringComparison.Ordinal) + 2)..])];

    /// <summary>Hashes of the files that are the same in every run.</summary>
    public string AnswerHashes() => string.Join('\n', Answers.Select(name => $"{name} {Hash(Path.Combine(Out, name))}"));

    /// <summary>The tables of the answer, whatever they are in; see <see cref="Tables"/>.</summary>
    public string TableDump() => Postgres is null ? Tables.OfSqlite(Path.Combine(Out, "World_Economies.db")) : Tables.OfPostgres(Postgres);

    /// <summary>Every file of the results with its hash, but for the log, which is only ever appended to.</summary>
    public string ResultHashes() => string.Join('\n', Directory
        .EnumerateFiles(Out).Where(file => file != Log).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Hash(file)}"));

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // The system's temporary folder is cleaned by others too.
        }
    }

    private static string Hash(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
