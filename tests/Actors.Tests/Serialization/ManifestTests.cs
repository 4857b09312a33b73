using System.Runtime.Serialization;
using Etl.Actors.Protocol;
using Etl.Actors.Serialization;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;
using Etl.Domain.Reduce;

namespace Etl.Actors.Tests.Serialization;

/// <summary>Everything journaled or sent has a manifest, which never changes.</summary>
public sealed class ManifestTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    // Append-only: a line is added with a new format, none is ever changed or taken away.
    private const string Table = """
        CatalogEvent.JobClosed cc1
        CatalogEvent.JobForgotten cf1
        CatalogEvent.JobOpened co1
        CatalogEvent.RegionsCounted cn1
        ExtractProtocol.BatchesHeld xh1
        ExtractProtocol.ExtractSplit xs1
        ExtractProtocol.IssueBatches xi1
        ExtractProtocol.IssueBatches xi2
        ExtractProtocol.SplitEnded xe1
        ExtractProtocol.SplitFailed xf1
        ExtractProtocol.SplitOver xo1
        ExtractProtocol.SplitRead xr1
        ExtractProtocol.StreamRead xp1
        JobEvent.ActorsRestarted jm1
        JobEvent.AttemptBegan ja1
        JobEvent.BatchCrashed jx1
        JobEvent.BatchSuspected ju1
        JobEvent.BatchesCompleted jc1
        JobEvent.BatchesCompleted jc2
        JobEvent.BatchesRetried jt1
        JobEvent.Failed je1
        JobEvent.Finished jf1
        JobEvent.Recovered jy1
        JobEvent.RowsCleared jv1
        JobEvent.RowsCondemned jq1
        JobEvent.RunBegan jr1
        JobEvent.RunStopped jd1
        JobEvent.SinkLoaded jl1
        JobEvent.SinkLoaded jl2
        JobEvent.SplitEnded jn1
        JobEvent.SplitPlanned jp1
        JobEvent.Started js1
        JobEvent.Summarised jz1
        JobEvent.Summarised jz2
        MapProtocol.BatchCrashed mx1
        MapProtocol.BatchCrashed mx2
        MapProtocol.BatchMapped mm1
        MapProtocol.BatchMapped mm2
        MapProtocol.ProbePassed mp1
        QueueEvent.Begun qb1
        QueueEvent.Compacted qc1
        QueueEvent.Left ql1
        QueueEvent.Probed qp1
        QueueEvent.Resubmitted qr1
        QueueEvent.Submitted qs1
        ReduceProtocol.FlushRegion rf1
        ReduceProtocol.ForgetRegion rd1
        ReduceProtocol.GetRegionTotal rg1
        ReduceProtocol.MergePartial rm1
        ReduceProtocol.PartialsAcked ra1
        ReduceProtocol.RegionForgotten ro1
        ReduceProtocol.RegionLost rl1
        ReduceProtocol.RegionRecovered rr1
        ReduceProtocol.RegionTotalReply rt1
        RegionEvent.PartialsMerged pm1
        RegionEvent.RegionCompacted pc1
        SupervisionProtocol.ActorFailed sf1
        """;

    /// <summary>The types that are journaled or sent, found by reflection so that a new one cannot be forgotten.</summary>
    public static IReadOnlyList<Type> Serialized { get; } =
    [
        .. typeof(JobEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(JobEvent))),
        .. typeof(CatalogEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(CatalogEvent))),
        .. typeof(QueueEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(QueueEvent))),
        .. typeof(RegionEvent).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(RegionEvent))),
        .. typeof(IWireMessage).Assembly.GetTypes().Where(t => !t.IsInterface && t.IsAssignableTo(typeof(IWireMessage))),
    ];

    [Fact]
    public void Each_type_has_an_example() =>
        Assert.Equal(Serialized.ToHashSet(), fixture.All.Select(e => e.Value.GetType()).ToHashSet());

    [Fact]
    public void The_table_of_manifests_is_as_published()
    {
        var table = fixture.All
            .Select(e => $"{NameOf(e.Value.GetType())} {fixture.Serializer.Manifest(e.Value)}")
            .Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Table.ReplaceLineEndings("\n"), string.Join('\n', table));
    }

    [Fact]
    public void No_two_formats_share_a_manifest()
    {
        var manifests = typeof(EtlSerializer).Assembly.GetType("Etl.Actors.Serialization.Manifests", throwOnError: true)!
            .GetFields().Select(f => (string)f.GetRawConstantValue()!).ToList();
        Assert.Equal(Table.ReplaceLineEndings("\n").Split('\n').Length, manifests.Count);
        Assert.Equal(manifests.Count, manifests.Distinct().Count());
    }

    [Fact]
    public void An_unknown_manifest_is_refused_by_name()
    {
        var refusal = Assert.Throws<SerializationException>(() => fixture.Serializer.FromBinary([], "js2"));
        Assert.Contains("'js2'", refusal.Message);
        Assert.Contains("newer version", refusal.Message);
    }

    [Fact]
    public void A_foreign_object_has_neither_manifest_nor_bytes()
    {
        Assert.Contains("System.Object", Assert.Throws<SerializationException>(() => fixture.Serializer.Manifest(new())).Message);
        Assert.Contains("System.Object", Assert.Throws<SerializationException>(() => fixture.Serializer.ToBinary(new())).Message);
    }

    private static string NameOf(Type type) => type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;

    [Fact]
    public void What_stands_in_journals_is_known_by_its_manifest() => Assert.Equal(
        Examples.Journaled.Select(e => fixture.Serializer.Manifest(e.Value)).Distinct().Order(), Manifests.Journaled.Order());
}
