using Etl.Actors.Protocol;
using Etl.Domain;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>What is journaled and sent of the search for rows that crash mappers, to and from its stored form.</summary>
internal static class CrashMapping
{
    public static Stored.RowRange ToStored(this RowRange rows) => new() { From = rows.From, To = rows.To };

    public static RowRange FromStored(this Stored.RowRange rows) => new(rows.From, Required(rows.HasTo, rows.To, "to"));

    public static Stored.BatchSuspected ToStored(JobEvent.BatchSuspected e) =>
        new() { Split = e.Batch.Split, Ordinal = e.Batch.Ordinal, Rows = e.Rows.ToStored() };

    public static JobEvent.BatchSuspected Read(Stored.BatchSuspected e) =>
        new(new(e.Split, e.Ordinal), e.Rows.Required("rows").FromStored());

    public static Stored.RowsCleared ToStored(JobEvent.RowsCleared e) =>
        new() { Split = e.Batch.Split, Ordinal = e.Batch.Ordinal, Rows = e.Rows.ToStored() };

    public static JobEvent.RowsCleared Read(Stored.RowsCleared e) => new(new(e.Split, e.Ordinal), e.Rows.Required("rows").FromStored());

    public static Stored.RowsCondemned ToStored(JobEvent.RowsCondemned e) => new()
    {
        Split = e.Batch.Split,
        Ordinal = e.Batch.Ordinal,
        Positions = { e.Positions },
        Exception = e.Exception,
        Message = e.Message,
        At = e.At.ToStored(),
    };

    public static JobEvent.RowsCondemned Read(Stored.RowsCondemned e) =>
        new(new(e.Split, e.Ordinal), e.Positions.ToEquatableArray(), e.Exception, e.Message, ToTime(e.HasAt, e.At));

    public static Stored.AttemptBegan ToStored(JobEvent.AttemptBegan e) =>
        new() { Split = e.Batch.Split, Ordinal = e.Batch.Ordinal, Probe = e.Probe?.ToStored() };

    public static JobEvent.AttemptBegan Read(Stored.AttemptBegan e) =>
        new(new(e.Split, Required(e.HasOrdinal, e.Ordinal, "ordinal")), e.Probe?.FromStored());

    public static Sent.Cautions? ToSent(this EquatableArray<BatchCaution> cautions) =>
        cautions.IsEmpty ? null : new() { Batches = { cautions.Select(ToSent) } };

    public static EquatableArray<BatchCaution> FromSent(this Sent.Cautions cautions) => cautions.Batches
        .Select(c => new BatchCaution(new(c.Split, c.Ordinal), new(
            c.Condemned.Select(r => new CondemnedRow(r.Position, r.Reason)).ToEquatableArray(), c.Careful, c.Probe?.FromStored())))
        .ToEquatableArray();

    public static Sent.ProbePassed ToSent(MapProtocol.ProbePassed m) =>
        new() { Job = m.Job.ToStored(), Split = m.Batch.Split, Ordinal = m.Batch.Ordinal, Rows = m.Rows.ToStored() };

    public static MapProtocol.ProbePassed Read(Sent.ProbePassed m) =>
        new(m.Job.ToJobId(), new(m.Split, m.Ordinal), m.Rows.Required("rows").FromStored());

    private static Sent.BatchCaution ToSent(BatchCaution caution) => new()
    {
        Split = caution.Batch.Split,
        Ordinal = caution.Batch.Ordinal,
        Condemned = { caution.Caution.Condemned.Select(r => new Sent.CondemnedRow { Position = r.Position, Reason = r.Reason }) },
        Careful = caution.Caution.Careful,
        Probe = caution.Caution.Probe?.ToStored(),
    };
}
