using System.Text;
using Etl.Domain.Map;
using Etl.Domain.Map.Files;

namespace Etl.Domain.Tests.Map.Files;

/// <summary>Batches with condemned rows and parts of batches: every way of reading against the slow reader.</summary>
public sealed class CautionFuzzTests
{
    private const int Fragments = 24_000;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Every_way_of_reading_leaves_out_the_same_rows(int seed)
    {
        var (random, cuts) = (new Random(seed), new Random(-seed));
        var cursor = new RowCursor();
        var (condemned, probed) = (0, 0);
        foreach (var plan in FileFragments.Plans)
        {
            var mappers = Enum.GetValues<RowPath>().Select(path => new FileBatchMapper(path)).ToArray();
            for (var fragment = 0; fragment < Fragments / 2 / FileFragments.Plans.Count; fragment++)
            {
                var rows = FileFragments.Rows(plan, random);
                var batch = FileFragments.Batch(rows, random);
                var caution = Random(batch, random);
                var expected = SlowFileReader.Read(batch, plan, caution);
                if (expected is FileBatch.Mapped mapped) condemned += mapped.Batch.Tally.Rejections.Count(r => r.Reason == "condemned");
                if (caution.Probe is not null) probed++;
                foreach (var mapper in mappers)
                {
                    Same(expected, mapper.Map(batch, plan, cursor, caution), caution, rows);
                    Assert.Null(cursor.Position);
                    if (!plan.Multiline) Same(expected, mapper.Map(new FileFragments.Pieces(batch, cuts), plan, cursor, caution), caution, rows);
                    // What was left out once is in the next batch.
                    Assert.Equal(SlowFileReader.Read(batch, plan), mapper.Map(batch, plan, cursor));
                }
            }
        }

        Assert.True(condemned > 1_000 && probed > 1_000, $"{condemned} condemned, {probed} probed");
    }

    [Fact]
    public void A_cursor_names_no_row_in_the_kernel_for_it_would_be_the_one_before()
    {
        var named = new List<long?>();
        var cursor = new RowCursor();
        var mapper = new FileBatchMapper();
        // The names are new in the first piece and known in the second: there the kernel goes on, and what it ends with is asked for the next.
        var pieces = new Watched([Piece("Japan,2020,1\nFrance,2020,1\n", 0), Piece("Japan,2020,1\nFrance,2020,1\n", 100)], () => named.Add(cursor.Position));
        mapper.Map(pieces, FileFragments.Plan(), cursor);
        Assert.Equal([null, null, null], named);
    }

    // Of a part, how many lines it took is of no use to anybody.
    private static void Same(FileBatch expected, FileBatch actual, Caution caution, byte[] rows)
    {
        if (expected is FileBatch.Mapped e && actual is FileBatch.Mapped a && caution.Probe is not null) (expected, actual) = (e with { Lines = 0 }, a with { Lines = 0 });
        if (!expected.Equals(actual))
            Assert.Fail($"{caution} {Encoding.Latin1.GetString(rows)}\nexpected {Generators.Show(expected)}\nactual   {Generators.Show(actual)}");
    }

    private static Caution Random(BatchBytes batch, Random random)
    {
        var starts = new List<long> { batch.Offset + batch.Start };
        for (var at = batch.Start; at < batch.End - 1; at++)
            if (batch.Buffer[at] == '\n') starts.Add(batch.Offset + at + 1);
        var condemned = starts.Where(_ => random.Next(4) == 0).Append(random.Next(2) == 0 ? batch.Offset + batch.End + 7 : starts[0]).Distinct().Order()
            .Select(p => new CondemnedRow(p, "condemned")).ToEquatableArray();
        var from = batch.Offset + batch.Start + random.Next(batch.End - batch.Start + 1);
        return new(
            random.Next(4) == 0 ? [] : condemned, random.Next(2) == 0, random.Next(2) == 0 ? null : new(from, from + random.Next(batch.End - batch.Start + 1)));
    }

    private static BatchBytes Piece(string rows, long offset) =>
        new([.. Encoding.UTF8.GetBytes(rows), .. new byte[BatchBytes.Padding]], 0, Encoding.UTF8.GetByteCount(rows), offset, 0);

    private sealed class Watched(BatchBytes[] pieces, Action asked) : IBatchPieces
    {
        private int next;

        public bool Next(out BatchBytes piece)
        {
            asked();
            piece = next < pieces.Length ? pieces[next] : default;
            return next++ < pieces.Length;
        }
    }
}
