using System.Collections.Immutable;

namespace Etl.Domain.Supervision;

/// <summary>Which limits of a kind of actor can be chosen.</summary>
public enum LimitKind
{
    /// <summary>None: it does not come back, or is not limited.</summary>
    Fixed = 1,

    /// <summary>Retries and back-off; the count begins anew when what failed has succeeded.</summary>
    UntilSuccess,

    /// <summary>Retries, the window in which they count, and back-off.</summary>
    Windowed,
}

/// <summary>
/// A kind of actor that fails and is supervised, and what each directive comes to for it. A directive that is not here would break a
/// guarantee; <see cref="WhyNot"/> says which. Pure.
/// </summary>
/// <param name="Name">Its word in <c>etl.supervision</c>.</param>
/// <param name="Path">Where it is in the tree.</param>
/// <param name="Outcomes">What happens, by directive.</param>
/// <param name="IsPersistent">It recovers from a journal of its own, below a back-off supervisor.</param>
public sealed record SupervisedActor(
    string Name, string Path, ImmutableSortedDictionary<FailureDirective, string> Outcomes, LimitKind Limits, bool IsPersistent)
{
    private const string SystemEnds = "the actor system ends, exit code 1; the next start resumes";
    private const string JobEnds = "the job ends with exit code 74; the next start resumes";
    private const string Recovers = "created again after a wait, recovers from its journal";

    /// <summary>A routee of the mapper pool.</summary>
    public static SupervisedActor Mapper { get; } = new("mapper", "/user/etl/mappers/*",
        Of((FailureDirective.Restart, "the routee restarts; its batch is issued again, by etl.map.max-attempts and max-condemned"), (FailureDirective.Escalate, SystemEnds)), LimitKind.Fixed, false);

    /// <summary>The reader of a split.</summary>
    public static SupervisedActor Extractor { get; } = new("extractor", "/user/etl/extractors/*",
        Of((FailureDirective.Restart, "what it was reading is read again after a wait"), (FailureDirective.Stop, "the job ends, with exit code 74 when reading failed, else 1"), (FailureDirective.Escalate, SystemEnds)), LimitKind.UntilSuccess, false);

    /// <summary>A region's reducer.</summary>
    public static SupervisedActor Reducer { get; } = Persistent("reducer", "/user/etl/reducers/*/reducer");

    /// <summary>A job's coordinator.</summary>
    public static SupervisedActor Coordinator { get; } = Persistent("coordinator", "/user/etl/jobs/*/coordinator");

    /// <summary>The catalog of jobs.</summary>
    public static SupervisedActor Catalog { get; } = Persistent("catalog", "/user/etl/jobs/catalog/catalog");

    /// <summary>A host's queue of jobs.</summary>
    public static SupervisedActor Queue { get; } = new("queue", "/user/etl/queue/*/queue",
        Of((FailureDirective.Restart, Recovers), (FailureDirective.Stop, "requests are refused until it is opened again"), (FailureDirective.Escalate, SystemEnds)), LimitKind.UntilSuccess, true);

    /// <summary>The loader of a job.</summary>
    public static SupervisedActor Loader { get; } = new("loader", "/user/etl/loaders/*",
        Of((FailureDirective.Restart, "another loader takes its place"), (FailureDirective.Stop, JobEnds), (FailureDirective.Escalate, SystemEnds)), LimitKind.Windowed, false);

    /// <summary>The tree's own actors.</summary>
    public static SupervisedActor Root { get; } = new("root", "/user/etl", Of((FailureDirective.Escalate, SystemEnds)), LimitKind.Fixed, false);

    /// <summary>All of them, in the order of the data.</summary>
    public static ImmutableArray<SupervisedActor> All { get; } = [Mapper, Extractor, Reducer, Coordinator, Catalog, Queue, Loader, Root];

    /// <summary>The kind of that name; null when there is none.</summary>
    public static SupervisedActor? Named(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>Which guarantee a directive would break; null when it is sound.</summary>
    public string? WhyNot(FailureDirective directive) => Outcomes.ContainsKey(directive) ? null : (directive, Name) switch
    {
        (FailureDirective.Resume, "mapper") => "its batch, and the row that is to blame, would be lost without a word",
        (FailureDirective.Resume, "reducer" or "coordinator" or "catalog" or "queue") => "it would go on with a state that its journal does not hold",
        (FailureDirective.Resume, "root") => "whoever waits for what was lost would wait for ever",
        (FailureDirective.Resume, _) => "what it was doing would be lost, and its job would wait for ever",
        (FailureDirective.Stop, "mapper") => "each failure would shrink the pool",
        _ => "the tree's own actors would come back without the jobs that they had",
    };

    /// <summary>The words that are allowed.</summary>
    public string Allowed => string.Join(", ", Outcomes.Keys.Select(Word));

    /// <summary>A directive as it is written.</summary>
    public static string Word(FailureDirective directive) => directive.ToString().ToLowerInvariant();

    /// <summary>The directive that a word is; null when it is none.</summary>
    public static FailureDirective? Parse(string word) =>
        Enum.GetValues<FailureDirective>().Where(d => string.Equals(Word(d), word, StringComparison.OrdinalIgnoreCase)).Select(d => (FailureDirective?)d).FirstOrDefault();

    private static SupervisedActor Persistent(string name, string path) => new(name, path,
        Of((FailureDirective.Restart, Recovers), (FailureDirective.Stop, JobEnds), (FailureDirective.Escalate, SystemEnds)), LimitKind.UntilSuccess, true);

    private static ImmutableSortedDictionary<FailureDirective, string> Of(params ReadOnlySpan<(FailureDirective Directive, string Outcome)> outcomes)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<FailureDirective, string>();
        foreach (var (directive, outcome) in outcomes) all.Add(directive, outcome);
        return all.ToImmutable();
    }
}
