using System.Diagnostics;
using System.Text;
using CsCheck;
using Etl.Actors.Extract.Sources;
using Etl.Actors.Extract.Sources.Wikipedia;
using Etl.Domain.Extract;

namespace Etl.Actors.Tests.Sources;

/// <summary>Files made to exhaust a parser end soon, with a refusal.</summary>
public sealed class HostilePageTests
{
    public static TheoryData<string> Kinds => [.. Hostile.Keys];

    private static readonly Dictionary<string, Func<string>> Hostile = new(StringComparer.Ordinal)
    {
        ["nested blocks"] = () => "<table></table>" + Repeat("<div>", 100_000),
        ["nested self-closing blocks"] = () => "<table></table>" + Repeat("<div/>", 100_000),
        ["nested tables"] = () => Repeat("<table><tr><td>", 20_000),
        ["cells without end"] = () => "<table>" + Repeat("<td>", 4_000_000),
        ["formatting without end"] = () => "<table></table>" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"<p><b id={n}>")),
        ["formatting in many paragraphs"] = () => "<table></table>" + string.Concat(Enumerable.Range(0, 60).Select(n => $"<b id={n}>")) + Repeat("<p>x", 300_000),
        ["attributes without end"] = () => "<table></table><a" + Repeat(" a=1", 3_000_000) + ">",
        ["tables in tables in paragraphs"] = () => Repeat("<p><table><tr><td></p>", 20_000),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Hostile_markup_is_refused_before_it_is_parsed(string kind)
    {
        var content = Encoding.UTF8.GetBytes(Hostile[kind]());
        var watch = Stopwatch.StartNew();

        var refused = Assert.IsType<SourceReading.Refused>(WikipediaSource.Read(content, new TableRequest()));

        Assert.Contains("exhaust a parser", refused.Text, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read_to_its_end()
    {
        using var endless = new EndlessCells();

        var refused = Assert.IsType<PageOutcome.Refused>(WikipediaPage.Read(endless));

        Assert.Contains("larger than", refused.Seen, StringComparison.Ordinal);
        Assert.InRange(endless.Given, 0, PageLimits.MaximumBytes + (1 << 20));
    }

    [Fact]
    public void Spans_and_foreign_markup_beyond_reason_end_soon()
    {
        var watch = Stopwatch.StartNew();
        foreach (var text in new[]
        {
            "<table><tr><td rowspan=99999999999 colspan=-4>a</td></tr>" + Repeat("<tr><td rowspan=65534 colspan=1000>", 20_000),
            "<table></table>" + Repeat("&amp;", 500_000), "<table>" + Repeat("x<tr>", 50_000), Repeat("<table><tr><td>x</table>", 20_000),
            "<table></table><svg>" + Repeat("<g/>", 50_000),
        })
        {
            Assert.IsType<SourceReading.Refused>(WikipediaSource.Read(Encoding.UTF8.GetBytes(text), new TableRequest()));
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Honest_but_careless_markup_is_read()
    {
        var rows = string.Concat(Enumerable.Range(1, 2000).Select(n => $"<tr><td><b><font color=red>Land {n}<td><i>{n},000<p>"));
        var page = $"<title>GDP</title><ul>{Repeat("<li>x<p>y", 2000)}</ul><table><tr><th>Country<th>IMF (US$ million){rows}</table>";

        var read = Assert.IsType<SourceReading.Read>(WikipediaSource.Read(Encoding.UTF8.GetBytes(page), new TableRequest()));

        Assert.Equal(2000, read.Rows.Length);
    }

    [Fact]
    public void A_cancelled_caller_is_not_told_of_a_refusal()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => WikipediaPage.Read(BundledEdition.Open().Content, cancelled.Token));
    }

    [Fact]
    public void Any_markup_gives_a_value()
    {
        string[] parts =
        [
            "<table>", "</table>", "<tr>", "<td>", "</td>", "<th rowspan=2>", "<td colspan=3>", "<caption>", "Country", "IMF", "GDP US$ million", "1,234",
            "<div>", "</div>", "<p>", "<b>", "</b>", "<!--", "-->", "<script>", "</script>", "<svg>", "<title>", "<", ">", "\"", "&", "\0", "—", "<br/>",
        ];
        Gen.Int[0, parts.Length - 1].Array[0, 60].Sample(
            picks => Assert.NotNull(WikipediaSource.Read(Encoding.UTF8.GetBytes("<table>" + string.Concat(picks.Select(i => parts[i]))), new TableRequest())), iter: 2000);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private sealed class EndlessCells : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++)
                buffer[offset + i] = "<td>"u8[(int)((Given + i) % 4)];
            Given += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
