using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Pattern;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors.Supervision;

/// <summary>
/// Who restarts what, how often, how fast: the only file that creates a supervision strategy or a back-off. Its table comes from
/// <c>etl.supervision</c>; a test holds that no other file does.
/// </summary>
/// <param name="JournalMinBackoff">First wait before a persistent actor that lost its journal is created again.</param>
/// <param name="JournalMaxBackoff">Longest wait.</param>
/// <param name="JournalMaxRestarts">How often in a row, without one successful write, before the job is given up with exit code 74.</param>
public sealed record SupervisionPolicy(TimeSpan JournalMinBackoff, TimeSpan JournalMaxBackoff, int JournalMaxRestarts)
{
    private ImmutableDictionary<string, ActorPolicy> rows = ImmutableDictionary<string, ActorPolicy>.Empty;

    /// <summary>So long may the journal fail, all actors together, before the jobs of the process are given up.</summary>
    public TimeSpan JournalPatience { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>A row for each kind of actor; those that are not given are as usual.</summary>
    public IEnumerable<ActorPolicy> Rows
    {
        get => SupervisedActor.All.Select(Of);
        init => rows = value.ToImmutableDictionary(row => row.Actor.Name);
    }

    /// <summary>Reads <c>etl.supervision</c>.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed, out of range, or would break a guarantee; the message names its key.</exception>
    public static SupervisionPolicy From(Config config)
    {
        const string journal = "etl.supervision.journal";
        var min = ConfigValues.Time(config, $"{journal}.min-backoff", TimeSpan.FromMilliseconds(1));
        var (max, restarts) = (ConfigValues.Time(config, $"{journal}.max-backoff", min), ConfigValues.Int(config, $"{journal}.max-restarts", 0, 1_000));
        return new(min, max, restarts)
        {
            JournalPatience = ConfigValues.Time(config, $"{journal}.patience", TimeSpan.FromMilliseconds(100)),
            Rows = [.. SupervisedActor.All.Select(kind => PolicyReader.Read(config, kind, new(min, max, 0), restarts))],
        };
    }

    /// <summary>The row of a kind of actor.</summary>
    public ActorPolicy Of(SupervisedActor kind) =>
        rows.GetValueOrDefault(kind.Name) ?? ActorPolicy.Usual(kind, new(JournalMinBackoff, JournalMaxBackoff, 0.2), JournalMaxRestarts);

    /// <summary>What is done about a failure.</summary>
    public FailureDirective Decide(SupervisedActor kind, Exception cause) => Of(kind).On.Decide(cause);

    /// <summary>What is told of the decision about an actor that throws.</summary>
    /// <param name="name">The kind's.</param>
    public static string Told(ActorSystem system, string name, Exception cause) =>
        SupervisedActor.Named(name) is not { } kind ? ActorRestart.AfterBackoff : PolicyOfSystem.Of(system).Policy.Decide(kind, cause) switch
        {
            FailureDirective.Stop => ActorRestart.ForGood,
            FailureDirective.Escalate => ActorRestart.Escalated,
            _ => ActorRestart.AfterBackoff,
        };

    /// <summary>
    /// A mapper routee restarts without limit: the limit is the batch's (<c>etl.map.max-attempts</c>), or the pool would shrink. Only the
    /// routee that failed restarts.
    /// </summary>
    public SupervisorStrategy Mappers => new OneForOneStrategy(
        -1, System.Threading.Timeout.InfiniteTimeSpan, cause => Decide(SupervisedActor.Mapper, cause) == FailureDirective.Escalate ? Directive.Escalate : Directive.Restart);

    /// <summary>
    /// The tree's own actors hold no work that a restart could save: an unexpected failure in one ends the system, the process exits
    /// non-zero, and the next start resumes from the journal.
    /// </summary>
    /// <param name="isPutOff">Told which child failed, and why; true: the child is stopped, and the root escalates itself when that is journaled.</param>
    public static SupervisorStrategy Root(Func<IActorRef, Exception, bool> isPutOff) => new LastWords(isPutOff);

    /// <summary>
    /// Of the parent of actors of one kind. What is not escalated is stopped, and the parent, which watches it, knows what comes next: an
    /// extractor or a loader is never restarted blindly, it would have forgotten what it owes, and a persistent actor's back-off supervisor
    /// fails only with one that is not to come back.
    /// </summary>
    public SupervisorStrategy ParentOf(SupervisedActor kind) => new ByChild(_ => kind, this);

    /// <summary>Of the parent of the catalog, the coordinators, and those that forget a job.</summary>
    public SupervisorStrategy Jobs => new ByChild(
        static child => child.Path.Name.StartsWith("catalog", StringComparison.Ordinal) ? SupervisedActor.Catalog
            : child.Path.Name.StartsWith("forget-", StringComparison.Ordinal) ? null : SupervisedActor.Coordinator,
        this);

    /// <summary>Whether actors of that type create their child again after a wait.</summary>
    public static bool CreatesAgain(Type? actor) => actor == typeof(BackoffSupervisor);

    /// <summary>What a persistent actor tells its parent after each successful write.</summary>
    public static object JournalWorks => BackoffSupervisor.Reset.Instance;

    /// <summary>
    /// A persistent actor always stops when a write fails; it is created again after a back-off and recovers by replay, a bounded number
    /// of times. One that throws does so too, or ends for good, as its row says. A message that <paramref name="isFinal"/> recognises ends it for
    /// good. The count begins anew when the child tells <see cref="JournalWorks"/>, not after a while: a locked file fails so slowly that any
    /// while passes, and the limit would be none.
    /// </summary>
    public Props Persistent(SupervisedActor kind, Props child, Func<object, bool> isFinal)
    {
        var row = Of(kind);
        var retries = row.Limit.Retries ?? JournalMaxRestarts;
        return BackoffSupervisor.Props(
            Backoff.OnStop(child, kind.Name, row.Backoff.Min, row.Backoff.Max, row.Backoff.Jitter, retries)
                .WithFinalStopMessage(isFinal)
                .WithManualReset()
                // The back-off supervisor takes its limit of retries from this strategy, whatever it was told above.
                .WithSupervisorStrategy(new OneForOneStrategy(retries, System.Threading.Timeout.InfiniteTimeSpan,
                    cause => row.On.Decide(cause) == FailureDirective.Restart ? Directive.Stop : Directive.Escalate)));
    }

    private sealed class LastWords(Func<IActorRef, Exception, bool> isPutOff)
        : OneForOneStrategy(0, System.Threading.Timeout.InfiniteTimeSpan, static _ => Directive.Escalate)
    {
        protected override Directive Handle(IActorRef child, Exception exception) => isPutOff(child, exception) ? Directive.Stop : Directive.Escalate;
    }

    private sealed class ByChild(Func<IActorRef, SupervisedActor?> kindOf, SupervisionPolicy policy)
        : OneForOneStrategy(0, System.Threading.Timeout.InfiniteTimeSpan, static _ => Directive.Stop)
    {
        protected override Directive Handle(IActorRef child, Exception exception) =>
            kindOf(child) is { } kind && policy.Decide(kind, exception) == FailureDirective.Escalate ? Directive.Escalate : Directive.Stop;
    }

    /// <summary>The policy by which an actor system was started, for actors that only tell of it.</summary>
    private sealed class PolicyOfSystem(SupervisionPolicy policy) : IExtension
    {
        public SupervisionPolicy Policy => policy;

        public static PolicyOfSystem Of(ActorSystem system) => system.WithExtension<PolicyOfSystem, Provider>();

        public sealed class Provider : ExtensionIdProvider<PolicyOfSystem>
        {
            public override PolicyOfSystem CreateExtension(ExtendedActorSystem system) => new(From(system.Settings.Config));
        }
    }
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
