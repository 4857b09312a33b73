using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Hosting;

/// <summary>The answer is a function of the input: the same bytes whatever the pool, the router, the order and the crashes.</summary>
public sealed class PipelineSpecs
{
    private static readonly Lazy<Task<string[]>> Undisturbed = new(async () =>
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(1, "round-robin-pool"));
        Assert.Equal(0, (await pipeline.RunAsync()).Result.ExitCode);
        return pipeline.Files();
    });

    public static TheoryData<int, string> Pools()
    {
        var pools = new TheoryData<int, string>();
        foreach (var size in new[] { 1, 2, 3, 8, 16 })
        {
            pools.Add(size, "round-robin-pool");
            pools.Add(size, "smallest-mailbox-pool");
        }

        return pools;
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Any_pool_gives_the_same_bytes(int size, string router)
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(size, router));
        await AssertUndisturbed(pipeline);
        Assert.Equal(0, pipeline.Restarts);
    }

    [Fact]
    public async Task The_answer_is_of_all_rows()
    {
        var files = await Undisturbed.Value;
        Assert.Contains("\"Germany\"", files[0], StringComparison.Ordinal);
        Assert.Contains("South America", files[1], StringComparison.Ordinal);
        Assert.Contains("El Dorado", files[2], StringComparison.Ordinal);
        Assert.Equal(3, files[2].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("map-batch:1:throw")]
    [InlineData("map-batch:7:throw")]
    [InlineData("before-persist:2:throw")]
    [InlineData("after-persist:2:throw")]
    [InlineData("after-ack:1:throw")]
    [InlineData("before-complete:1:throw")]
    [InlineData("after-complete:1:throw")]
    [InlineData("before-load:1:throw")]
    [InlineData("after-sink:1:throw")]
    [InlineData("before-run-json:1:throw")]
    [InlineData("after-run-json:1:throw")]
    [InlineData("before-finish:1:throw")]
    [InlineData("after-finish:1:throw")]
    [InlineData("map-batch:3:throw,before-persist:1:throw,after-persist:3:throw,after-ack:5:throw,before-complete:2:throw,after-complete:3:throw,before-load:1:throw,after-sink:2:throw,before-finish:1:throw")]
    public async Task A_crash_at_any_named_point_gives_the_same_bytes(string fault)
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(3, "smallest-mailbox-pool"), fault);
        await AssertUndisturbed(pipeline);
        Assert.Equal(fault.StartsWith("map-batch", StringComparison.Ordinal) ? 1 : 0, pipeline.Restarts);
    }

    [Theory]
    [InlineData(1, "throw", 4)]
    [InlineData(3, "throw", 4)]
    // Each: the whole batch twice, part of it, the row twice; its batch has three rows that could be it.
    [InlineData(3, "throw-unnamed", 8)]
    public async Task Rows_that_crash_mappers_are_set_aside_and_all_others_count(int mappers, string poison, int restarts)
    {
        var rows = Given.World();
        using var clean = new Pipeline([.. rows.Where(r => r.Name is not ("Germany" or "Kenya"))]);
        Assert.Equal(0, (await clean.RunAsync()).Result.ExitCode);
        using var pipeline = new Pipeline(rows, Pipeline.Mappers(mappers, "smallest-mailbox-pool"), $"poison-row=Germany:{poison},poison-row=Kenya:{poison}");
        var ended = await pipeline.RunAsync();
        Assert.Equal((0, null), (ended.Result.ExitCode, ended.Result.Error));
        Assert.Equal(clean.Files()[..2], pipeline.Files()[..2]);
        var setAside = pipeline.Files()[2].Split('\n').Except(clean.Files()[2].Split('\n')).ToArray();
        Assert.Equal(2, setAside.Length);
        Assert.All(setAside, line => Assert.Contains("\"Reason\":\"crashed the mapper twice: InjectedFaultException\"", line, StringComparison.Ordinal));
        Assert.Contains(setAside, line => line.Contains("\"Text\":\"Germany, ", StringComparison.Ordinal));
        Assert.True(restarts <= pipeline.Restarts && pipeline.Restarts <= 2 * restarts, $"{pipeline.Restarts} restarts");
    }

    [Fact]
    public async Task More_such_rows_than_allowed_end_the_run_and_leave_the_job_open()
    {
        using var pipeline = new Pipeline(Given.World(), "etl.map.max-condemned = 1", "poison-row=Germany,poison-row=Kenya");
        var ended = await pipeline.RunAsync();
        Assert.Equal((false, 1), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("2 rows crashed their mappers, and etl.map.max-condemned = 1: batch ", ended.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_mapped_many_times_over_count_once()
    {
        using var pipeline = new Pipeline(Given.World(), Pipeline.Mappers(3, "round-robin-pool"));
        // No region can write until all has been asked for again, so that each batch is under way several times.
        var disk = new TaskCompletionSource();
        pipeline.Journal.OnWrite = id => id.StartsWith("region-", StringComparison.Ordinal) ? disk.Task : Task.CompletedTask;
        var ended = pipeline.RunAsync();
        var extractors = pipeline.System.ActorSelection("/user/etl/extractors");
        var all = BatchSet.FromRanges([new(0, 0, (Given.World().Length - 1) / 5)]);
        for (var i = 0; i < 20; i++) extractors.Tell(new ExtractProtocol.IssueBatches(Given.Job(), all));
        disk.SetResult();
        for (var i = 0; i < 20; i++) extractors.Tell(new ExtractProtocol.IssueBatches(Given.Job(), all));
        Assert.Equal(0, (await ended).Result.ExitCode);
        Assert.Equal(await Undisturbed.Value, pipeline.Files());
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("job-")]
    [InlineData("region-")]
    public async Task A_journal_that_stays_away_ends_the_run_with_74_and_leaves_the_job_open(string prefix)
    {
        using var pipeline = new Pipeline(Given.World());
        pipeline.Journal.FailWrites(prefix);
        var ended = await pipeline.RunAsync();
        Assert.Equal((false, 74), (ended.Durable, ended.Result.ExitCode));
        Assert.False(File.Exists(Path.Combine(pipeline.Out, "run.json")));
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("job-")]
    [InlineData("region-")]
    public async Task A_write_that_fails_now_and_then_gives_the_same_bytes(string prefix)
    {
        using var pipeline = new Pipeline(Given.World());
        var writes = 0;
        pipeline.Journal.OnWrite = id => id.StartsWith(prefix, StringComparison.Ordinal) && Interlocked.Increment(ref writes) % 3 == 1
            ? Task.FromException(new IOException("the disk hiccups"))
            : Task.CompletedTask;
        await AssertUndisturbed(pipeline);
        Assert.True(writes > 1);
    }

    [Fact]
    public async Task A_batch_that_crashes_every_mapper_ends_the_job_with_1_and_names_it()
    {
        using var pipeline = new Pipeline(Given.World(), fault: "map-batch:1:throw-always");
        var ended = await pipeline.RunAsync();
        Assert.Equal((true, 1), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("crashed 4 mappers", ended.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_of_the_tree_that_fails_ends_the_system()
    {
        using var pipeline = new Pipeline(Given.World());
        // No edge sends such a request: it stands for any mistake in an actor that has no one to restart it.
        pipeline.Open(null);
        await pipeline.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task AssertUndisturbed(Pipeline pipeline)
    {
        var ended = await pipeline.RunAsync();
        Assert.Equal((0, null), (ended.Result.ExitCode, ended.Result.Error));
        Assert.Equal(await Undisturbed.Value, pipeline.Files());
    }
}
