using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>A copy of everything a run has on disk at one instant.</summary>
internal static class CrashImage
{
    private const int WalHeader = 32;
    private const int FrameHeader = 24;

    /// <summary>Holds the process still and copies; false when it ended before.</summary>
    public static bool Take(EtlProcess process, string from, string to)
    {
        process.Pause();
        try
        {
            while (!IsStill(process.Id)) Thread.Yield();
            Copy(from, to);
            return true;
        }
        catch (IOException)
        {
            // What is not there any more has ended.
            return false;
        }
        finally
        {
            process.Continue();
        }
    }

    /// <summary>
    /// Takes up to two pages and a bit off the end of the write-ahead log, as a power cut in the middle of a write may: whatever the cut is,
    /// the journal is what it was some writes before. Not when the log was copied into the journal's file already, or is being copied.
    /// </summary>
    /// <returns>How many bytes were cut off.</returns>
    public static int Tear(string state, Random random)
    {
        var (log, index) = (Path.Combine(state, "journal.db-wal"), Path.Combine(state, "journal.db-shm"));
        if (!File.Exists(log) || !File.Exists(index)) return 0;
        var shared = File.ReadAllBytes(index);
        if (shared.Length < 136) return 0;
        var frames = BinaryPrimitives.ReadUInt32LittleEndian(shared.AsSpan(16));
        // nBackfill and nBackfillAttempted: a copy that is under way has written pages of the log's end, which was flushed before it began, so
        // no power cut takes that off any more.
        var copied = Math.Max(BinaryPrimitives.ReadUInt32LittleEndian(shared.AsSpan(96)), BinaryPrimitives.ReadUInt32LittleEndian(shared.AsSpan(128)));
        var page = BinaryPrimitives.ReadUInt16LittleEndian(shared.AsSpan(14));
        if (frames == 0 || copied > 0) return 0;
        var cut = random.Next(1, 2 * page);
        var end = WalHeader + (frames * (FrameHeader + page));
        using (var file = new FileStream(log, FileMode.Open, FileAccess.Write)) file.SetLength(Math.Max(0, end - cut));
        // The index is memory: a power cut leaves none.
        File.Delete(index);
        return cut;
    }

    // By a program of the system: .NET would respect the locks of the process that is held still.
    private static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        copy.WaitForExit();
        if (copy.ExitCode != 0) throw new IOException($"{from} cannot be copied");
    }

    // Signals reach the threads one after another; one that is in the middle of a flush stops when that is done.
    private static bool IsStill(int process) => Directory
        .EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"))
        .Select(thread => File.ReadLines(Path.Combine(thread, "status")).First(l => l.StartsWith("State:", StringComparison.Ordinal)))
        .All(state => state.Contains("\tZ", StringComparison.Ordinal) ? throw new IOException("it is over") : state.Contains("\tT", StringComparison.Ordinal));
}
