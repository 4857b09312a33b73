using Etl.Domain.Extract.Files;

namespace Etl.Domain.Map.Files;

/// <summary>What a mapper needs to know to read a file's batches. One per split and job: mappers compare it by reference.</summary>
/// <param name="Input">Ordinal of the file in the job.</param>
/// <param name="EmptyIsMissing">A record without a value ("", "n/a") is counted as missing instead of set aside.</param>
/// <param name="Multiline">A quoted field may run over line ends.</param>
/// <param name="MaxLineBytes">A longer record ends the job.</param>
/// <param name="MaxRejections">So many rejections of a batch are kept with their details, the first ones; all are counted.</param>
public sealed record FilePlan(
    MapPlan Map, FileLayout Layout, int Input, bool EmptyIsMissing, bool Multiline, int MaxLineBytes, int MaxRejections);

/// <summary>A batch of a file: bytes in memory. It owns the records that start in its range, whole, wherever they end.</summary>
/// <param name="Buffer">
/// Holds the file from <paramref name="Offset"/> on. At least <see cref="Padding"/> bytes after <paramref name="End"/> may be read, and
/// mean nothing.
/// </param>
/// <param name="Start">Index of the first byte of the first record that the batch owns.</param>
/// <param name="End">
/// Index after the last byte of the last record that the batch owns, its line end included (the last line of a file may have none).
/// Equal to <paramref name="Start"/> when it owns none.
/// </param>
/// <param name="Offset">Byte offset in the file (decompressed) of the buffer's first byte.</param>
/// <param name="HeaderLines">Lines at the start of the file that are no records and are not in the range: 1 in the batch that owns the header of a CSV file, otherwise 0. They count as lines of the batch.</param>
public readonly record struct BatchBytes(byte[] Buffer, int Start, int End, long Offset, int HeaderLines)
{
    /// <summary>Bytes after the end that a wide load may touch.</summary>
    public const int Padding = 128;
}

/// <summary>A batch of a file, piece by piece: pieces follow each other in the file, and each owns whole records.</summary>
public interface IBatchPieces
{
    /// <summary>The next piece; false after the last one. A piece is valid until the next is asked for.</summary>
    bool Next(out BatchBytes piece);
}

/// <summary>What came of a batch of bytes. Closed.</summary>
public abstract record FileBatch
{
    private FileBatch() { }

    /// <summary>Mapped and combined.</summary>
    /// <param name="Lines">
    /// Lines of the batch: its line ends, plus one for a last line without. The line number of a rejection is 1 + the lines of the batches
    /// before + <see cref="Rejection.Line"/>, which counts the lines of its own batch before it.
    /// </param>
    public sealed record Mapped(MappedBatch Batch, long Lines) : FileBatch;

    /// <summary>The file cannot be read as it was meant: a quoted field runs over a line end, or a line is too long. Ends the job.</summary>
    /// <param name="Offset">Byte offset in the file of the record at fault.</param>
    /// <param name="Line">Lines of the batch before the record at fault.</param>
    /// <param name="Reason">What is wrong, without its place.</param>
    /// <param name="Remedy">What to do about it.</param>
    public sealed record Refused(long Offset, long Line, string Reason, string Remedy) : FileBatch;
}
