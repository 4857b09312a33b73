using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Etl.Tests.Outside;

/// <summary>
/// A private PostgreSQL on loopback with data of its own in a temporary folder. It lives as long as its owner: a shell between the two
/// stops it and removes its data when the owner lets go of a pipe, be it by <see cref="Dispose"/> or by dying.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>Owner of everything in it.</summary>
    public const string User = "etl";

    /// <summary>The owner's password. Nothing that the program says may contain it.</summary>
    public const string Password = "never-to-be-seen";

    // For a machine that does much else; a server starts in about a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    // "keep" lets the data stay for another start. Anything else, above all the end of the pipe, removes them.
    private const string Serve = """
        "$1/postgres" -D "$2" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -c shared_buffers=32MB \
          -c max_connections=200 -c logging_collector=off </dev/null >>"$2.log" 2>&1 &
        server=$!
        read word
        if [ "$word" = keep-at-once ]; then kill -QUIT $server; else kill -INT $server; fi
        wait $server
        case "$word" in keep*) ;; *) rm -rf "$2" "$2.log" ;; esac
        """;

    private const string Initialize = """
        data=$(mktemp -d "${TMPDIR:-/tmp}/etl-postgres-XXXXXX") && echo "$3" >"$data.pw" \
          && "$1/initdb" -D "$data" -U "$2" --pwfile="$data.pw" -A scram-sha-256 -E UTF8 --locale=C --no-sync >"$data.log" 2>&1 \
          && rm "$data.pw" && echo "$data" || { cat "$data.log" >&2; rm -rf "$data" "$data.pw" "$data.log"; exit 1; }
        """;

    private readonly string programs;
    private readonly string data;
    private Process? process;
    private int databases;

    private PostgresServer(string programs, string data, int port) => (this.programs, this.data, Port) = (programs, data, port);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Why this machine cannot run one, and what to do about it; null when it can.</summary>
    public static string? Missing =>
        OperatingSystem.IsWindows() ? "a private PostgreSQL is started by a shell of Unix"
        : Programs() is null ? "no postgres was found on PATH, in /usr/local/bin or /usr/lib/postgresql/*/bin: install Debian's package postgresql"
        : Environment.IsPrivilegedProcess && !File.Exists(SetPriv) ? "as root this needs setpriv of util-linux: PostgreSQL refuses to run as root"
        : null;

    /// <summary>Starts one.</summary>
    /// <exception cref="InvalidOperationException">It does not start; the message says why.</exception>
    public static PostgresServer Start()
    {
        if (Missing is { } missing) throw new InvalidOperationException(missing);
        var programs = Programs()!;
        using var initialize = Shell(Initialize, programs, User, Password);
        initialize.StandardInput.Close();
        var (data, failure) = (initialize.StandardOutput.ReadToEnd().Trim(), initialize.StandardError.ReadToEnd());
        initialize.WaitForExit();
        if (initialize.ExitCode != 0) throw new InvalidOperationException($"initdb failed: {failure}");
        for (var attempt = 1; ; attempt++)
        {
            var server = new PostgresServer(programs, data, FreePort());
            try
            {
                server.StartAgain();
                return server;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Somebody was faster at this port.
                server.Stop();
            }
        }
    }

    /// <summary>How a program reaches one of its databases.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}";

    /// <summary>Creates an empty database; its connection string.</summary>
    public string NewDatabase()
    {
        var name = $"d{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        Execute(ConnectionString("postgres"), $"create database {name}");
        return ConnectionString(name);
    }

    /// <summary>Executes a statement, over a connection of its own.</summary>
    public static void Execute(string connectionString, string sql)
    {
        using var connection = Open(connectionString);
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>The rows that a query gives, each as its values.</summary>
    public static IReadOnlyList<object?[]> Query(string connectionString, string sql)
    {
        using var connection = Open(connectionString);
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    /// <summary>Cuts every connection to a database but the one that this takes; how many there were.</summary>
    public int CutConnections(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        return Query(ConnectionString("postgres"),
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}' and pid <> pg_backend_pid()").Count;
    }

    /// <summary>Stops it and keeps its data; at once (as a crash would) or in order. Connections are cut either way.</summary>
    public void Stop(bool atOnce = false) => End(atOnce ? "keep-at-once" : "keep");

    /// <summary>Starts it again where it was.</summary>
    public void StartAgain()
    {
        if (process is not null) throw new InvalidOperationException("it runs");
        process = Shell(Serve, programs, data, Port.ToString());
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Open(ConnectionString("postgres")).Dispose();
                return;
            }
            catch (NpgsqlException notYet)
            {
                // The shell waits for a word even when the server is gone: its end is to be read from its file of state.
                if (clock.Elapsed > Patience || (clock.Elapsed > TimeSpan.FromSeconds(10) && !File.Exists(Path.Combine(data, "postmaster.pid"))))
                    throw new InvalidOperationException($"PostgreSQL does not start on port {Port}: {notYet.Message}\n{Log()}", notYet);
                Thread.Sleep(50);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => End("");

    private void End(string word)
    {
        if (process is null) return;
        if (word.Length > 0) process.StandardInput.WriteLine(word);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience)) process.Kill(entireProcessTree: true);
        process.Dispose();
        process = null;
    }

    private string Log()
    {
        try
        {
            return File.ReadAllText(data + ".log");
        }
        catch (IOException)
        {
            return "";
        }
    }

    // Not pooled: a connection of before a stop would be given out after it.
    private static NpgsqlConnection Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Timeout=10");
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string SetPriv => File.Exists("/usr/bin/setpriv") ? "/usr/bin/setpriv" : "/bin/setpriv";

    // As root, the server runs as the user that its package made, or as nobody.
    private static Process Shell(string script, params string[] arguments)
    {
        string[] command = ["/bin/sh", "-c", script, "sh", .. arguments];
        var user = !Environment.IsPrivilegedProcess ? null
            : File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        if (user is not null) command = [SetPriv, "--reuid", user, "--regid", Group(user), "--clear-groups", .. command];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
    }

    private static string Group(string user) =>
        File.ReadLines("/etc/passwd").First(l => l.StartsWith(user + ":", StringComparison.Ordinal)).Split(':')[3];

    // Links are followed: initdb looks for the server beside itself.
    private static string? Programs() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/local/bin")
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, "postgres"))
        .Where(File.Exists)
        .Select(file => Path.GetDirectoryName(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file)!)
        .Concat(Installed())
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    private static IEnumerable<string> Installed() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
        : [];

    // Below the ports that the system gives to clients: a client that calls a port in that range, where nobody listens, may reach itself.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
