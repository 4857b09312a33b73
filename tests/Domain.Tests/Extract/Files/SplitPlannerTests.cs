using CsCheck;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;

namespace Etl.Domain.Tests.Extract.Files;

public sealed class SplitPlannerTests
{
    private const long GiB = 1L << 30;

    private static readonly Gen<long> Lengths = Gen.OneOf(
        Gen.Long[0, 70_000], Gen.Long[GiB - 2, GiB + 2], Gen.Long[(3 * GiB) - 2, (3 * GiB) + 70_000], Gen.OneOf(0L, 1L, GiB, 2 * GiB));

    private static readonly Gen<JobSpec> Specs = Gen.Select(Lengths, Gen.OneOf(Compression.None, Compression.None, Compression.Gzip), Gen.Bool)
        .Select((length, compression, multiline) => (length, compression, multiline)).Array[1, 4].Select(inputs => Spec(inputs[0].multiline, [.. inputs.Select(i => (i.length, i.compression))]));

    [Fact]
    public void Splits_are_numbered_in_order_and_cover_each_input_once() => Specs.Holds(spec =>
    {
        var splits = SplitPlanner.Splits(spec);
        Assert.Equal(Enumerable.Range(0, splits.Length), splits.Select(s => s.Ordinal));
        Assert.Equal(splits.Length, SplitPlanner.Count(spec));
        Assert.Equal(Enumerable.Range(0, spec.Inputs.Count), splits.Select(s => s.Input).Distinct());
        foreach (var input in splits.GroupBy(s => s.Input))
        {
            Assert.Equal(input.Select(s => s.To).Prepend(0).SkipLast(1), input.Select(s => s.From));
            Assert.Equal(spec.Inputs[input.Key].Bytes, input.Last().To);
            Assert.All(input.SkipLast(1), s => Assert.Equal(SplitPlanner.SplitBytes, s.To - s.From));
            Assert.All(input, s => Assert.Equal(spec.Inputs[s.Input].File!.Compression == Compression.None && !spec.Options.Records.Multiline, s.Seekable));
        }
    });

    [Fact]
    public void Batches_cover_a_split_without_a_gap() => Gen.Select(Gen.Long[0, 3], Gen.Long[0, 20_000], Gen.Int[1, 4_097]).Holds(s =>
    {
        var (start, length, batchBytes) = s;
        var split = new Split(0, 0, start * GiB, (start * GiB) + length, Seekable: true);
        var ranges = Enumerable.Range(0, SplitPlanner.Batches(split, batchBytes)).Select(o => SplitPlanner.Range(split, o, batchBytes)).ToArray();
        Assert.Equal(length == 0, ranges.Length == 0);
        Assert.Equal(ranges.Select(r => r.To).Prepend(split.From).SkipLast(1), ranges.Select(r => r.From).Take(ranges.Length));
        if (ranges.Length > 0) Assert.Equal(split.To, ranges[^1].To);
        Assert.All(ranges, r => Assert.InRange(r.To - r.From, 1, batchBytes));
    });

    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(22_000_000, 1 << 20)]
    [InlineData(220_000_000, 8 << 20)]
    [InlineData(40 * GiB, 16 << 20)]
    public void Batches_nobody_chose_are_large_and_enough_for_a_pool(long bytes, int batchBytes)
    {
        Assert.Equal(batchBytes, SplitPlanner.BatchBytesFor(Spec(false, (bytes, Compression.None))));
        Assert.Equal(batchBytes, SplitPlanner.BatchBytesFor(Spec(false, (bytes / 2, Compression.None), (bytes - (bytes / 2), Compression.None))));
        // Those that have to be in memory as a whole are smaller than they could be.
        Assert.Equal(4 << 20, SplitPlanner.BatchBytesFor(Spec(true, (bytes, Compression.None))));
        Assert.Equal(4 << 20, SplitPlanner.BatchBytesFor(Spec(false, (bytes, Compression.None), (1, Compression.Gzip))));
    }

    [Fact]
    public void A_large_file_is_cut_at_each_GiB_and_a_stream_never()
    {
        var spec = Spec(false, (GiB + 1, Compression.None), (5 * GiB, Compression.Zstandard), (0, Compression.None), (7, Compression.None));
        Assert.Equal(
            [new(0, 0, 0, GiB, true), new(1, 0, GiB, GiB + 1, true), new(2, 1, 0, 5 * GiB, false), new(3, 2, 0, 0, true), new(4, 3, 0, 7, true)],
            SplitPlanner.Splits(spec).AsEnumerable());
        Assert.Equal([128, 1, 640, 0, 1], SplitPlanner.Splits(spec).Select(s => SplitPlanner.Batches(s, 8 << 20)));
        // Of a stream, whose length is not that of its content, a batch may lie anywhere.
        Assert.Equal((700L * 8 << 20, 701L * 8 << 20), SplitPlanner.Range(SplitPlanner.Splits(spec)[2], 700, 8 << 20));
    }

    [Fact]
    public void Standard_input_that_was_not_kept_has_one_split_that_is_read_from_its_beginning()
    {
        var spec = Spec(false, (0, Compression.None));
        var piped = spec with { Inputs = [spec.Inputs[0] with { File = new(FileStamp.StandardInput, 0, Compression.None) }] };
        Assert.Equal([new(0, 0, 0, 0, false)], SplitPlanner.Splits(piped).AsEnumerable());
        Assert.Equal(1, SplitPlanner.Count(piped));
    }

    internal static JobSpec Spec(bool multiline, params (long Length, Compression Compression)[] inputs) => new(
        "csv", inputs.Select((input, i) => new StoredInput($"input {i}", $"{i:x64}", input.Length) { File = new($"/data/{i}", 1, input.Compression) }).ToEquatableArray(),
        AnswerOptions.Default with { Records = RecordOptions.Default with { Multiline = multiline } }, "directory", 50, "1.0.0");
}
