using Etl.Domain;
using Etl.Domain.Jobs.Queueing;
using Google.Protobuf;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>A host's queue, to and from its stored form. A null says that it is none of its events.</summary>
internal static class QueueMapping
{
    public static string? ManifestOf(object value) => value switch
    {
        QueueEvent.Submitted => Manifests.QueueSubmitted,
        QueueEvent.Begun => Manifests.QueueBegun,
        QueueEvent.Left => Manifests.QueueLeft,
        QueueEvent.Resubmitted => Manifests.QueueResubmitted,
        QueueEvent.Probed => Manifests.QueueProbed,
        QueueEvent.Compacted => Manifests.QueueCompacted,
        _ => null,
    };

    public static IMessage? ToStored(object value) => value switch
    {
        QueueEvent.Submitted e => new Stored.QueueSubmitted
        {
            Job = e.Job.ToStored(),
            Spec = e.Spec.ToStored(),
            Wishes = ToStored(e.Wishes),
            At = e.At.ToStored(),
        },
        QueueEvent.Begun e => new Stored.QueueBegun { Job = e.Job.ToStored(), At = e.At.ToStored() },
        QueueEvent.Left e => ToStored(e),
        QueueEvent.Resubmitted e => new Stored.QueueResubmitted { Job = e.Job.ToStored(), At = e.At.ToStored() },
        QueueEvent.Probed e => new Stored.QueueProbed { At = e.At.ToStored() },
        QueueEvent.Compacted e => new Stored.QueueCompacted { Entries = { e.Entries.Select(ToStored) }, Count = e.Entries.Count },
        _ => null,
    };

    public static object? FromStored(string manifest, byte[] bytes) => manifest switch
    {
        Manifests.QueueSubmitted => Read(Stored.QueueSubmitted.Parser.ParseFrom(bytes)),
        Manifests.QueueBegun => Read(Stored.QueueBegun.Parser.ParseFrom(bytes)),
        Manifests.QueueLeft => Read(Stored.QueueLeft.Parser.ParseFrom(bytes)),
        Manifests.QueueResubmitted => Read(Stored.QueueResubmitted.Parser.ParseFrom(bytes)),
        Manifests.QueueProbed => Read(Stored.QueueProbed.Parser.ParseFrom(bytes)),
        Manifests.QueueCompacted => Read(Stored.QueueCompacted.Parser.ParseFrom(bytes)),
        _ => null,
    };

    private static Stored.QueueLeft ToStored(QueueEvent.Left e)
    {
        var stored = new Stored.QueueLeft { Job = e.Job.ToStored(), ExitCode = e.ExitCode, At = e.At.ToStored() };
        if (e.Reason is { } reason) stored.Reason = reason;
        return stored;
    }

    private static Stored.QueueWishes ToStored(QueueWishes wishes)
    {
        var stored = new Stored.QueueWishes { OutDirectory = wishes.OutDirectory, Sinks = { wishes.Sinks }, Strict = wishes.Strict, Fresh = wishes.Fresh };
        if (wishes.MaxQuarantined is { } most) stored.MaxQuarantined = most;
        if (wishes.MaxQuarantinedPercent is { } percent) stored.MaxQuarantinedPercent = percent;
        return stored;
    }

    private static Stored.QueueEntry ToStored(QueueEntry entry)
    {
        var stored = new Stored.QueueEntry
        {
            Job = entry.Job.ToStored(),
            Spec = entry.Spec.ToStored(),
            Wishes = ToStored(entry.Wishes),
            Place = (int)entry.Place,
            SubmittedAt = entry.SubmittedAt.ToStored(),
        };
        if (entry.BegunAt is { } begun) stored.BegunAt = begun.ToStored();
        if (entry.LeftAt is { } left) stored.LeftAt = left.ToStored();
        if (entry.ExitCode is { } code) stored.ExitCode = code;
        if (entry.Reason is { } reason) stored.Reason = reason;
        return stored;
    }

    private static QueueEvent.Submitted Read(Stored.QueueSubmitted e) =>
        new(e.Job.ToJobId(), e.Spec.Required("spec").FromStored(), Read(e.Wishes), ToTime(e.HasAt, e.At));

    private static QueueEvent.Begun Read(Stored.QueueBegun e) => new(e.Job.ToJobId(), ToTime(e.HasAt, e.At));

    private static QueueEvent.Left Read(Stored.QueueLeft e) =>
        new(e.Job.ToJobId(), e.ExitCode, e.HasReason ? e.Reason : null, ToTime(e.HasAt, e.At));

    private static QueueEvent.Resubmitted Read(Stored.QueueResubmitted e) => new(e.Job.ToJobId(), ToTime(e.HasAt, e.At));

    private static QueueEvent.Probed Read(Stored.QueueProbed e) => new(ToTime(e.HasAt, e.At));

    private static QueueEvent.Compacted Read(Stored.QueueCompacted e) =>
        e.Entries.Count == Required(e.HasCount, e.Count, "count") ? new(e.Entries.Select(Read).ToEquatableArray())
            : throw new InvalidDataException($"{e.Entries.Count} entries of {e.Count}");

    private static QueueWishes Read(Stored.QueueWishes? stored)
    {
        var wishes = stored.Required("wishes");
        return new(
            wishes.OutDirectory, wishes.Sinks.ToEquatableArray(), wishes.Strict, wishes.HasMaxQuarantined ? wishes.MaxQuarantined : null,
            wishes.HasMaxQuarantinedPercent ? wishes.MaxQuarantinedPercent : null, wishes.Fresh);
    }

    private static QueueEntry Read(Stored.QueueEntry e) => new(
        e.Job.ToJobId(), e.Spec.Required("spec").FromStored(), Read(e.Wishes), e.Place.ToEnum<QueuePlace>(), ToTime(true, e.SubmittedAt),
        e.HasBegunAt ? ToTime(true, e.BegunAt) : null, e.HasLeftAt ? ToTime(true, e.LeftAt) : null, e.HasExitCode ? e.ExitCode : null,
        e.HasReason ? e.Reason : null);
}
