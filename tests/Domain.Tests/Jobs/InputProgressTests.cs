using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

public sealed class InputProgressTests
{
    private static readonly StoredInput
        Packed = File("a.csv.gz", 1_000, Compression.Gzip),
        Plain = File("b.csv", 1_050, Compression.None),
        Other = File("c.csv.zst", 50, Compression.Zstandard);

    [Fact]
    public void A_stream_counts_by_what_is_read_of_it_and_ranges_by_what_is_done()
    {
        var job = Job(Packed, Plain, Other);
        Assert.Equal((0, 2_100), InputProgress.Empty.Of(job));
        var progress = InputProgress.Empty.Read(0, 300).Read(2, 9_999);
        Assert.Equal((350, 2_100), progress.Of(job));
        job = After(job, new JobEvent.SplitPlanned(1, 11, Generators.Choice), Done(1, 0, 2));
        Assert.Equal((650, 2_100), progress.Of(job));
        job = After(job, Done(1, 3, 10));
        Assert.Equal((1_400, 2_100), progress.Of(job));
        // Read from its beginning again, for a batch that was lost.
        Assert.Equal((1_110, 2_100), progress.Read(0, 10).Of(job));
        job = After(job, new JobEvent.SplitPlanned(2, SplitPlan.Unknown, Generators.Choice), Done(2, 0, 0), new JobEvent.SplitEnded(2, 1));
        Assert.Equal((1_400, 2_100), progress.Of(job));
    }

    [Fact]
    public void Where_batches_can_be_counted_bytes_are_not()
    {
        Assert.Equal((0, 0), InputProgress.Empty.Of(Job(Plain)));
        var ended = After(Job(Packed), new JobEvent.SplitPlanned(0, SplitPlan.Unknown, Generators.Choice), new JobEvent.SplitEnded(0, 3));
        Assert.Equal((0, 0), InputProgress.Empty.Read(0, 1_000).Of(ended));
    }

    [Fact]
    public void What_has_no_length_has_no_progress()
    {
        Assert.Equal((0, 0), InputProgress.Empty.Of(Job(Packed, File(FileStamp.StandardInput, 0, Compression.None))));
        Assert.Equal((0, 0), InputProgress.Empty.Of(Job(new StoredInput("page.html", "0", 10))));
    }

    private static StoredInput File(string path, long bytes, Compression compression) =>
        new(path, "0", bytes) { File = new(path, 0, compression) };

    private static JobState.Running Job(params StoredInput[] inputs) => (JobState.Running)Domain.Jobs.Job.Fold(Domain.Jobs.Job.Initial,
        [new JobEvent.Started(Generators.TheJob, Generators.Spec() with { Inputs = inputs.ToEquatableArray(), BatchBytes = 100 }, Generators.Now)]);

    private static JobState.Running After(JobState.Running job, params JobEvent[] events) => (JobState.Running)Domain.Jobs.Job.Fold(job, events);

    private static JobEvent Done(int split, int from, int to) => new JobEvent.BatchesCompleted(BatchSet.FromRanges([new(split, from, to)]), [], BatchTally.Empty);
}
