using System.Text;
using CsCheck;
using Etl.Domain.Extract.Files;

namespace Etl.Domain.Tests.Extract.Files;

/// <summary>Records that run over line ends: held against a reader of one character after the other, at every boundary.</summary>
public sealed class RecordCutTests
{
    private const string Header = "c,v\n";

    private static readonly FileLayout Layout = new(RecordFormat.Csv, (byte)',', 2, 0, -1, 1, "c", null, "v", Header.Length);

    private static readonly Gen<string> Bodies = Gen.OneOf("\"", "\"", "\"\"", "\n", "\r\n", ",", "a", "bc", "\",", "\"\n").Array[0, 14].Select(parts => string.Concat(parts));

    [Fact]
    public void Every_record_is_owned_by_the_batch_it_starts_in_whatever_the_batch_size() => Bodies.Holds(body =>
    {
        var text = Header + body;
        var records = Slow(text);
        for (var size = 1; size <= text.Length + 1; size++)
        {
            var owned = Cut(Encoding.ASCII.GetBytes(text), size, whole: true);
            Assert.Equal(records.Select(r => (r.Start / size, text[r.Start..r.End])), owned);
        }
    });

    [Fact]
    public void A_window_that_is_too_short_asks_for_more_and_then_says_the_same() => Bodies.Holds(body =>
    {
        var text = Header + body;
        foreach (var size in new[] { 1, 3, 5, text.Length + 1 })
            Assert.Equal(Cut(Encoding.ASCII.GetBytes(text), size, whole: true), Cut(Encoding.ASCII.GetBytes(text), size, whole: false));
    });

    [Fact]
    public void Only_the_batch_at_the_beginning_has_the_header()
    {
        var text = "c,v\na,1\nb,2\n"u8;
        Assert.Equal(new BatchCut(4, 8, 1, false), RecordCut.Of(text, 0, 4, 0, 5, true, Layout));
        Assert.Equal(new BatchCut(4, 8, 0, false), RecordCut.Of(text[4..], 4, 8, 5, 9, true, Layout));
        Assert.Equal(new BatchCut(0, 0, 1, false), RecordCut.Of(text, 0, 4, 0, 2, true, Layout));
        Assert.Equal(0, RecordCut.Of(text, 0, 0, 0, 5, true, Layout with { Format = RecordFormat.Ndjson, DataOffset = 0 }).HeaderLines);
    }

    // As the feed does: each window begins a byte before its range, grows as it is asked to, and the next record's start is carried over.
    private static List<(int Batch, string Record)> Cut(byte[] text, int size, bool whole)
    {
        var owned = new List<(int, string)>();
        long next = Layout.DataOffset;
        for (var ordinal = 0; ordinal * size < text.Length; ordinal++)
        {
            var (from, to) = ((long)ordinal * size, (long)(ordinal + 1) * size);
            var offset = BatchCut.WindowOffset(from);
            var length = whole ? text.Length : (int)Math.Min(to, text.Length);
            BatchCut cut;
            while ((cut = RecordCut.Of(text.AsSpan((int)offset..length), offset, next, from, to, length == text.Length, Layout)).NeedsMore)
            {
                // A record whose end is not in the window starts there, so that its length can be judged.
                Assert.InRange(offset + cut.End, Layout.DataOffset, Math.Max(Layout.DataOffset, to - 1));
                Assert.True(++length <= text.Length, "more than there is");
            }

            if (cut.End == cut.Start) continue;
            Assert.Equal(next, offset + cut.Start);
            next = offset + cut.End;
            var part = Encoding.ASCII.GetString(text.AsSpan((int)offset + cut.Start, cut.End - cut.Start));
            // The records of a batch lie together: the slow reader parts them again.
            foreach (var record in Slow(Header + part)) owned.Add((ordinal, (Header + part)[record.Start..record.End]));
        }

        return owned;
    }

    private static List<(int Start, int End)> Slow(string text)
    {
        var records = new List<(int, int)>();
        var (start, quoted, fieldStart) = (Header.Length, false, true);
        for (var at = Header.Length; at < text.Length; at++)
        {
            var c = text[at];
            if (quoted)
            {
                if (c != '"') continue;
                if (at + 1 < text.Length && text[at + 1] == '"') at++;
                else quoted = false;
                continue;
            }

            if (c == '"' && fieldStart) quoted = true;
            fieldStart = c is ',' or '\n';
            if (c != '\n') continue;
            records.Add((start, at + 1));
            start = at + 1;
        }

        if (start < text.Length) records.Add((start, text.Length));
        return records;
    }
}
