using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

/// <summary>Who is to blame for a crash: exactly the rows that crash, found with few crashes, whatever kind they are and whoever kills.</summary>
public sealed class BlameTests
{
    private const long First = 2L * SimulatedCrashes.Bytes;

    private static readonly DateTimeOffset At = Generators.Now;
    private static readonly BatchId Batch = new(0, 1);
    private static readonly RowRange None = new(51, 51);

    private static readonly JobEvent[] Planned =
    [
        new JobEvent.Started(Generators.TheJob, Generators.Spec(), At), new JobEvent.RunBegan(Generators.Run(1), "1.0.0", At),
        new JobEvent.SplitPlanned(0, 3, Generators.Choice),
    ];

    private static readonly Gen<Dictionary<long, Poison>> Rows = Gen.Select(Gen.Long[First, First + SimulatedCrashes.Bytes - 1], Gen.Int[1, 3]).Array[1, 12]
        .Select(rows => rows.GroupBy(r => r.Item1).ToDictionary(g => g.Key, g => (Poison)g.First().Item2));

    [Fact]
    public void Exactly_the_rows_that_crash_are_condemned_with_few_crashes() => Gen.Select(Rows, Gen.Int).Holds((rows, seed) =>
    {
        var run = new SimulatedCrashes(rows, seed, killOneIn: 0);
        Assert.True(run.Run());
        Assert.Equal(rows.Keys.Order(), run.Condemned.Order());
        // Five sixteenths of a MiB are less than a byte; and two to begin with, three at the row, three idle processes.
        Assert.InRange(run.Crashes, rows.Count, rows.Count * 13);
        Assert.Equal(Generators.Show(run.State), Generators.Show(Job.Fold(Job.Initial, run.Journal)));
    }, 300);

    [Fact]
    public void Who_kills_the_process_while_it_is_searched_changes_nothing_but_the_time() => Gen.Select(Rows, Gen.Int, Gen.Int[60, 400]).Holds(r =>
    {
        var run = new SimulatedCrashes(r.Item1, r.Item2, r.Item3);
        Assert.True(run.Run());
        Assert.Equal(r.Item1.Keys.Order(), run.Condemned.Order());
    }, 100);

    [Fact]
    public void A_batch_without_such_rows_is_mapped_however_often_the_process_is_killed() => Gen.Int.Holds(seed =>
    {
        var run = new SimulatedCrashes(new Dictionary<long, Poison>(), seed, killOneIn: 20);
        Assert.True(run.Run());
        Assert.Empty(run.Condemned);
    }, 300);

    [Fact]
    public void One_row_that_kills_is_found_by_a_dozen_starts()
    {
        var run = new SimulatedCrashes(new Dictionary<long, Poison> { [First + 777_777] = Poison.Kill }, 1, 0);
        Assert.True(run.Run());
        Assert.InRange(run.Deaths, JobTroubles.IdleRunsBorne + 5, 13);
        Assert.Equal("killed the process", Assert.Single(run.Journal.OfType<JobEvent.RowsCondemned>()).Reason);
        Assert.All(run.Journal.OfType<JobEvent.BatchCrashed>(), c => Assert.Equal((Restart.Process, new BatchId(0, 2)), (c.Restart.Actor, c.Restart.Batch)));
    }

    [Fact]
    public void Two_crashes_at_one_row_condemn_it_and_one_does_not()
    {
        var once = After(Crash(77));
        Assert.Empty(once.Troubles.Of(Batch).Condemned);
        var twice = After(Crash(77), Crash(78), Crash(77));
        Assert.Equal([new CondemnedRow(77, "crashed the mapper twice: Oops")], twice.Troubles.Of(Batch).Condemned);
        Assert.Equal(new Caution([new(77, "crashed the mapper twice: Oops")], false, null), Blame.Cautions(twice, [new(0, 0), Batch])[0].Caution);
        Assert.Equal((77, "Oops: no"), (Assert.Single(twice.Troubles.Condemned).Positions[0], twice.Troubles.Condemned[0].Cause));
        // A batch that is done needs no caution; that rows of it were condemned is remembered.
        var done = Assert.IsType<JobState.Running>(Job.Evolve(twice, new JobEvent.BatchesCompleted(BatchSet.Of(Batch), [], BatchTally.Empty)));
        Assert.Empty(Blame.Cautions(done, [Batch]));
        Assert.Equal(1, done.Troubles.CondemnedTotal);
    }

    [Fact]
    public void A_crash_that_names_no_row_has_the_batch_read_with_care_and_a_second_one_searched()
    {
        Assert.Equal(new Caution([], true, null), After(Crash(null)).Troubles.Of(Batch).Caution);
        // Of a page's second batch of 50 rows.
        var searched = After(Crash(null), Crash(null));
        Assert.Equal(new RowRange(51, 101), searched.Troubles.Of(Batch).Suspects);
        Assert.Equal(None, searched.Troubles.Of(Batch).Probe);
        Assert.Equal(new RowRange(51, 54), After(Crash(null), Crash(null), new JobCommand.Clear(Batch, None)).Troubles.Of(Batch).Probe);
    }

    [Fact]
    public void What_crashes_without_any_row_is_no_row_s_fault_and_fails_the_job()
    {
        JobCommand[] crashes = [Crash(null), Crash(null), Crash(null, None), Crash(null, None)];
        Assert.Null(Blame.Hopeless(After(crashes[..3]), 4));
        var state = After(crashes);
        Assert.Equal(0, state.Troubles.CondemnedTotal);
        Assert.Equal("batch 0/1 crashed 4 mappers, last at no row that is known: Oops: no", Blame.Hopeless(state, 4));
        Assert.Equal(new JobStop(1, Blame.Hopeless(state, 4)!, true), JobStop.Of(state, null, 4, 10));
    }

    [Fact]
    public void Rows_that_crash_only_together_are_not_condemned_and_fail_the_job()
    {
        var commands = new List<JobCommand> { Crash(null), Crash(null) };
        var state = After([.. commands]);
        while (Blame.Hopeless(state, 4) is null)
        {
            Assert.InRange(commands.Count, 1, 1_000);
            commands.Add(state.Troubles.Of(Batch).Probe is { } probe ? new JobCommand.Clear(Batch, probe) : Crash(null));
            state = After([.. commands]);
        }

        Assert.Equal(4, commands.OfType<JobCommand.Crash>().Count());
        Assert.Equal(0, state.Troubles.CondemnedTotal);
    }

    [Fact]
    public void News_of_another_part_than_the_one_that_is_tried_says_nothing()
    {
        var state = After(Crash(null), Crash(null), new JobCommand.Clear(Batch, None));
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(state, new JobCommand.Clear(Batch, new(60, 61))));
        Assert.Equal(new RowRange(51, 101), After(Crash(null), Crash(null), new JobCommand.Clear(Batch, None), Crash(null, new(60, 61))).Troubles.Of(Batch).Suspects);
        Assert.True(Blame.Awaits(state, Batch, new(51, 54)));
        Assert.False(Blame.Awaits(state, Batch, new(60, 61)));
        Assert.False(Blame.Awaits(Job.Initial, Batch, new(51, 54)));
    }

    [Fact]
    public void More_condemned_rows_than_allowed_end_the_run_naming_the_first_and_leave_the_job_open()
    {
        var state = After([.. Enumerable.Range(51, 5).SelectMany(row => new JobCommand[] { Crash(row), Crash(row) })]);
        Assert.Null(JobStop.Of(state, null, 4, 5));
        var stop = Assert.IsType<JobStop>(JobStop.Of(state, null, 4, 4));
        Assert.Equal((1, false), (stop.ExitCode, stop.ForGood));
        Assert.Equal(
            "5 rows crashed their mappers, and etl.map.max-condemned = 4: batch 0/1, row 51, Oops: no; batch 0/1, row 52, Oops: no; "
            + "batch 0/1, row 53, Oops: no; mend them, or raise the limit: what is done stays", stop.Reason);
    }

    [Fact]
    public void Processes_that_end_without_progress_have_batches_mapped_one_at_a_time_and_journaled()
    {
        JobState state = Job.Fold(Job.Initial, Planned);
        for (var run = 2; run <= 4; run++)
        {
            Assert.Null(Dispatch.Next(state, Flight.Empty, 3).Alone);
            Assert.Equal(3, Dispatch.Next(state, Flight.Empty, 3).Issue.Length);
            state = Job.Evolve(state, new JobEvent.RunBegan(Generators.Run(run), "1.0.0", At));
        }

        var again = new JobEvent.RunBegan(Generators.Run(5), "1.0.0", At);
        Assert.Contains(StageLog.Lines(state, again, Job.Evolve(state, again)), line => line.Contains("the next 128 batches are mapped one at a time", StringComparison.Ordinal));
        var step = Dispatch.Next(state, Flight.Empty, 3);
        Assert.Equal(new BatchId(0, 0), step.Alone);
        Assert.Equal([new BatchId(0, 0)], step.Issue.AsEnumerable());
        Assert.Null(Dispatch.Next(state, Flight.Empty.Issue(step.Issue, At), 3).Alone);
    }

    [Fact]
    public void A_batch_that_becomes_durable_is_progress()
    {
        var runs = Enumerable.Range(2, 9).Select(run => new JobEvent.RunBegan(Generators.Run(run), "1.0.0", At)).ToArray();
        JobEvent[] story = [.. Planned, runs[0], runs[1], new JobEvent.BatchesCompleted(BatchSet.Of(Batch), [], BatchTally.Empty), runs[2], runs[3], runs[4]];
        Assert.False(Assert.IsType<JobState.Running>(Job.Fold(Job.Initial, story)).Troubles.OneAtATime);
        Assert.True(Assert.IsType<JobState.Running>(Job.Fold(Job.Initial, [.. story, runs[5]])).Troubles.OneAtATime);
    }

    private static JobCommand.Crash Crash(long? row, RowRange? probe = null) => new("/user/etl/mappers/$a", "Oops: no", "Restart", Batch, row, At) { Probe = probe };

    // Each crash at a time of its own: the same report twice is one crash.
    private static JobState.Running After(params JobCommand[] commands)
    {
        var state = Job.Fold(Job.Initial, Planned);
        for (var i = 0; i < commands.Length; i++)
        {
            var command = commands[i] is JobCommand.Crash crash ? crash with { At = At.AddSeconds(i) } : commands[i];
            state = Job.Fold(state, Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Decide(state, command)).Events);
        }

        return Assert.IsType<JobState.Running>(state);
    }
}
