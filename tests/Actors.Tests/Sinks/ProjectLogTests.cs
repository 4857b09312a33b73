using System.Text;
using System.Text.RegularExpressions;
using Etl.Actors.Load;
using Etl.Actors.Load.Sinks;

namespace Etl.Actors.Tests.Sinks;

public sealed partial class ProjectLogTests
{
    private static readonly StoppedClock Clock = new(Samples.At("2025-01-07T12:36:16Z"));

    [Fact]
    public void A_line_is_local_time_and_message_and_is_there_at_once()
    {
        using var directory = new TempDirectory();
        var outDirectory = directory.File("out");
        using var log = ProjectLog.Open(outDirectory, Clock);
        log.Write("extract starts");

        Assert.Equal("2025-January-07-14-36-16, extract starts\n"u8.ToArray(), Bytes(outDirectory));
    }

    [Fact]
    public void Every_month_has_its_english_name()
    {
        for (var month = 1; month <= 12; month++)
        {
            using var directory = new TempDirectory();
            using (var log = ProjectLog.Open(directory.Path, new StoppedClock(new DateTimeOffset(2024, month, 15, 9, 5, 7, TimeSpan.Zero)))) log.Write("x");
            Assert.Matches(Line(), Text(directory.Path).TrimEnd('\n'));
        }
    }

    [Theory]
    [InlineData("a\nb", "a b")]
    [InlineData("a\r\nb\rc", "a b c")]
    [InlineData("a\u2028b\u0085c\vd\u001b[2J", "a b c d [2J")]
    [InlineData("Türkiye", "Türkiye")]
    public void A_message_is_one_line(string message, string expected)
    {
        using var directory = new TempDirectory();
        using (var log = ProjectLog.Open(directory.Path, Clock)) log.Write(message);
        Assert.Equal($"2025-January-07-14-36-16, {expected}\n", Text(directory.Path));
    }

    [Fact]
    public void An_existing_log_is_appended_to_on_a_line_of_its_own()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File(ProjectLog.FileName), "2024-June-01-00-00-00, cut sho");
        using (var log = ProjectLog.Open(directory.Path, Clock)) log.Write("one");
        using (var log = ProjectLog.Open(directory.Path, Clock)) log.Write("two");

        Assert.Equal(
            "2024-June-01-00-00-00, cut sho\n2025-January-07-14-36-16, one\n2025-January-07-14-36-16, two\n", Text(directory.Path));
    }

    [Fact]
    public void Opening_writes_nothing()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File(ProjectLog.FileName), "old\n");
        ProjectLog.Open(directory.Path, Clock).Dispose();
        Assert.Equal("old\n", Text(directory.Path));
    }

    [Fact]
    public void Writers_at_the_same_time_keep_their_lines_whole()
    {
        using var directory = new TempDirectory();
        using (var log = ProjectLog.Open(directory.Path, Clock))
            Parallel.For(0, 2_000, i => log.Write($"line {i:0000} {new string('x', i % 50)}"));

        var lines = File.ReadAllLines(directory.File(ProjectLog.FileName));
        Assert.Equal(2_000, lines.Length);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Equal(Enumerable.Range(0, 2_000), lines.Select(l => int.Parse(l.Split(' ')[2])).Order());
    }

    [Fact]
    public void What_another_writer_appends_is_not_overwritten()
    {
        using var directory = new TempDirectory();
        using var log = ProjectLog.Open(directory.Path, Clock);
        log.Write("one");
        using (var other = ProjectLog.Open(directory.Path, Clock)) other.Write("two");
        log.Write("three");
        Assert.Equal(["one", "two", "three"], Text(directory.Path).TrimEnd('\n').Split('\n').Select(l => l.Split(", ")[1]));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_a_clear_error()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("out"), "mine");
        var file = Assert.Throws<SinkException>(() => ProjectLog.Open(directory.File("out"), Clock));
        Assert.Contains(Path.Combine(directory.File("out"), ProjectLog.FileName), file.Message, StringComparison.Ordinal);

        Directory.CreateDirectory(directory.File(ProjectLog.FileName));
        var occupied = Assert.Throws<SinkException>(() => ProjectLog.Open(directory.Path, Clock));
        Assert.Contains("--out", occupied.Message, StringComparison.Ordinal);
    }

    // Shared with the log that is still open, as a person's editor would.
    private static byte[] Bytes(string outDirectory)
    {
        using var stream = new FileStream(Path.Combine(outDirectory, ProjectLog.FileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Text(string outDirectory) => Encoding.UTF8.GetString(Bytes(outDirectory));

    [GeneratedRegex(@"^\d{4}-(January|February|March|April|May|June|July|August|September|October|November|December)-\d{2}-\d{2}-\d{2}-\d{2}, .+$")]
    private static partial Regex Line();
}
