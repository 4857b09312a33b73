using System.Collections.Immutable;
using Etl.Domain.Supervision;

namespace Etl.Actors.Supervision;

/// <summary>An actor, or a kind of actors, of the tree.</summary>
/// <param name="Path">Fixed: paths are public configuration. A part in braces or a star stands for many.</param>
/// <param name="Kind">Its row in the table of supervision; null where the tree's own row holds.</param>
public sealed record ActorPlace(string Path, string About, SupervisedActor? Kind)
{
    /// <summary>True when there is one as long as the system lives.</summary>
    public bool IsFixed => !Path.Contains('{', StringComparison.Ordinal) && !Path.Contains('*', StringComparison.Ordinal);
}

/// <summary>The tree that <see cref="EtlSupervisor"/> builds, for people to read. A test holds it against a live one.</summary>
public static class ActorTree
{
    /// <summary>Parents before their children.</summary>
    public static ImmutableArray<ActorPlace> Places { get; } =
    [
        new("/user/etl", "root: builds the tree, owns the policy", SupervisedActor.Root),
        new("/user/etl/status", "read model for display", null),
        new("/user/etl/jobs", "parent of the catalog and of a coordinator per job", null),
        new("/user/etl/jobs/catalog", "back-off supervisor", null),
        new("/user/etl/jobs/catalog/catalog", "unfinished jobs by input key", SupervisedActor.Catalog),
        new("/user/etl/jobs/{job}", "back-off supervisor", null),
        new("/user/etl/jobs/{job}/coordinator", "a job: what is done, what is owed", SupervisedActor.Coordinator),
        new("/user/etl/extractors", "parent of an extractor per split", null),
        new("/user/etl/extractors/{job}-{split}-{n}", "reads a split, feeds its batches", SupervisedActor.Extractor),
        new("/user/etl/mappers", "pool of mappers", null),
        new("/user/etl/mappers/*", "rows of a batch to partials", SupervisedActor.Mapper),
        new("/user/etl/reducers", "parent of a reducer per job and region", null),
        new("/user/etl/reducers/{job}-{region}", "back-off supervisor", null),
        new("/user/etl/reducers/{job}-{region}/reducer", "partials to a region's total", SupervisedActor.Reducer),
        new("/user/etl/loaders", "parent of a loader per job", null),
        new("/user/etl/loaders/{job}-{n}", "totals to the sinks", SupervisedActor.Loader),
        new("/user/etl/queue/{n}/queue", "of etl host: the queue of jobs", SupervisedActor.Queue),
    ];
}
