using System.Security.Cryptography;
using Etl.Actors.Load.Sinks;

namespace Etl.Actors.Tests.Sinks;

public sealed class AtomicFileTests
{
    private static readonly StoppedClock Clock = new(Samples.At("2025-01-07T12:36:16Z"));

    public static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    [Fact]
    public void Replaces_a_file_and_tells_its_hash()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("a.txt"), "something longer, of old");
        var loaded = AtomicFile.Write(directory.Path, "a.txt", "new"u8.ToArray());

        Assert.Equal("new", File.ReadAllText(directory.File("a.txt")));
        Assert.Equal(("a.txt", 3L, HashOf(directory.File("a.txt"))), (loaded.Name, loaded.Bytes, loaded.Sha256));
        Assert.Equal(["a.txt"], directory.Names());
    }

    [Fact]
    public void A_writer_that_throws_leaves_the_old_file()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("a.txt"), "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(directory.Path, "a.txt", stream =>
        {
            stream.Write("half"u8);
            Assert.Single(directory.Names(), n => n.StartsWith('.') && n.EndsWith(".tmp", StringComparison.Ordinal));
            throw new InvalidOperationException("boom");
        }));

        Assert.Equal("old", File.ReadAllText(directory.File("a.txt")));
        Assert.Equal(["a.txt"], directory.Names());
    }

    [Fact]
    public void Bad_places_are_clear_errors()
    {
        using var directory = new TempDirectory();
        var missing = Assert.Throws<SinkException>(() => AtomicFile.Write(directory.File("none"), "a.txt", "x"u8.ToArray()));
        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(directory.File("none"), "a.txt"), missing.Message, StringComparison.Ordinal);

        Directory.CreateDirectory(directory.File("a.txt"));
        var occupied = Assert.Throws<SinkException>(() => AtomicFile.Write(directory.Path, "a.txt", "x"u8.ToArray()));
        Assert.Contains(directory.File("a.txt"), occupied.Message, StringComparison.Ordinal);
        Assert.Equal(["a.txt"], directory.Names());
    }

    [SkippableFact]
    public void A_full_disk_is_a_clear_error()
    {
        Skip.IfNot(File.Exists("/dev/full"), "needs a device that is always full");
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("a.txt"), "old");
        var failure = Assert.Throws<SinkException>(() => AtomicFile.Write(directory.Path, "a.txt", _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write("x"u8);
            full.Flush();
        }));

        Assert.Contains("is full", failure.Message, StringComparison.Ordinal);
        Assert.Equal((SinkException.DiskExitCode, true), (failure.ExitCode, failure.IsTransient));
        Assert.Equal("old", File.ReadAllText(directory.File("a.txt")));
    }

    [Fact]
    public void Leftovers_of_a_crash_are_removed_when_the_lock_is_taken()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File(".etl-run.json-0123456789ab.tmp"), "half");
        File.WriteAllText(directory.File(".somebody-elses.tmp"), "theirs");
        File.WriteAllText(directory.File("report.tmp"), "theirs");
        using (OutLock.Take(directory.Path, Clock)) { }

        Assert.Equal([OutLock.FileName, ".somebody-elses.tmp", "report.tmp"], directory.Names());
    }

    [Fact]
    public void The_lock_excludes_a_second_holder_and_names_the_first()
    {
        using var directory = new TempDirectory();
        var outDirectory = directory.File("new/out");
        var first = OutLock.Take(outDirectory, Clock);

        var failure = Assert.Throws<SinkException>(() => OutLock.Take(outDirectory, Clock));
        Assert.Equal(SinkException.InUseExitCode, failure.ExitCode);
        Assert.Contains(outDirectory, failure.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Contains($"(process {Environment.ProcessId} since 2025-01-07T12:36:16Z)", failure.Message, StringComparison.Ordinal);

        first.Dispose();
        first.Dispose();
        Assert.Equal("", File.ReadAllText(Path.Combine(outDirectory, OutLock.FileName)));
        OutLock.Take(outDirectory, Clock).Dispose();
    }

    [Fact]
    public void A_lock_on_a_file_is_a_clear_error()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("out"), "mine");
        var failure = Assert.Throws<SinkException>(() => OutLock.Take(directory.File("out"), Clock));
        Assert.Contains("is a file", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(directory.File("out")));
    }
}
