using Etl.Actors.Hosting;
using Etl.Actors.Tests.Sinks;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Tests.Hosting;

/// <summary>One process at a time; what is stored is what comes back.</summary>
public sealed class StateDirectoryTests : IDisposable
{
    private readonly TempDirectory directory = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        directory.Dispose();
    }

    [Fact]
    public void A_second_holder_is_refused_and_told_who_the_first_is()
    {
        using (StateDirectory.Open(directory.Path))
        {
            var refused = Assert.Throws<RunException>(() => StateDirectory.Open(directory.Path));
            Assert.Equal(75, refused.ExitCode);
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", refused.Message, StringComparison.Ordinal);
        }

        StateDirectory.Open(directory.Path).Dispose();
    }

    [Fact]
    public void A_directory_is_created_and_its_path_absolute()
    {
        using var state = StateDirectory.Open(directory.File("a/b"));
        Assert.True(Path.IsPathFullyQualified(state.Path) && Directory.Exists(state.Path));
        Assert.DoesNotContain(Directory.GetFiles(state.Path), f => Path.GetFileName(f).StartsWith(".probe", StringComparison.Ordinal));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_74()
    {
        File.WriteAllText(directory.File("file"), "");
        var refused = Assert.Throws<RunException>(() => StateDirectory.Open(directory.File("file")));
        Assert.Equal(74, refused.ExitCode);
        Assert.Contains("--state", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_stored_comes_back()
    {
        using var state = StateDirectory.Open(directory.Path);
        var stored = state.Store("page.html", "hello"u8.ToArray());
        Assert.Equal(new("page.html", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", 5), stored);
        Assert.Equal("hello"u8.ToArray(), await state.LoadAsync(stored, default));
        Assert.Equal(stored with { Label = "other" }, state.Store("other", "hello"u8.ToArray()));
        Assert.Single(Directory.GetFiles(Path.Combine(state.Path, "inputs")));
    }

    [Fact]
    public async Task A_stored_copy_that_was_changed_is_refused()
    {
        using var state = StateDirectory.Open(directory.Path);
        var stored = state.Store("page.html", "hello"u8.ToArray());
        await File.WriteAllTextAsync(Path.Combine(state.Path, "inputs", stored.Sha256), "jello");
        Assert.Contains("page.html", (await Assert.ThrowsAsync<InvalidDataException>(() => state.LoadAsync(stored, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_copy_that_was_cut_short_is_stored_again()
    {
        using var state = StateDirectory.Open(directory.Path);
        var stored = state.Store("page.html", "hello"u8.ToArray());
        await File.WriteAllTextAsync(Path.Combine(state.Path, "inputs", stored.Sha256), "hel");
        state.Store("page.html", "hello"u8.ToArray());
        Assert.Equal("hello"u8.ToArray(), await state.LoadAsync(stored, default));
    }

    [Fact]
    public async Task A_stored_copy_that_is_gone_is_an_input_failure()
    {
        using var state = StateDirectory.Open(directory.Path);
        await Assert.ThrowsAnyAsync<IOException>(() => state.LoadAsync(new("page.html", new string('a', 64), 1), default));
    }

    [Fact]
    public async Task A_copy_of_standard_input_is_told_and_kept_under_its_hash()
    {
        using var state = StateDirectory.Open(directory.Path);
        var told = new List<long>();
        var kept = await state.SpoolAsync(new Source(3, 1 << 20), 1L << 30, told.Add, default);
        Assert.Equal([1L << 20, 2L << 20, 3L << 20], told);
        Assert.Equal([kept.Path], Directory.GetFiles(Path.Combine(state.Path, "inputs")));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(new byte[3 << 20])), kept.Sha256);
        Assert.Equal(kept, await state.SpoolAsync(new Source(3, 1 << 20), 1L << 30, told.Add, default));
        Assert.Equal([kept.Path], Directory.GetFiles(Path.Combine(state.Path, "inputs")));
    }

    [Theory]
    [InlineData(100, 0, 74, "standard input cannot be read: broken")]
    [InlineData(2_000_000, 1_500_000, 1, "etl.extract.spool-limit")]
    public async Task A_copy_that_fails_leaves_nothing(int bytes, long limit, int exitCode, string says)
    {
        using var state = StateDirectory.Open(directory.Path);
        var refused = await Assert.ThrowsAsync<RunException>(() => state.SpoolAsync(
            new Source(2, bytes, static () => throw new IOException("broken")), limit == 0 ? long.MaxValue : limit, static _ => { }, default));
        Assert.Equal(exitCode, refused.ExitCode);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(state.Path, "inputs")));
    }

    [Fact]
    public async Task A_copy_of_a_silent_pipe_can_be_given_up()
    {
        using var state = StateDirectory.Open(directory.Path);
        using var never = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var copying = state.SpoolAsync(new Source(1, 100, never.Wait), long.MaxValue, _ => cancellation.Cancel(), cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Empty(Directory.GetFiles(Path.Combine(state.Path, "inputs")));
        never.Set();
    }

    [Fact]
    public void What_another_process_left_half_copied_goes()
    {
        Directory.CreateDirectory(directory.File("inputs"));
        foreach (var name in new[] { "spool.tmp", "0123.tmp", "0123" }) File.WriteAllText(directory.File("inputs/" + name), "half");
        StateDirectory.Open(directory.Path).Dispose();
        Assert.Equal([directory.File("inputs/0123")], Directory.GetFiles(directory.File("inputs")));
    }

    [Fact]
    public void The_journal_writes_ahead_and_gives_space_back()
    {
        var file = directory.File("journal.db");
        SqliteJournal.Prepare(file);
        SqliteJournal.Prepare(file);
        using var connection = new SqliteConnection(SqliteJournal.ConnectionString(file));
        connection.Open();
        Assert.Equal("wal", Pragma(connection, "journal_mode"));
        Assert.Equal("2", Pragma(connection, "auto_vacuum"));
        Assert.Equal("2", Pragma(connection, "synchronous"));
    }

    [Fact]
    public void A_file_that_is_no_journal_is_74_and_named()
    {
        var file = directory.File("journal.db");
        File.WriteAllText(file, new string('x', 5_000));
        var refused = Assert.Throws<RunException>(() => SqliteJournal.Prepare(file));
        Assert.Equal(74, refused.ExitCode);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--state", refused.Message, StringComparison.Ordinal);
    }

    private static string? Pragma(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"pragma {name}";
        return command.ExecuteScalar()?.ToString();
    }

    /// <summary>So many reads of so many zeros, and then something else.</summary>
    private sealed class Source(int reads, int bytes, Action? then = null) : MemoryStream
    {
        private int left = reads;

        public override int Read(Span<byte> buffer)
        {
            if (left-- > 0) return Math.Min(bytes, buffer.Length);
            then?.Invoke();
            return 0;
        }
    }
}
