using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Actors.Tests.Jobs;

/// <summary>The queue of a host, with the parent of coordinators played by a probe.</summary>
public sealed class QueueSpecs : EtlSpec
{
    private readonly TestProbe jobs, status, edge;

    public QueueSpecs()
    {
        (jobs, status, edge) = (CreateTestProbe("jobs"), CreateTestProbe("status"), CreateTestProbe("edge"));
        // Told at each beginning, and of no matter to the queue.
        jobs.IgnoreMessages(static message => message is SupervisionProtocol.ActorRecovered);
    }

    [Fact]
    public void As_many_run_as_there_are_places_in_the_order_in_which_they_came()
    {
        var queue = Queue();
        for (var i = 1; i <= 4; i++) Submit(queue, i);
        Assert.Equal([Given.Job(1), Given.Job(2)], Opened(2));
        jobs.ExpectNoMsg(Silence);
        End(queue, 1, 0);
        Assert.Equal([Given.Job(3)], Opened(1));
    }

    [Fact]
    public void What_ran_and_what_waited_when_the_process_died_is_started_by_the_next()
    {
        var queue = Queue();
        for (var i = 1; i <= 3; i++) Submit(queue, i);
        Opened(2);
        KillAndWait(queue);
        queue = Queue();
        Assert.Equal([Given.Job(1), Given.Job(2)], Opened(2));
        End(queue, 2, 0);
        Assert.Equal([Given.Job(3)], Opened(1));
    }

    [Fact]
    public void A_running_job_is_cancelled_by_its_coordinator_and_a_waiting_one_at_once()
    {
        var queue = Queue();
        for (var i = 1; i <= 3; i++) Submit(queue, i);
        Opened(2);
        queue.Tell(new QueueProtocol.Cancel(Given.Job(3)), edge);
        edge.ExpectMsg<QueueProtocol.Done>();
        queue.Tell(new QueueProtocol.Cancel(Given.Job(1)), edge);
        edge.ExpectMsg<QueueProtocol.Done>();
        Assert.Equal(Given.Job(1), jobs.ExpectMsg<JobProtocol.CancelJob>().Job);
        End(queue, 1, JobQueue.CancelledCode);
        jobs.ExpectNoMsg(Silence);
        // Both can be taken up again, after what was submitted since.
        queue.Tell(new QueueProtocol.Resume(Given.Job(3)), edge);
        edge.ExpectMsg<QueueProtocol.Done>();
        Assert.Equal([Given.Job(3)], Opened(1));
    }

    [Fact]
    public void A_job_that_is_opened_under_another_id_is_known_by_its_own()
    {
        var queue = Queue();
        Submit(queue, 1);
        Opened(1);
        queue.Tell(new JobProtocol.JobOpened(Given.Job(77)) { Ticket = Given.Job(1) });
        queue.Tell(new QueueProtocol.Cancel(Given.Job(1)), edge);
        edge.ExpectMsg<QueueProtocol.Done>();
        Assert.Equal(Given.Job(77), jobs.ExpectMsg<JobProtocol.CancelJob>().Job);
        End(queue, 77, JobQueue.CancelledCode);
        Assert.Equal(Given.Job(1), Journal.Written("queue").OfType<QueueEvent.Left>().Single().Job);
    }

    [Fact]
    public void A_probe_is_answered_when_it_is_written()
    {
        var queue = Queue();
        queue.Tell(QueueProtocol.Probe.Instance, edge);
        edge.ExpectMsg<QueueProtocol.Done>();
        Assert.IsType<QueueEvent.Probed>(Journal.Written("queue")[^1]);
    }

    [Fact]
    public void The_journal_of_a_queue_stays_small_however_often_it_is_probed()
    {
        var queue = Queue();
        Submit(queue, 1);
        Opened(1);
        for (var i = 0; i < JobQueue.CompactAfter + 10; i++) queue.Tell(QueueProtocol.Probe.Instance, edge);
        edge.ReceiveN(JobQueue.CompactAfter + 10, Patience);
        AwaitAssert(() => Assert.InRange(Journal.Deleted("queue"), JobQueue.CompactAfter, JobQueue.CompactAfter + 10), Patience);
        KillAndWait(queue);
        Queue();
        Assert.Equal([Given.Job(1)], Opened(1));
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private IActorRef Queue()
    {
        var queue = Sys.ActorOf(QueueActor.Props(new(2, 10, []), jobs, status));
        status.ExpectMsg<StatusProtocol.Subscribe>();
        return queue;
    }

    private void Submit(IActorRef queue, int i)
    {
        queue.Tell(new QueueProtocol.Submit(Given.Job(i), Given.Spec() with { Source = $"source-{i}" }, new($"/out/{i}", ["json"], false, null, null, false)), edge);
        Assert.Equal((Given.Job(i), true), edge.ExpectMsg<QueueProtocol.Done>() is var done ? (done.Job, done.IsNew) : default);
    }

    private JobId[] Opened(int count) => [.. Enumerable.Range(0, count).Select(_ => jobs.ExpectMsg<JobProtocol.OpenJob>().FreshId)];

    private void End(IActorRef queue, int i, int exitCode)
    {
        queue.Tell(new JobProtocol.JobEnded(Given.Job(i), true, new(Given.Job(i), exitCode, null, null, null, [], null)));
        // Answered after what was told before it is written.
        queue.Tell(QueueProtocol.Probe.Instance, edge);
        edge.ExpectMsg<QueueProtocol.Done>();
    }
}
