using Etl.Actors.Hosting;
using Etl.Actors.Tests.Sinks;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Tests.Hosting;

/// <summary>A journal that cannot be used is refused before anything is written to it, and stays as it is.</summary>
public sealed class SqliteJournalFileTests : IDisposable
{
    // "co1", a job opened, as samples.txt has it: what is in it does not matter here.
    private const string Region = "region-0fad5bd9cb469fa16570867728950e12-0";

    private readonly TempDirectory directory = new();

    private string File => directory.File("journal.db");

    [Fact]
    public void A_new_one_is_marked_and_used_again()
    {
        SqliteJournal.Prepare(File);
        Assert.Equal(0x45544C4AL, Scalar("pragma application_id"));
        Assert.Equal(1L, Scalar("pragma user_version"));
        Assert.Equal("wal", Scalar("pragma journal_mode"));
        Assert.Equal(2L, Scalar("pragma auto_vacuum"));
        SqliteJournal.Prepare(File);
    }

    [Fact]
    public void What_a_crash_left_of_a_new_one_is_in_nobodys_way()
    {
        System.IO.File.WriteAllText(File + ".new", "half a");
        SqliteJournal.Prepare(File);
        Assert.False(System.IO.File.Exists(File + ".new"));
    }

    [Fact]
    public void One_of_before_there_were_marks_is_used()
    {
        Made();
        Execute("pragma application_id=0; pragma user_version=0");
        SqliteJournal.Prepare(File);
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "empty", "it is empty" }, { "cut", "is damaged" }, { "header", "does not begin like" }, { "pages", "is damaged" },
        { "payload", "event 2 of region-" }, { "gap", "event 2 of region-" }, { "beginning", "event 1 of region-" }, { "gone", "it is gone" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_one_is_named_and_left_as_it_is(string damage, string reason)
    {
        Made();
        Damage(damage);
        AssertRefused("is damaged", reason, "restore", "--state");
    }

    [Fact]
    public void One_of_a_newer_version_is_refused()
    {
        Made();
        Execute("pragma user_version=2");
        AssertRefused("newer version", "format 2", "--state");
    }

    [Fact]
    public void An_event_that_is_not_known_is_refused_by_name()
    {
        Made();
        Execute($"update journal set manifest='zz9' where sequence_number=2");
        AssertRefused("'zz9'", "event 2", "newer version", "--state");
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        Execute("create table theirs(a)");
        AssertRefused("another program", "--state");
    }

    [Fact]
    public void What_comes_before_an_event_that_holds_all_may_be_missing()
    {
        Made();
        Execute("update journal set manifest='pc1' where sequence_number=2; delete from journal where sequence_number=1");
        SqliteJournal.Prepare(File);
    }

    public void Dispose() => directory.Dispose();

    // 60 events of a region with a checksum each.
    private void Made()
    {
        SqliteJournal.Prepare(File);
        Execute("create table journal(ordering integer primary key autoincrement, deleted bit, persistence_id text, sequence_number integer, message blob, manifest text)");
        for (var number = 1; number <= 60; number++)
        {
            var content = new byte[2_000];
            new Random(number).NextBytes(content);
            var message = Etl.Actors.Serialization.EventChecksum.Seal(new Google.Protobuf.WellKnownTypes.BytesValue { Value = Google.Protobuf.ByteString.CopyFrom(content) });
            Execute($"insert into journal(deleted, persistence_id, sequence_number, message, manifest) values(0, '{Region}', {number}, x'{Convert.ToHexString(message)}', 'pm1')");
        }

        SqliteConnection.ClearAllPools();
    }

    private void Damage(string how)
    {
        var bytes = System.IO.File.ReadAllBytes(File);
        switch (how)
        {
            case "empty":
                System.IO.File.WriteAllBytes(File, []);
                break;
            case "cut":
                System.IO.File.WriteAllBytes(File, bytes[..(bytes.Length / 2)]);
                break;
            case "header":
                System.IO.File.WriteAllBytes(File, [.. "garbage, garbage"u8, .. bytes[16..]]);
                break;
            case "pages":
                new Random(1).NextBytes(bytes.AsSpan(3 * 4096, 5 * 4096));
                System.IO.File.WriteAllBytes(File, bytes);
                break;
            case "payload":
                Execute("update journal set message = cast(substr(message, 1, 900) || x'00' || substr(message, 902) as blob) where sequence_number = 2");
                break;
            case "gap":
                Execute("delete from journal where sequence_number=2");
                break;
            case "beginning":
                Execute("delete from journal where sequence_number=1");
                break;
            case "gone":
                System.IO.File.Delete(File);
                System.IO.File.WriteAllText(File + "-wal", "what was not in it yet");
                break;
        }
    }

    private void AssertRefused(params string[] words)
    {
        var before = Bytes();
        var refused = Assert.Throws<RunException>(() => SqliteJournal.Prepare(File));
        Assert.Equal(74, refused.ExitCode);
        Assert.All([File, .. words], word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
        Assert.Equal(before, Bytes());
    }

    private byte[]? Bytes() => System.IO.File.Exists(File) ? System.IO.File.ReadAllBytes(File) : null;

    private object? Scalar(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }

    private void Execute(string text) => Scalar(text);
}
