using System.Collections.Immutable;
using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Domain.Tests.Jobs.Queueing;

public sealed class JobQueueTests
{
    private const int Limit = 3, Places = 2;
    private static readonly DateTimeOffset At = Generators.Now;

    [Fact]
    public void The_same_input_is_submitted_once_as_long_as_it_waits_or_runs()
    {
        var queue = Carried(JobQueue.Empty, Submit(JobQueue.Empty, 1));
        Assert.IsType<Decision<QueueEvent, string>.AlreadyDone>(JobQueue.Submit(queue, Job(2), Spec(1), Wishes(2), Limit, At));
        queue = JobQueue.Evolve(JobQueue.Evolve(queue, new QueueEvent.Begun(Job(1), At)), new QueueEvent.Left(Job(1), 0, null, At));
        Assert.IsType<Decision<QueueEvent, string>.Accepted>(JobQueue.Submit(queue, Job(2), Spec(1), Wishes(2), Limit, At));
    }

    [Fact]
    public void Two_live_jobs_never_load_into_one_directory()
    {
        var queue = Carried(JobQueue.Empty, Submit(JobQueue.Empty, 1));
        Assert.Contains("loads into /out/1 too", Refused(JobQueue.Submit(queue, Job(2), Spec(2), Wishes(1), Limit, At)));
        queue = JobQueue.Evolve(queue, new QueueEvent.Left(Job(1), 130, "cancelled", At));
        queue = Carried(queue, JobQueue.Submit(queue, Job(2), Spec(2), Wishes(1), Limit, At));
        Assert.Contains("loads into /out/1 too", Refused(JobQueue.Resume(queue, Job(1), Limit, At)));
    }

    [Fact]
    public void One_more_than_may_wait_is_refused_with_the_key_to_change()
    {
        var queue = Enumerable.Range(1, Limit).Aggregate(JobQueue.Empty, (q, i) => Carried(q, Submit(q, i)));
        Assert.Contains("etl.host.queue", Refused(Submit(queue, 9)));
    }

    [Fact]
    public void What_is_done_is_not_resumed_and_what_is_not_is()
    {
        var queue = Carried(JobQueue.Empty, Submit(JobQueue.Empty, 1));
        Assert.IsType<Decision<QueueEvent, string>.AlreadyDone>(JobQueue.Resume(queue, Job(1), Limit, At));
        Assert.Contains("nothing to resume", Refused(JobQueue.Resume(JobQueue.Evolve(queue, new QueueEvent.Left(Job(1), 0, null, At)), Job(1), Limit, At)));
        var failed = JobQueue.Evolve(queue, new QueueEvent.Left(Job(1), 74, "no disk", At));
        Assert.Equal((QueuePlace.Failed, 74, "no disk"), (failed.Find(Job(1))!.Place, failed.Find(Job(1))!.ExitCode!.Value, failed.Find(Job(1))!.Reason!));
        var again = Carried(failed, JobQueue.Resume(failed, Job(1), Limit, At));
        Assert.Equal((QueuePlace.Waiting, (int?)null), (again.Find(Job(1))!.Place, again.Find(Job(1))!.ExitCode));
        Assert.Contains("no job", Refused(JobQueue.Resume(queue, Job(7), Limit, At)));
        Assert.Contains("no job", Refused(JobQueue.Leave(queue, Job(7), 0, null, At)));
    }

    [Fact]
    public void What_ran_when_a_process_died_is_owed_before_what_waits()
    {
        var queue = Enumerable.Range(1, 3).Aggregate(JobQueue.Empty, (q, i) => Carried(q, Submit(q, i)));
        queue = JobQueue.Evolve(queue, new QueueEvent.Begun(Job(3), At));
        Assert.Equal([Job(3), Job(1)], JobQueue.Owed(queue, ImmutableHashSet<JobId>.Empty, Places).Select(e => e.Job));
        Assert.Equal([Job(1)], JobQueue.Owed(queue, ImmutableHashSet.Create(Job(3)), Places).Select(e => e.Job));
        Assert.Empty(JobQueue.Owed(queue, ImmutableHashSet.Create(Job(3), Job(1)), Places));
    }

    [Fact]
    public void Of_those_that_left_only_the_last_are_kept_and_all_that_live()
    {
        var queue = Carried(JobQueue.Empty, Submit(JobQueue.Empty, 1));
        for (var i = 2; i < JobQueue.MostLeft + 50; i++)
            queue = JobQueue.Evolve(JobQueue.Evolve(queue, new QueueEvent.Submitted(Job(i), Spec(i), Wishes(i), At)), new QueueEvent.Left(Job(i), 0, null, At));
        Assert.InRange(queue.Entries.Count, JobQueue.MostLeft, JobQueue.MostLeft + 2);
        Assert.NotNull(queue.Find(Job(1)));
        Assert.Null(queue.Find(Job(2)));
    }

    [Fact]
    public void The_event_that_holds_all_comes_after_so_many_and_changes_nothing()
    {
        var queue = Carried(JobQueue.Empty, Submit(JobQueue.Empty, 1));
        Assert.Null(JobQueue.Compaction(queue));
        for (var i = 0; i < JobQueue.CompactAfter; i++) queue = JobQueue.Evolve(queue, new QueueEvent.Probed(At));
        var all = Assert.IsType<QueueEvent.Compacted>(JobQueue.Compaction(queue));
        var after = JobQueue.Evolve(JobQueue.Empty, all);
        Assert.Equal(queue.Entries, after.Entries);
        Assert.Equal(0, after.Events);
    }

    // Any order of submissions, cancellations, ends, and deaths of the process between any two events.
    [Fact]
    public void Whatever_happens_no_more_run_than_may_and_every_job_that_is_not_cancelled_gets_its_turn() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 6]).Array[0, 60].Holds(steps =>
        {
            var (queue, active, journal) = (JobQueue.Empty, ImmutableHashSet<JobId>.Empty, new List<QueueEvent>());
            void Carry(Decision<QueueEvent, string> decision)
            {
                if (decision is not Decision<QueueEvent, string>.Accepted accepted) return;
                journal.AddRange(accepted.Events);
                queue = accepted.Events.Aggregate(queue, JobQueue.Evolve);
            }

            void Advance()
            {
                while (JobQueue.Owed(queue, active, Places) is [var next, ..])
                {
                    active = active.Add(next.Job);
                    Carry(JobQueue.Begin(queue, next.Job, At));
                }

                Assert.True(queue.Entries.Count(e => e.Place == QueuePlace.Running) <= Places);
            }

            foreach (var (what, i) in steps)
            {
                switch (what)
                {
                    case 0: Carry(JobQueue.Submit(queue, Job(i), Spec(i), Wishes(i), Limit, At)); break;
                    case 1: Carry(JobQueue.Leave(queue, Job(i), JobQueue.CancelledCode, "cancelled", At)); active = active.Remove(Job(i)); break;
                    case 2 when active.Contains(Job(i)): Carry(JobQueue.Leave(queue, Job(i), 0, null, At)); active = active.Remove(Job(i)); break;
                    case 3: (queue, active) = (journal.Aggregate(JobQueue.Empty, JobQueue.Evolve), []); break;
                }

                Advance();
            }

            for (var left = 100; active.FirstOrDefault() is { } one && left > 0; left--)
            {
                Carry(JobQueue.Leave(queue, one, 0, null, At));
                active = active.Remove(one);
                Advance();
            }

            return queue.Entries.TrueForAll(e => !e.IsLive);
        });

    private static JobId Job(int i) => new(new Guid(i, 0, 0, new byte[8]));

    private static JobSpec Spec(int i) => Generators.Spec() with { Source = $"source-{i}" };

    private static QueueWishes Wishes(int i) => new($"/out/{i}", ["json"], false, null, null, false);

    private static Decision<QueueEvent, string> Submit(JobQueue queue, int i) => JobQueue.Submit(queue, Job(i), Spec(i), Wishes(i), Limit, At);

    private static JobQueue Carried(JobQueue queue, Decision<QueueEvent, string> decision) =>
        Assert.IsType<Decision<QueueEvent, string>.Accepted>(decision).Events.Aggregate(queue, JobQueue.Evolve);

    private static string Refused(Decision<QueueEvent, string> decision) => Assert.IsType<Decision<QueueEvent, string>.Rejected>(decision).Error;
}
