using Etl.Domain.Extract.Files;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Maps batches of a file: bytes to one partial per region, without an object per row. Holds tables that are reused from batch to batch,
/// so one mapper actor owns one; the result of a batch is a function of its bytes and plan alone.
/// </summary>
/// <remarks>
/// A row takes the first of three ways that can read it: the kernel, which knows ordinary rows and stops at any other; a reader of any
/// record, without garbage for plain ones; <see cref="NumberReader"/> and the country directory for what is unusual or new.
/// </remarks>
public sealed class FileBatchMapper
{
    private const int LongestPause = 6;

    private readonly RowPath _path;
    private FilePlan? _plan;
    private bool _clean;
    private RowSink _sink = null!;
    private CsvRecordReader? _csv;
    private JsonRecordReader? _json;
    private KernelRunner? _kernel;
    private Caution _caution = Caution.None;

    /// <summary>A mapper that has seen nothing yet.</summary>
    public FileBatchMapper()
        : this(RowPath.Fastest) { }

    internal FileBatchMapper(RowPath path) => _path = path;

    /// <summary>Maps a batch that is in memory as a whole.</summary>
    public FileBatch Map(in BatchBytes bytes, FilePlan plan, RowCursor cursor, Caution? caution = null) =>
        Map(new OnePiece(bytes), plan, cursor, caution);

    /// <summary>Maps a batch. Where it is cut into pieces makes no difference to the result.</summary>
    /// <param name="cursor">
    /// Moved to the offset of the record under way before anything that could throw; to none where no record can be named: in the kernel,
    /// and between records.
    /// </param>
    /// <param name="caution">How a batch that has crashed mappers is mapped.</param>
    public FileBatch Map(IBatchPieces pieces, FilePlan plan, RowCursor cursor, Caution? caution = null)
    {
        cursor.Position = null;
        _caution = caution ?? Caution.None;
        if (!_clean || !ReferenceEquals(plan, _plan))
            Prepare(plan);

        // What a batch left behind that ended in a fault or a refusal belongs to no result.
        _clean = false;
        long lines = 0;
        FileBatch? result = null;
        while (result is null && pieces.Next(out var piece) && !_caution.IsPast(piece.Offset + piece.Start))
        {
            result = Read(piece, plan, cursor, ref lines);
            cursor.Position = null;
        }

        _clean = result is null;
        return result ?? new FileBatch.Mapped(_sink.Take(), lines);
    }

    /// <summary>Reads a piece; null unless it is refused.</summary>
    private FileBatch.Refused? Read(in BatchBytes bytes, FilePlan plan, RowCursor cursor, ref long lines)
    {
        var data = bytes.Buffer.AsSpan(0, bytes.End);
        // A last line without a line feed is not for the kernel, which would take what comes after it in the buffer for a part of it.
        var byReader = _kernel is null || _caution.Careful || _caution.Probe is not null || cursor.IsTrapped;
        var limit = byReader ? bytes.Start : bytes.Start + data[bytes.Start..].LastIndexOf((byte)'\n') + 1;
        lines += bytes.HeaderLines;
        int misses = 0, pause = 0;
        for (var at = bytes.Start; at < data.Length;)
        {
            if (at < limit && pause-- <= 0)
            {
                long rows = 0;
                cursor.Position = null;
                at = _kernel!.Run(bytes.Buffer, at, (int)Math.Min(limit, _caution.NextCondemned(bytes.Offset + at) - bytes.Offset), ref rows);
                _sink.Count(rows);
                lines += rows;
                // Where it finds nothing to do time and again, it is asked less often.
                misses = rows > 0 ? 0 : Math.Min(misses + 1, LongestPause);
                pause = (1 << misses) - 1;
                if (at >= data.Length)
                    break;
            }

            var position = bytes.Offset + at;
            if (_caution.IsPast(position))
                return null;
            var verdict = _caution.Verdict(position);
            var isLeft = verdict is not null || _caution.PassesOver(position);
            cursor.Position = isLeft ? null : position;
            var record = isLeft && !plan.Multiline ? FileRecord.OfLine(data, at) : _csv is null ? _json!.Read(data, at) : _csv.Read(data, at);
            if (isLeft && record.Kind != RecordKind.Refused)
            {
                if (verdict is not null && record.Kind != RecordKind.Blank && !_caution.PassesOver(position))
                    _sink.Reject("", data[at..record.ContentEnd], verdict, position, lines);
                lines += record.Lines;
                at = record.Next;
                continue;
            }

            if (cursor.IsTrapped && record.Kind != RecordKind.Blank)
                cursor.Meet(data[at..record.ContentEnd]);
            switch (record.Kind)
            {
                case RecordKind.Row:
                    var country = _sink.Add(record, position, lines);
                    _kernel?.Learn(data, record, country);
                    break;
                case RecordKind.Rejected:
                    _sink.Reject(record.Column, data[at..record.ContentEnd], record.Reason, position, lines);
                    break;
                case RecordKind.Refused:
                    return new FileBatch.Refused(position, lines, record.Reason, record.Remedy);
            }

            lines += record.Lines;
            at = record.Next;
        }

        return null;
    }

    private void Prepare(FilePlan plan)
    {
        // The files of a job are mostly alike. What was learned of one holds for the next, and its tables need not be made again.
        var alike = _clean && _plan is { } last && plan with { Input = last.Input } == last;
        _plan = plan;
        if (alike)
        {
            _sink.Input = plan.Input;
            return;
        }

        _sink = new RowSink(plan);
        _csv = plan.Layout.Format == RecordFormat.Csv ? new CsvRecordReader(plan) : null;
        _json = plan.Layout.Format == RecordFormat.Ndjson ? new JsonRecordReader(plan) : null;
        _kernel = KernelRunner.For(plan, _sink, _path);
    }

    private sealed class OnePiece(BatchBytes bytes) : IBatchPieces
    {
        private bool _taken;

        public bool Next(out BatchBytes piece)
        {
            piece = bytes;
            return !_taken && (_taken = true);
        }
    }
}
