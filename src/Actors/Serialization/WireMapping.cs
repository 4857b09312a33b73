using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Domain;
using Google.Protobuf;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>Messages between nodes to and from their sent form. A null says that it is none of these.</summary>
internal sealed class WireMapping(ExtendedActorSystem system)
{
    public static string? ManifestOf(object value) => value switch
    {
        ExtractProtocol.ExtractSplit => Manifests.ExtractSplit,
        ExtractProtocol.IssueBatches m => m.Cautions.IsEmpty ? Manifests.IssueBatches : Manifests.IssueBatchesWithCaution,
        ExtractProtocol.SplitRead => Manifests.SplitRead,
        ExtractProtocol.SplitFailed => Manifests.SplitFailed,
        ExtractProtocol.SplitEnded => Manifests.SplitEnded,
        ExtractProtocol.BatchesHeld => Manifests.BatchesHeld,
        ExtractProtocol.SplitOver => Manifests.SplitOver,
        ExtractProtocol.StreamRead => Manifests.StreamRead,
        MapProtocol.BatchMapped m => m.Lines is null ? Manifests.BatchMapped : Manifests.FileBatchMapped,
        MapProtocol.BatchCrashed m => m.Probe is null ? Manifests.BatchCrashed : Manifests.ProbeCrashed,
        MapProtocol.ProbePassed => Manifests.ProbePassed,
        ReduceProtocol.MergePartial => Manifests.MergePartial,
        ReduceProtocol.FlushRegion => Manifests.FlushRegion,
        ReduceProtocol.GetRegionTotal => Manifests.GetRegionTotal,
        ReduceProtocol.ForgetRegion => Manifests.ForgetRegion,
        ReduceProtocol.PartialsAcked => Manifests.PartialsAcked,
        ReduceProtocol.RegionRecovered => Manifests.RegionRecovered,
        ReduceProtocol.RegionTotalReply => Manifests.RegionTotalReply,
        ReduceProtocol.RegionLost => Manifests.RegionLost,
        ReduceProtocol.RegionForgotten => Manifests.RegionForgotten,
        SupervisionProtocol.ActorFailed => Manifests.ActorFailed,
        _ => null,
    };

    public static IMessage? ToSent(object value) => value switch
    {
        ExtractProtocol.ExtractSplit m => new Sent.ExtractSplit
        {
            Job = m.Job.ToStored(),
            Split = m.Split,
            Input = m.Input.ToStored(),
            Spec = m.Spec.ToStored(),
        },
        ExtractProtocol.IssueBatches m => new Sent.IssueBatches
        {
            Job = m.Job.ToStored(),
            Batches = m.Batches.ToStored(),
            Cautions = m.Cautions.ToSent(),
        },
        ExtractProtocol.SplitRead m => new Sent.SplitRead
        {
            Job = m.Job.ToStored(),
            Split = m.Split,
            Batches = m.Batches,
            Choice = m.Choice.ToStored(),
        },
        ExtractProtocol.SplitFailed m => new Sent.SplitFailed
        {
            Job = m.Job.ToStored(),
            Split = m.Split,
            ExitCode = m.ExitCode,
            Reason = m.Reason,
        },
        ExtractProtocol.BatchesHeld m => new Sent.BatchesHeld { Job = m.Job.ToStored(), Batches = m.Batches.ToStored() },
        ExtractProtocol.SplitOver m => new Sent.SplitOver { Job = m.Job.ToStored(), Split = m.Split },
        ExtractProtocol.StreamRead m => new Sent.StreamRead { Job = m.Job.ToStored(), Split = m.Split, Position = m.Position },
        ExtractProtocol.SplitEnded m => new Sent.SplitEnded { Job = m.Job.ToStored(), Split = m.Split, Batches = m.Batches },
        MapProtocol.BatchMapped m => ToSent(m),
        MapProtocol.BatchCrashed m => ToSent(m),
        MapProtocol.ProbePassed m => CrashMapping.ToSent(m),
        ReduceProtocol.MergePartial m => new Sent.MergePartial
        {
            Job = m.Job.ToStored(),
            Region = m.Region,
            Split = m.Batch.Split,
            Ordinal = m.Batch.Ordinal,
            Partial = m.Partial.ToStored(),
            Coordinator = PathOf(m.Coordinator),
        },
        ReduceProtocol.FlushRegion m => new Sent.FlushRegion
        {
            Job = m.Job.ToStored(),
            Region = m.Region,
            Coordinator = PathOf(m.Coordinator),
        },
        ReduceProtocol.GetRegionTotal m => new Sent.GetRegionTotal { Job = m.Job.ToStored(), Region = m.Region },
        ReduceProtocol.ForgetRegion m => new Sent.ForgetRegion
        {
            Job = m.Job.ToStored(),
            Region = m.Region,
            Asker = PathOf(m.Asker),
        },
        ReduceProtocol.RegionForgotten m => new Sent.RegionForgotten { Job = m.Job.ToStored(), Region = m.Region },
        ReduceProtocol.PartialsAcked m => new Sent.PartialsAcked
        {
            Job = m.Job.ToStored(),
            Region = m.Region,
            Batches = m.Batches.ToStored(),
        },
        ReduceProtocol.RegionRecovered m => new Sent.RegionRecovered
        {
            Job = m.Job.ToStored(),
            Region = m.Region,
            Incarnation = m.Incarnation,
        },
        ReduceProtocol.RegionTotalReply m => new Sent.RegionTotalReply
        {
            Job = m.Job.ToStored(),
            Region = m.Region,
            Merged = m.Merged.ToStored(),
            Total = m.Total.ToStored(),
        },
        SupervisionProtocol.ActorFailed m => RestartMapping.ToSent(m),
        ReduceProtocol.RegionLost m => new Sent.RegionLost { Job = m.Job.ToStored(), Region = m.Region, Reason = m.Reason },
        _ => null,
    };

    public object? FromSent(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.ExtractSplit => Read(Sent.ExtractSplit.Parser.ParseFrom(bytes)),
        Manifests.IssueBatches => Read(Sent.IssueBatches.Parser.ParseFrom(bytes)),
        Manifests.IssueBatchesWithCaution => ReadCautions(Sent.IssueBatches.Parser.ParseFrom(bytes)),
        Manifests.SplitRead => Read(Sent.SplitRead.Parser.ParseFrom(bytes)),
        Manifests.SplitFailed => Read(Sent.SplitFailed.Parser.ParseFrom(bytes)),
        Manifests.BatchesHeld => Read(Sent.BatchesHeld.Parser.ParseFrom(bytes)),
        Manifests.SplitOver => Read(Sent.SplitOver.Parser.ParseFrom(bytes)),
        Manifests.StreamRead => Read(Sent.StreamRead.Parser.ParseFrom(bytes)),
        Manifests.SplitEnded => Read(Sent.SplitEnded.Parser.ParseFrom(bytes)),
        Manifests.BatchMapped => Read(Sent.BatchMapped.Parser.ParseFrom(bytes)),
        Manifests.FileBatchMapped => ReadLines(Sent.BatchMapped.Parser.ParseFrom(bytes)),
        Manifests.BatchCrashed => Read(Sent.BatchCrashed.Parser.ParseFrom(bytes)),
        Manifests.ProbeCrashed => ReadProbe(Sent.BatchCrashed.Parser.ParseFrom(bytes)),
        Manifests.ProbePassed => CrashMapping.Read(Sent.ProbePassed.Parser.ParseFrom(bytes)),
        Manifests.MergePartial => Read(Sent.MergePartial.Parser.ParseFrom(bytes)),
        Manifests.FlushRegion => Read(Sent.FlushRegion.Parser.ParseFrom(bytes)),
        Manifests.GetRegionTotal => Read(Sent.GetRegionTotal.Parser.ParseFrom(bytes)),
        Manifests.ForgetRegion => Read(Sent.ForgetRegion.Parser.ParseFrom(bytes)),
        Manifests.PartialsAcked => Read(Sent.PartialsAcked.Parser.ParseFrom(bytes)),
        Manifests.RegionRecovered => Read(Sent.RegionRecovered.Parser.ParseFrom(bytes)),
        Manifests.RegionTotalReply => Read(Sent.RegionTotalReply.Parser.ParseFrom(bytes)),
        Manifests.RegionLost => Read(Sent.RegionLost.Parser.ParseFrom(bytes)),
        Manifests.RegionForgotten => Read(Sent.RegionForgotten.Parser.ParseFrom(bytes)),
        Manifests.ActorFailed => RestartMapping.Read(Sent.ActorFailed.Parser.ParseFrom(bytes)),
        _ => null,
    };

    private static Sent.BatchCrashed ToSent(MapProtocol.BatchCrashed m)
    {
        var sent = new Sent.BatchCrashed
        {
            Job = m.Job.ToStored(),
            Split = m.Batch.Split,
            Ordinal = m.Batch.Ordinal,
            Actor = m.Actor,
            Cause = m.Cause,
            Directive = m.Directive,
            Probe = m.Probe?.ToStored(),
        };
        if (m.Row is { } row) sent.Row = row;
        return sent;
    }

    private static Sent.BatchMapped ToSent(MapProtocol.BatchMapped m)
    {
        var sent = new Sent.BatchMapped
        {
            Job = m.Job.ToStored(),
            Split = m.Batch.Split,
            Ordinal = m.Batch.Ordinal,
            Regions = { m.Regions },
            Tally = m.Tally.ToStored(),
        };
        if (m.Lines is { } lines) sent.Lines = lines;
        return sent;
    }

    private static ExtractProtocol.SplitEnded Read(Sent.SplitEnded m) =>
        new(m.Job.ToJobId(), m.Split, Required(m.HasBatches, m.Batches, "batches"));

    private static ExtractProtocol.BatchesHeld Read(Sent.BatchesHeld m) => new(m.Job.ToJobId(), m.Batches.Required("batches").FromStored());

    private static ExtractProtocol.StreamRead Read(Sent.StreamRead m) => new(
        m.Job.ToJobId(), Required(m.HasSplit, m.Split, "split"), Required(m.HasPosition, m.Position, "position"));

    private static ExtractProtocol.SplitOver Read(Sent.SplitOver m) => new(m.Job.ToJobId(), Required(m.HasSplit, m.Split, "split"));

    private static MapProtocol.BatchMapped ReadLines(Sent.BatchMapped m) => Read(m) with { Lines = Required(m.HasLines, m.Lines, "lines") };

    private static ExtractProtocol.ExtractSplit Read(Sent.ExtractSplit m) =>
        new(m.Job.ToJobId(), m.Split, m.Input.Required("input").FromStored(), m.Spec.Required("spec").FromStored());

    private static ExtractProtocol.IssueBatches Read(Sent.IssueBatches m) =>
        new(m.Job.ToJobId(), m.Batches.Required("batches").FromStored());

    private static ExtractProtocol.IssueBatches ReadCautions(Sent.IssueBatches m) =>
        Read(m) with { Cautions = m.Cautions.Required("cautions").FromSent() };

    private static MapProtocol.BatchCrashed ReadProbe(Sent.BatchCrashed m) =>
        Read(m) with { Probe = m.Probe.Required("probe").FromStored() };

    private static ExtractProtocol.SplitRead Read(Sent.SplitRead m) =>
        new(m.Job.ToJobId(), m.Split, m.Batches, m.Choice.Required("choice").FromStored());

    private static ExtractProtocol.SplitFailed Read(Sent.SplitFailed m) =>
        new(m.Job.ToJobId(), m.Split, m.ExitCode, Required(m.HasReason, m.Reason, "reason"));

    private static MapProtocol.BatchMapped Read(Sent.BatchMapped m) =>
        new(m.Job.ToJobId(), new(m.Split, m.Ordinal), m.Tally.Required("tally").FromStored(), m.Regions.ToEquatableArray());

    private static MapProtocol.BatchCrashed Read(Sent.BatchCrashed m) => new(
        m.Job.ToJobId(), new(m.Split, m.Ordinal), m.HasRow ? m.Row : null, m.Actor, m.Cause,
        Required(m.HasDirective, m.Directive, "directive"));

    private ReduceProtocol.MergePartial Read(Sent.MergePartial m) => new(
        m.Job.ToJobId(), m.Region, new(m.Split, m.Ordinal), m.Partial.Required("partial").FromStored(),
        Resolve(m.HasCoordinator, m.Coordinator));

    private ReduceProtocol.FlushRegion Read(Sent.FlushRegion m) =>
        new(m.Job.ToJobId(), m.Region, Resolve(m.HasCoordinator, m.Coordinator));

    private static ReduceProtocol.GetRegionTotal Read(Sent.GetRegionTotal m) =>
        new(m.Job.ToJobId(), Required(m.HasRegion, m.Region, "region"));

    private ReduceProtocol.ForgetRegion Read(Sent.ForgetRegion m) =>
        new(m.Job.ToJobId(), Required(m.HasRegion, m.Region, "region"), Resolve(m.HasAsker, m.Asker, "asker"));

    private static ReduceProtocol.RegionForgotten Read(Sent.RegionForgotten m) =>
        new(m.Job.ToJobId(), Required(m.HasRegion, m.Region, "region"));

    private static ReduceProtocol.PartialsAcked Read(Sent.PartialsAcked m) =>
        new(m.Job.ToJobId(), m.Region, m.Batches.Required("batches").FromStored());

    private static ReduceProtocol.RegionRecovered Read(Sent.RegionRecovered m) =>
        new(m.Job.ToJobId(), m.Region, Required(m.HasIncarnation, m.Incarnation, "incarnation"));

    private static ReduceProtocol.RegionTotalReply Read(Sent.RegionTotalReply m) => new(
        m.Job.ToJobId(), m.Region, m.Merged.Required("merged").FromStored(), m.Total.Required("total").FromStored());

    private static ReduceProtocol.RegionLost Read(Sent.RegionLost m) =>
        new(m.Job.ToJobId(), m.Region, Required(m.HasReason, m.Reason, "reason"));

    private static string PathOf(IActorRef actor) => Akka.Serialization.Serialization.SerializedActorPath(actor);

    // The provider takes a text that is no path for dead letters; a message whose reply goes nowhere is worse than none.
    private IActorRef Resolve(bool present, string path, string role = "coordinator") => ActorPath.TryParse(Required(present, path, role), out _)
        ? system.Provider.ResolveActorRef(path)
        : throw new InvalidDataException($"the {role} is no actor path");
}
