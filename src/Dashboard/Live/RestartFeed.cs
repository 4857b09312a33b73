using System.Collections.Immutable;
using Akka.Actor;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Domain.Jobs;

namespace Etl.Dashboard.Live;

/// <summary>A supervised failure as the timeline shows it.</summary>
/// <param name="Number">Counted in this process, from 1.</param>
/// <param name="Batch">Null when the actor held none.</param>
/// <param name="Recovery">From the failure until its work was durable again; null as long as it is not, or when nothing was under way.</param>
public sealed record RestartLine(
    long Number, JobId Job, DateTimeOffset At, string Actor, string Cause, string Directive, BatchId? Batch, long? Row, int Attempt, TimeSpan? Recovery);

/// <summary>
/// The newest supervised failures of this process, and how many there were in all. The jobs' own reports are the source; of them, the last
/// <see cref="Kept"/> are shown one by one, and all are counted. Thread-safe.
/// </summary>
public sealed class RestartFeed
{
    /// <summary>So many are kept.</summary>
    public const int Kept = 500;

    private readonly Lock gate = new();
    private ImmutableList<RestartLine> lines = [];
    private ImmutableDictionary<string, long> byActor = ImmutableDictionary<string, long>.Empty;
    private long total;

    /// <summary>Newest last, how many in all, and how many by actor.</summary>
    public (ImmutableList<RestartLine> Lines, long Total, ImmutableDictionary<string, long> ByActor) Now
    {
        get
        {
            lock (gate) return (lines, total, byActor);
        }
    }

    /// <summary>A mapper crashed.</summary>
    public void Add(JobId job, Restart restart) =>
        Add(new(0, job, restart.At, restart.Actor, restart.Cause, restart.Directive, restart.Batch, restart.Row, restart.Attempt, null));

    /// <summary>Another actor failed; what it was at may be made good by now.</summary>
    public void Add(JobId job, ActorRestart restart) =>
        Add(new(0, job, restart.At, restart.Actor, restart.Cause, restart.Directive, restart.Batch, restart.Row, restart.Attempt, restart.RecoveredAfter));

    /// <summary>What failures had undone is done again, as the jobs journaled it.</summary>
    public void Recovered(JobId job, IReadOnlyCollection<Recovery> recoveries)
    {
        lock (gate)
            lines = lines.ConvertAll(line => line.Job == job && recoveries.FirstOrDefault(r => r.Actor == line.Actor && r.FailedAt == line.At && r.Batch == line.Batch) is { } made
                ? line with { Recovery = made.After } : line);
    }

    /// <summary>
    /// Fills in which failures have been made good, as far as the actors' states tell by now: jobs journal a limited number of failures one by
    /// one, and of the others nothing but this tells.
    /// </summary>
    public void Settle(LiveBoard board, DateTimeOffset now)
    {
        lock (gate)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                var line = lines[i];
                if (line.Recovery is not null || line.Batch is not { } batch) continue;
                var isDurable = board.Find(line.Job)?.State switch
                {
                    JobState.Running running => running.Completed.Contains(batch),
                    JobState.Ended => true,
                    _ => false,
                };
                if (isDurable) lines = lines.SetItem(i, line with { Recovery = now - line.At });
            }
        }
    }

    private void Add(RestartLine line)
    {
        var actor = line.Actor;
        lock (gate)
        {
            lines = lines.Add(line with { Number = ++total });
            if (lines.Count > Kept) lines = lines.RemoveAt(0);
            // Actors of jobs that are over are told of no more; those that serve every job are few.
            if (byActor.Count > 5_000 && !byActor.ContainsKey(actor)) byActor = byActor.Clear();
            byActor = byActor.SetItem(actor, byActor.GetValueOrDefault(actor) + 1);
        }
    }
}

/// <summary>Carries the jobs' reports of failures to the feed.</summary>
public sealed class RestartFeedActor(RestartFeed feed) : UntypedActor
{
    /// <summary>Recipe.</summary>
    public static Props Props(RestartFeed feed) => Akka.Actor.Props.Create(() => new RestartFeedActor(feed));

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StatusProtocol.ActorRestarted mapper:
                feed.Add(mapper.Job, mapper.Restart);
                break;
            case StatusProtocol.OthersRestarted others:
                foreach (var restart in others.Restarts) feed.Add(others.Job, restart);
                break;
            case StatusProtocol.Recovered made:
                feed.Recovered(made.Job, made.Recoveries);
                break;
        }
    }
}
