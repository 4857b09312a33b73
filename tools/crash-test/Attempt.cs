using System.Text.Json;
using Etl.Host;
using Etl.Host.Commands;
using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;

namespace Etl.CrashTest;

/// <summary>How a trial fails: it says what is not as promised.</summary>
internal sealed class BrokenPromiseException(string message, bool hang = false) : Exception(message)
{
    /// <summary>A run did not end.</summary>
    public bool Hang => hang;
}

/// <summary>One start of the program.</summary>
internal static class Attempt
{
    /// <summary>Longer than any run needs that ends at all.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Starts a process.</summary>
    public static EtlProcess Start(string program, IEnumerable<string> arguments) => EtlProcess.StartAs(program, arguments);

    /// <summary>Waits for a process; a hang is a broken promise.</summary>
    public static async Task<EtlResult> EndAsync(EtlProcess process, string what)
    {
        try
        {
            return await process.WaitAsync(Limit).ConfigureAwait(false);
        }
        catch (Xunit.Sdk.XunitException hang)
        {
            throw new BrokenPromiseException($"{what}: {hang.Message}", hang: true);
        }
    }

    /// <summary>Waits until something is so; false when the process ended without.</summary>
    public static async Task<bool> UntilAsync(EtlProcess process, Func<bool> condition, string what)
    {
        try
        {
            return await process.UntilAsync(condition).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new BrokenPromiseException($"{what}: no progress in {Limit.TotalSeconds} s", hang: true);
        }
    }

    /// <summary>The same program inside this process, which spares its start: for many starts in a short time.</summary>
    public static async Task<(int ExitCode, string Error)> HereAsync(IEnumerable<string> arguments, string what)
    {
        var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, TextWriter.Synchronized(error), false, Terminal.RedirectedWidth, false, false);
        using var interruption = new Interruption();
        try
        {
            // Akka's own threads must not be those of the trials.
            var exitCode = await Task.Run(() => CommandLine.RunAsync([.. arguments], terminal, new Runner(), interruption)).WaitAsync(Limit).ConfigureAwait(false);
            return (exitCode, error.ToString());
        }
        catch (TimeoutException)
        {
            throw new BrokenPromiseException($"{what}: still running after {Limit.TotalSeconds} s\n{error}", hang: true);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    /// <summary>The figures of <c>run.json</c>: batches that were done before, and all.</summary>
    public static (int Resumed, int Batches, int Retries) Story(Workspace workspace)
    {
        JsonElement story = workspace.Json("run.json");
        return (story.GetProperty("batches_resumed").GetInt32(), story.GetProperty("batches").GetInt32(), story.GetProperty("retries").GetInt32());
    }
}
