using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using Etl.Actors.Hosting;

namespace Etl.Actors.Supervision;

/// <summary>
/// Who restarts what, how often, how fast: the only file that creates a supervision strategy or a back-off. Its numbers come from
/// <c>etl.supervision</c>; a test holds that no other file does.
/// </summary>
/// <param name="JournalMinBackoff">First wait before a persistent actor that lost its journal is created again.</param>
/// <param name="JournalMaxBackoff">Longest wait.</param>
/// <param name="JournalMaxRestarts">How often in a row, without one successful write, before the job is given up with exit code 74.</param>
public sealed record SupervisionPolicy(TimeSpan JournalMinBackoff, TimeSpan JournalMaxBackoff, int JournalMaxRestarts)
{
    /// <summary>So long may the journal fail, all actors together, before the jobs of the process are given up.</summary>
    public TimeSpan JournalPatience { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Reads <c>etl.supervision</c>.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed or out of range; the message names its key.</exception>
    public static SupervisionPolicy From(Config config)
    {
        const string journal = "etl.supervision.journal";
        var min = ConfigValues.Time(config, $"{journal}.min-backoff", TimeSpan.FromMilliseconds(1));
        return new(
            min, ConfigValues.Time(config, $"{journal}.max-backoff", min), ConfigValues.Int(config, $"{journal}.max-restarts", 0, 1_000))
        {
            JournalPatience = ConfigValues.Time(config, $"{journal}.patience", TimeSpan.FromMilliseconds(100)),
        };
    }

    /// <summary>
    /// A mapper routee restarts on any exception, without limit: the limit is the batch's (<c>etl.map.max-attempts</c>), or the pool
    /// would shrink. Only the routee that failed restarts.
    /// </summary>
    public SupervisorStrategy Mappers { get; } = new OneForOneStrategy(-1, System.Threading.Timeout.InfiniteTimeSpan, static _ => Directive.Restart);

    /// <summary>
    /// The tree's own actors hold no work that a restart could save: an unexpected failure in one ends the system, the process exits
    /// non-zero, and the next start resumes from the journal.
    /// </summary>
    public SupervisorStrategy Root { get; } = new OneForOneStrategy(0, System.Threading.Timeout.InfiniteTimeSpan, static _ => Directive.Escalate);

    /// <summary>
    /// An extractor or a loader turns expected failures into messages; one that throws all the same is stopped, and its watcher fails
    /// the job. It is never restarted blindly: a restarted one would have forgotten which batches it owes.
    /// </summary>
    public SupervisorStrategy Workers { get; } = new OneForOneStrategy(0, System.Threading.Timeout.InfiniteTimeSpan, static _ => Directive.Stop);

    /// <summary>What a persistent actor tells its parent after each successful write.</summary>
    public static object JournalWorks => BackoffSupervisor.Reset.Instance;

    /// <summary>
    /// A persistent actor always stops when a write fails; it is created again after a back-off and recovers by replay, a bounded number
    /// of times. A message that <paramref name="isFinal"/> recognises ends it for good. The count begins anew when the child tells
    /// <see cref="JournalWorks"/>, not after a while: a locked file fails so slowly that any while passes, and the limit would be none.
    /// </summary>
    public Props Persistent(Props child, string name, Func<object, bool> isFinal) => BackoffSupervisor.Props(
        Backoff.OnStop(child, name, JournalMinBackoff, JournalMaxBackoff, 0.2, JournalMaxRestarts)
            .WithFinalStopMessage(isFinal)
            .WithManualReset()
            // The back-off supervisor takes its limit of retries from this strategy, whatever it was told above.
            .WithSupervisorStrategy(new OneForOneStrategy(JournalMaxRestarts, System.Threading.Timeout.InfiniteTimeSpan, static _ => Directive.Stop)));
}

/// <summary>
/// What Akka does when an actor right below <c>/user</c> fails: the system ends. Akka's default would restart <c>/user/etl</c>, which
/// would come back without the jobs it had, and whoever waits for one would wait for ever. Named in <c>reference.conf</c>.
/// </summary>
public sealed class EndTheSystem : SupervisorStrategyConfigurator
{
    /// <inheritdoc />
    public override SupervisorStrategy Create() => new OneForOneStrategy(static _ => Directive.Escalate);
}
