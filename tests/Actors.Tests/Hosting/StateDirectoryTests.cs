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
}
