using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Domain.Tests.Jobs.Queueing;

public sealed class IdleWatchTests
{
    private static readonly JobId Job = new(Guid.AllBitsSet);

    [Fact]
    public void A_host_that_never_had_work_is_never_told_of() => Assert.DoesNotContain(true, Looks([.. Enumerable.Repeat(JobQueue.Empty, 100)]));

    [Fact]
    public void It_is_told_once_after_enough_looks_without_work()
    {
        var over = Left(Submitted());
        Assert.Equal([false, false, false, true, false, false, false, false], Looks([.. Enumerable.Repeat(over, 8)]));
    }

    [Fact]
    public void Work_begins_the_count_anew_and_makes_it_due_again()
    {
        var (live, one) = (Submitted(), Left(Submitted()));
        var two = Left(Submitted());
        Assert.Equal(
            [false, false, false, false, false, false, false, true, false, false, false, true, false],
            Looks([live, live, live, live, one, one, one, one, two, two, two, two, two]));
    }

    [Fact]
    public void A_job_that_came_and_went_between_two_looks_is_work()
    {
        var one = Left(Submitted());
        // The same to a reader, but another queue.
        var two = Left(Submitted());
        Assert.Equal([false, false, false, false, false, false, true], Looks([one, one, one, two, two, two, two]));
    }

    [Fact]
    public void As_long_as_one_waits_it_is_not_idle() => Assert.DoesNotContain(true, Looks([.. Enumerable.Repeat(Submitted(), 100)]));

    private static List<bool> Looks(JobQueue[] queues)
    {
        var (watch, told) = (IdleWatch.Begin, new List<bool>());
        foreach (var queue in queues)
        {
            (watch, var isIdle) = watch.Look(queue);
            told.Add(isIdle);
        }

        return told;
    }

    private static JobQueue Submitted() => JobQueue.Evolve(JobQueue.Empty, new QueueEvent.Submitted(Job, Generators.Spec(1), new("/out", ["json"], false, null, null, false), Generators.Now));

    private static JobQueue Left(JobQueue queue) => JobQueue.Evolve(queue, new QueueEvent.Left(Job, 0, null, Generators.Now));
}
