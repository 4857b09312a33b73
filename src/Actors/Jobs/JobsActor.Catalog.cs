using Etl.Actors.Protocol;
using Etl.Domain.Supervision;

namespace Etl.Actors.Jobs;

/// <summary>The parent of coordinators and its catalog: how it is made, and what it is asked.</summary>
public sealed partial class JobsActor
{
    private int catalogs;

    private void OpenCatalog()
    {
        var self = Self;
        catalog = Context.ActorOf(policy.Persistent(SupervisedActor.Catalog, JobCatalogActor.Props(self, faults), static _ => false), $"catalog{(catalogs++ == 0 ? "" : $"-{catalogs}")}");
        Context.WatchWith(catalog, new CatalogLost());
    }

    private JobCatalogActor.Find FindOf(JobProtocol.OpenJob open) =>
        new(open.Spec.InputKey(), open.FreshId, open.StartOver, tree!.Reader.SchemeOf(open.Spec).Regions.Length, DateTimeOffset.UtcNow);

    private static JobCatalogActor.Close CloseOf(JobProtocol.JobEnded ended) =>
        new(ended.Job, ended.Result.ExitCode, DateTimeOffset.UtcNow);

    private sealed class ReviveTick : ILocalMessage
    {
        public static readonly ReviveTick Instance = new();
    }
}
