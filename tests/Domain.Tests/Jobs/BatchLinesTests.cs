using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Tests.Extract.Files;

namespace Etl.Domain.Tests.Jobs;

public sealed class BatchLinesTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void A_line_is_one_more_than_the_lines_of_the_batches_before_and_of_its_own_before_it()
    {
        var lines = BatchLines.Empty.Add(Batches(0, 0, 1, 2), [10, 0, 7]);
        Assert.Equal([1, 4, 11, 11, 17], Numbered(lines, SplitPlannerTests.Spec(false, (300, Compression.None)) with { BatchBytes = 100 },
            (0, 0, 0), (0, 99, 3), (0, 100, 0), (0, 200, 0), (0, 299, 6)));
    }

    [Fact]
    public void Batches_may_be_done_in_any_order()
    {
        var lines = BatchLines.Empty.Add(Batches(0, 2), [7]).Add(Batches(0, 0, 1), [10, 5]);
        Assert.Equal([16], Numbered(lines, SplitPlannerTests.Spec(false, (300, Compression.None)) with { BatchBytes = 100 }, (0, 250, 0)));
    }

    [Fact]
    public void Each_input_begins_at_its_first_line_and_a_split_goes_on_where_the_one_before_ended()
    {
        // Splits 0 and 1 are of the first input, 2 of the second (a stream: its batches lie beyond its length), 3 of the third.
        var spec = SplitPlannerTests.Spec(false, (GiB + 100, Compression.None), (10, Compression.Gzip), (50, Compression.None)) with { BatchBytes = 1 << 29 };
        var lines = BatchLines.Empty.Add(Batches(0, 0, 1), [1_000, 2_000]).Add(Batches(1, 0), [30]).Add(Batches(2, 0, 1), [4, 5]).Add(Batches(3, 0), [6]);
        Assert.Equal([1, 1_001, 3_001, 3_006, 1, 5, 1], Numbered(lines, spec,
            (0, 0, 0), (0, 1 << 29, 0), (0, GiB, 0), (0, GiB + 99, 5), (1, 0, 0), (1, (1 << 29) + 3, 0), (2, 49, 0)));
    }

    [Fact]
    public void A_row_without_a_line_and_a_batch_without_a_count_stay_as_they_are()
    {
        var spec = SplitPlannerTests.Spec(false, (300, Compression.None)) with { BatchBytes = 100 };
        Assert.Equal([null], Numbered(BatchLines.Empty.Add(Batches(0, 0), [10]), spec, (0, 5, null)));
        Assert.Equal([2], Numbered(BatchLines.Empty, spec, (0, 5, 2)));
        Assert.Empty(BatchLines.Empty.Number(spec, []));
    }

    private static BatchSet Batches(int split, params int[] ordinals) => BatchSet.Of(ordinals.Select(o => new BatchId(split, o)));

    private static IEnumerable<long?> Numbered(BatchLines lines, JobSpec spec, params (int Input, long Position, long? Line)[] rows) =>
        lines.Number(spec, rows.Select(r => new Rejection(new(r.Input, r.Position), r.Line, "c", "t", "r")).ToEquatableArray()).Select(r => r.Line);
}
