using System.Text;
using Etl.Domain.Extract.Files;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;
using Etl.Domain.Reduce;
using Etl.Domain.Tests.Map.Files;

namespace Etl.Domain.Tests.Extract.Files;

public sealed class BatchCutTests
{
    private const string Header = "country,year,gdp\n";

    public static TheoryData<string, string> Files => new()
    {
        { "\uFEFF" + Header, "Japan,2020,1\nFrance,2020,2.5\n\nAtlantis,2020,1\n\"Congo, Dem. Rep.\",2021,7\r\nJapan,2020,n/a\n\n\nWorld,2020,4\nGermany,2020,3\nx" },
        { Header, "Japan,2020,1\nFrance,2020,2.5\nAtlantis,x,1\nJapan,2021,10\n" },
        { Header, "Japan,2020,1" },
        { Header, "\n\n" },
        { Header, "" },
        { "country,year,gdp", "" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Wherever_a_file_is_cut_into_batches_they_are_together_what_it_is_as_a_whole(string header, string records)
    {
        var file = Encoding.UTF8.GetBytes(header + records);
        var plan = FileFragments.Plan(FileFragments.Csv(dataOffset: Encoding.UTF8.GetByteCount(header)), emptyIsMissing: true);
        var whole = Read(file, plan, file.Length + 1, file.Length);
        Assert.Equal(SlowFileReader.Read(Batch(file, plan.Layout.DataOffset, file.Length, 0, 1), plan), whole);
        for (var size = 1; size <= file.Length + 1; size++)
        {
            // Windows that end with the batch's range, and have to grow, and some that do not.
            foreach (var ahead in new[] { 0, 1, 13, file.Length })
                Assert.Equal(whole, Read(file, plan, size, ahead));
        }
    }

    [Fact]
    public void Lines_of_json_begin_after_the_byte_order_mark_and_have_no_header()
    {
        var file = Encoding.UTF8.GetBytes("\uFEFF{\"country\":\"Japan\",\"year\":2020,\"gdp\":1}\n{\"country\":\"France\",\"year\":2020}\n{\"country\":\"Japan\",\"year\":2020,\"gdp\":2.5}");
        var plan = FileFragments.Plan(FileFragments.Json() with { DataOffset = 3 });
        var whole = Read(file, plan, file.Length, file.Length);
        Assert.Equal((3, 2, 1L), (whole.Lines, whole.Batch.Tally.Records, whole.Batch.Tally.Rejections.Single().Line));
        for (var size = 1; size < file.Length; size++)
            Assert.Equal(whole, Read(file, plan, size, 0));
    }

    [Fact]
    public void A_window_that_ends_before_the_last_line_does_is_too_short()
    {
        var file = Encoding.UTF8.GetBytes("Japan,2020,1\nFrance,2020,2");
        var layout = FileFragments.Csv();
        Assert.True(BatchCut.Of(file.AsSpan(0, 12), 0, 5, false, 1000, layout).NeedsMore);
        Assert.True(BatchCut.Of(file.AsSpan(0, 3), 0, 5, false, 1000, layout).NeedsMore);
        Assert.Equal(new BatchCut(0, 13, 0, false), BatchCut.Of(file.AsSpan(0, 13), 0, 5, false, 1000, layout));
        Assert.True(BatchCut.Of(file, 0, 14, false, 1000, layout).NeedsMore);
        Assert.Equal(new BatchCut(0, file.Length, 0, false), BatchCut.Of(file, 0, 14, true, 1000, layout));
        Assert.Equal(new BatchCut(0, 13, 0, false), BatchCut.Of(file, 0, 13, true, 1000, layout));
    }

    [Fact]
    public void A_line_that_is_too_long_ends_a_window_that_shows_it_and_is_refused()
    {
        var file = Encoding.UTF8.GetBytes("Japan,2020,1\n" + new string('x', 500) + "\r\nJapan,2020,1\n");
        var plan = FileFragments.Plan(maxLineBytes: 80);
        for (var to = 14; to < 450; to++)
        {
            var length = to;
            BatchCut cut;
            do
                cut = BatchCut.Of(file.AsSpan(0, length++), 0, to, false, plan.MaxLineBytes, plan.Layout);
            while (cut.NeedsMore);
            Assert.InRange(length, to, to + 83);
            var refused = Assert.IsType<FileBatch.Refused>(new FileBatchMapper().Map(Batch(file, cut.Start, cut.End, 0, 0), plan, new RowCursor()));
            Assert.Equal((13, 1, "a line of more than 80 bytes"), (refused.Offset, refused.Line, refused.Reason));
        }
    }

    [Fact]
    public void Records_of_several_lines_are_cut_between_records()
    {
        var file = Encoding.UTF8.GetBytes("\"Jap\nan\",2020,1\n\"At\"\"\r\nlantis\",\"\n\n\",1\r\n\nFrance,2020,\"2\"\n\"a\"b\"\n\"Brazil\",2020,3");
        var plan = FileFragments.Plan(multiline: true);
        var whole = new FileBatchMapper().Map(Batch(file, 0, file.Length, 0, 0), plan, new RowCursor());
        for (var size = 1; size <= file.Length; size++)
        {
            var mapper = new FileBatchMapper();
            var (tally, lines) = (BatchTally.Empty, 0L);
            for (var at = 0; at < file.Length;)
            {
                int end, window = at;
                while ((end = RecordCut.End(file.AsSpan(at, window - at), size, window == file.Length, plan)) < 0)
                    window++;
                var mapped = Assert.IsType<FileBatch.Mapped>(mapper.Map(Batch(file, at, at + end, 0, 0), plan, new RowCursor()));
                var before = lines;
                tally = BatchTally.Combine(tally, mapped.Batch.Tally with
                {
                    Rejections = mapped.Batch.Tally.Rejections.Select(r => r with { Line = r.Line + before }).ToEquatableArray(),
                });
                (lines, at) = (lines + mapped.Lines, at + end);
            }

            var expected = Assert.IsType<FileBatch.Mapped>(whole);
            Assert.Equal((expected.Batch.Tally, expected.Lines), (tally, lines));
        }

        byte[] open = [.. "Japan,2020,\""u8, .. new byte[2000]];
        Assert.Equal(-1, RecordCut.End(open.AsSpan(0, 100), 50, false, plan with { MaxLineBytes = 200 }));
        Assert.Equal(300, RecordCut.End(open.AsSpan(0, 300), 50, false, plan with { MaxLineBytes = 200 }));
    }

    /// <summary>Reads a file in batches of so many bytes; windows reach so far past the range at first. Line numbers are made absolute.</summary>
    private static FileBatch.Mapped Read(byte[] file, FilePlan plan, int size, int ahead)
    {
        var mapper = new FileBatchMapper();
        var regions = new SortedDictionary<int, PartialAggregate>();
        var tally = BatchTally.Empty;
        long lines = 0;
        for (long from = 0; from < file.Length; from += size)
        {
            var to = Math.Min(file.Length, from + size);
            var offset = BatchCut.WindowOffset(from);
            BatchCut cut;
            var end = Math.Min(file.Length, to + ahead);
            do
            {
                cut = BatchCut.Of(file.AsSpan((int)offset, (int)(end - offset)), from, to, end == file.Length, plan.MaxLineBytes, plan.Layout);
                end = Math.Min(file.Length, end + 1);
            }
            while (cut.NeedsMore);

            var batch = Batch(file[(int)offset..], cut.Start, cut.End, offset, cut.HeaderLines);
            var mapped = Assert.IsType<FileBatch.Mapped>(mapper.Map(batch, plan, new RowCursor()));
            var before = lines;
            tally = BatchTally.Combine(tally, mapped.Batch.Tally with
            {
                Rejections = mapped.Batch.Tally.Rejections.Select(r => r with { Line = r.Line + before }).ToEquatableArray(),
            });
            lines += mapped.Lines;
            foreach (var (region, partial) in mapped.Batch.Partials)
                regions[region] = PartialAggregate.Combine(regions.GetValueOrDefault(region, PartialAggregate.Empty), partial);
        }

        return new(new(regions.Select(r => new RegionPartial(r.Key, r.Value)).ToEquatableArray(), tally), lines);
    }

    private static BatchBytes Batch(byte[] bytes, int start, int end, long offset, int header) =>
        new([.. bytes, .. new byte[BatchBytes.Padding]], start, end, offset, header);
}
