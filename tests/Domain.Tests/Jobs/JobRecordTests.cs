using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

/// <summary>What the journal knows of jobs: from the catalog's events and each job's own.</summary>
public sealed class JobRecordTests
{
    private static readonly DateTimeOffset At = Generators.Now;
    private static readonly JobId First = Id("aaaaaaaa00000000000000000000000a"), Second = Id("aaaaaaab00000000000000000000000b"), Third = Id("cccccccc00000000000000000000000c");

    private static readonly JobEvent[] Begun =
    [
        new JobEvent.Started(First, Generators.Spec(), At), new JobEvent.RunBegan(Generators.Run(1), "1.0.0", At), new JobEvent.SplitPlanned(0, 3, Generators.Choice),
        new JobEvent.BatchesCompleted(BatchSet.FromRanges([new(0, 0, 1)]), [2], BatchTally.Empty with { Read = 20, Records = 19, Quarantined = 1 }),
    ];

    private static readonly ActorRestart Failure = new("/user/etl/reducers/r", "SqliteException: full", ActorRestart.AfterBackoff, 1, At);

    [Fact]
    public void A_ledger_has_the_jobs_in_their_order_and_knows_which_are_open()
    {
        var ledger = JobLedger.Of(
        [
            new CatalogEvent.JobOpened("k", First, At), new CatalogEvent.RegionsCounted(First, 6), new CatalogEvent.JobOpened("l", Second, At),
            new CatalogEvent.JobClosed(Second, 3, At.AddMinutes(1)), new CatalogEvent.JobForgotten(Second, At), new CatalogEvent.JobOpened("k", Third, At),
        ]);
        Assert.Equal([First, Second, Third], ledger.Select(e => e.Job));
        // The first was given up: another job has its key.
        Assert.Equal([false, false, true], ledger.Select(e => e.IsOpen));
        Assert.Equal([null, 3, null], ledger.Select(e => e.ClosedWith));
    }

    [Fact]
    public void Whatever_is_pruned_the_catalog_without_its_events_is_the_catalog_without_the_job() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 40], Gen.Int[0, 6]).Sample((steps, keep) =>
        {
            var events = Life(steps);
            var ledger = JobLedger.Of(events);
            var gone = JobLedger.Superfluous(ledger, keep).ToHashSet();
            Assert.Equal(Math.Max(0, ledger.Count(e => !e.IsOpen) - keep), gone.Count);
            var whole = events.Aggregate(Catalog.Initial, Catalog.Evolve);
            var left = events.Where(e => !gone.Contains(JobLedger.JobOf(e))).Aggregate(Catalog.Initial, Catalog.Evolve);
            Assert.Equal(whole.Open.OrderBy(o => o.Key, StringComparer.Ordinal), left.Open.OrderBy(o => o.Key, StringComparer.Ordinal));
            Assert.Equal(whole.Kept.Where(k => !gone.Contains(k.Key)).OrderBy(k => k.Key.Value), left.Kept.OrderBy(k => k.Key.Value));
        });

    [Fact]
    public void An_open_job_tells_how_far_its_splits_are()
    {
        var record = Of(true, Begun);
        Assert.Equal((JobStanding.Open, Stage.MapAndReduce, 2L, 3L, 20L, 1L, 1), (
            record.Standing, record.Stage, record.BatchesDone, record.BatchesPlanned, record.Counts.Read, record.Counts.Quarantined, record.Runs.Count));
        Assert.Equal(new SplitProgress(0, record.Spec!.Inputs[0].Label, 0, 3, 2), Assert.Single(record.Splits.Items));
        Assert.Null(record.Reason);
    }

    [Fact]
    public void A_run_that_stopped_in_order_is_the_reason_until_the_next_one_begins()
    {
        JobEvent[] stopped = [.. Begun, new JobEvent.RunStopped(Generators.Run(1), "interrupted", At)];
        Assert.Equal("interrupted", Of(true, stopped).Reason);
        Assert.Null(Of(true, [.. stopped, new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At)]).Reason);
    }

    [Fact]
    public void A_run_that_stopped_in_order_is_no_death_of_a_process()
    {
        JobState.Running After(params JobEvent[] last) => Assert.IsType<JobState.Running>(Job.Fold(Job.Initial, [.. Begun, .. last]));
        JobEvent began = new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At), alone = new JobEvent.AttemptBegan(new(0, 2), null);
        JobEvent stopped = new JobEvent.RunStopped(Generators.Run(2), "interrupted", At);
        Assert.NotNull(After(began, alone).Troubles.UnderWay);
        Assert.Null(After(began, alone, stopped).Troubles.UnderWay);
        Assert.Equal(After(began).Troubles.IdleRuns, After(began, stopped, began).Troubles.IdleRuns);
    }

    [Fact]
    public void A_job_that_is_over_says_the_same_before_and_after_it_is_summarised()
    {
        JobEvent[] all =
        [
            .. Begun, new JobEvent.BatchCrashed(new("m", "boom", "Restart", new(0, 2), 7, 1, At)), new JobEvent.ActorsRestarted([Failure]),
            new JobEvent.BatchesCompleted(BatchSet.FromRanges([new(0, 2, 2)]), [1], BatchTally.Empty with { Read = 10, Records = 10 }),
            new JobEvent.SinkLoaded("json"), new JobEvent.Finished(At.AddMinutes(2)),
        ];
        var over = Of(false, all);
        var summary = Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Summarise(Job.Fold(Job.Initial, all), At)).Events.Single();
        Assert.Equal(over, Of(false, summary));
        Assert.Equal((JobStanding.Finished, 30L, 3L, 2L, 0), (over.Standing, over.Counts.Read, over.BatchesDone, over.RestartsTotal, over.ExitCode));
    }

    [Fact]
    public void A_job_that_was_given_up_or_failed_says_so()
    {
        Assert.Equal((JobStanding.Failed, 130), (Of(false, Begun).Standing, Of(false, Begun).ExitCode));
        Assert.Contains("started over", Of(false, Begun).Reason, StringComparison.Ordinal);
        var failed = Of(false, [.. Begun, new JobEvent.Failed(3, "two rows differ", At)]);
        Assert.Equal((JobStanding.Failed, 3, "two rows differ"), (failed.Standing, failed.ExitCode, failed.Reason));
        Assert.Equal((JobStanding.Open, (JobSpec?)null), (Of(true).Standing, Of(true).Spec));
    }

    [Fact]
    public void A_story_tells_what_the_events_told()
    {
        JobEvent[] all = [.. Begun, new JobEvent.ActorsRestarted([Failure]), new JobEvent.SinkLoaded("json"), new JobEvent.Failed(3, "two rows differ", At)];
        var lines = all.SelectMany((e, i) => JobChronicle.Of(new(i + 1, At, e))).ToArray();
        Assert.Equal(
            ["started", "run_began", "split_planned", "batches_completed", "actors_restarted", "sink_loaded", "failed"], lines.Select(l => l.Kind));
        Assert.Contains("batches 0/0-1: 20 rows, 1 quarantined", lines[3].Details, StringComparison.Ordinal);
        var summary = Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Summarise(Job.Fold(Job.Initial, all), At)).Events.Single();
        var story = JobChronicle.Of(new(9, At, summary)).ToArray();
        Assert.Equal(["started", "run_began", "actors_restarted", "summarised", "sink_loaded", "failed"], story.Select(l => l.Kind));
        Assert.Equal(lines[4].Details, story[2].Details);
        Assert.Equal(lines[^1].Details, story[^1].Details);
    }

    [Theory]
    [InlineData("c", "cccccccc")]
    [InlineData("CCCC", "cccccccc")]
    [InlineData("aaaaaaaa", "aaaaaaaa")]
    public void A_beginning_that_no_other_job_has_is_enough(string prefix, string job) =>
        Assert.StartsWith(job, Assert.IsType<Result<JobRecord, string>.Ok>(JobSelection.ByPrefix(Three, prefix)).Value.Job.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("aaaaaaa", "is the beginning of aaaaaaab, aaaaaaaa")]
    [InlineData("ccccccdc", "did you mean cccccccc?")]
    [InlineData("123", "there are cccccccc, aaaaaaab, aaaaaaaa")]
    public void What_is_ambiguous_or_unknown_is_refused_with_what_there_is(string prefix, string says) =>
        Assert.Contains(says, Assert.IsType<Result<JobRecord, string>.Error>(JobSelection.ByPrefix(Three, prefix)).Reason, StringComparison.Ordinal);

    [Fact]
    public void The_newest_open_job_is_resumed_and_one_that_is_over_is_not()
    {
        Assert.Equal(Second, Assert.IsType<Result<JobRecord, string>.Ok>(JobSelection.ToResume(Three, null)).Value.Job);
        Assert.Equal(First, Assert.IsType<Result<JobRecord, string>.Ok>(JobSelection.ToResume(Three, "aaaaaaaa")).Value.Job);
        Assert.Contains("cccccccc is over (finished)", Refusal("c"), StringComparison.Ordinal);
        Assert.Contains("nothing was read for it", Refusal("aaaaaaab", Of(true) with { Job = Second }), StringComparison.Ordinal);
        Assert.Contains("there is no unfinished job", Assert.IsType<Result<JobRecord, string>.Error>(JobSelection.ToResume([], null)).Reason, StringComparison.Ordinal);

        static string Refusal(string prefix, params JobRecord[] jobs) =>
            Assert.IsType<Result<JobRecord, string>.Error>(JobSelection.ToResume(jobs.Length > 0 ? jobs : Three, prefix)).Reason;
    }

    [Fact]
    public void An_input_that_changed_is_known_by_its_name_and_the_options()
    {
        var fresh = Generators.Spec();
        var before = fresh with { Inputs = [fresh.Inputs[0] with { Sha256 = new string('9', 64) }] };
        JobRecord Job(JobSpec spec, JobStanding standing = JobStanding.Open) => Of(true, Begun) with { Spec = spec, Standing = standing };
        Assert.Equal(before, InputChange.Find([Job(before)], fresh)?.Spec);
        Assert.Null(InputChange.Find([Job(before, JobStanding.Finished)], fresh));
        Assert.Null(InputChange.Find([Job(before with { Options = before.Options with { Top = 7 } })], fresh));
        Assert.Null(InputChange.Find([Job(before with { Inputs = [before.Inputs[0] with { Label = "other" }] })], fresh));
        // The same job is there, unfinished: nothing has changed.
        Assert.Null(InputChange.Find([Job(before), Job(fresh)], fresh));
        Assert.Contains("(2 of 3 batches done) began: this is a new job; etl status aaaaaaaa", InputChange.Text(Job(before), "aaaaaaaa"), StringComparison.Ordinal);
    }

    private static JobRecord[] Three =>
    [
        Of(false, [.. Begun, new JobEvent.Failed(0, "", At)]) with { Job = Third },
        Of(true, Begun) with { Job = Second }, Of(true, Begun),
    ];

    private static JobRecord Of(bool open, params JobEvent[] events) =>
        JobRecord.Of(new(First, "k", At, null, null, open), Job.Fold(Job.Initial, events));

    private static JobId Id(string text) => JobId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    // Jobs of two keys that are opened, given up, closed and forgotten as the catalog decides.
    private static CatalogEvent[] Life(int[] steps)
    {
        var (catalog, events, opened) = (Catalog.Initial, new List<CatalogEvent>(), new List<JobId>());
        foreach (var (index, step) in steps.Index())
        {
            var fresh = new JobId(new Guid(index, 0, 0, new byte[8]));
            var decision = step switch
            {
                0 or 1 => Catalog.OpenJob(catalog, $"key {step}", fresh, startOver: index % 3 == 0, 2, At),
                2 when opened.Count > 0 => Catalog.CloseJob(catalog, opened[index % opened.Count], index % 4, At),
                3 when opened.Count > 0 => Catalog.ForgetJob(catalog, opened[index % opened.Count], At),
                _ => new Decision<CatalogEvent, string>.AlreadyDone(),
            };
            if (decision is not Decision<CatalogEvent, string>.Accepted accepted) continue;
            foreach (var e in accepted.Events)
            {
                catalog = Catalog.Evolve(catalog, e);
                events.Add(e);
                if (e is CatalogEvent.JobOpened o) opened.Add(o.Job);
            }
        }

        return [.. events];
    }
}
