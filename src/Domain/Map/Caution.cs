using System.Text;
using Etl.Domain.Extract;

namespace Etl.Domain.Map;

/// <summary>Positions of rows: row numbers of a page, byte offsets of a file. A class for the reason of <see cref="Jobs.JobId"/>.</summary>
/// <param name="From">The first one.</param>
/// <param name="To">One past the last one; equal to <paramref name="From"/> when it holds none.</param>
public sealed record RowRange(long From, long To)
{
    /// <summary>How many positions it has.</summary>
    public long Length => To - From;
}

/// <summary>A row that is not mapped any more.</summary>
/// <param name="Reason">The stable text that stands in the quarantine.</param>
public sealed record CondemnedRow(long Position, string Reason) : IComparable<CondemnedRow>
{
    /// <summary>By position.</summary>
    public int CompareTo(CondemnedRow? other) => other is null ? 1 : Position.CompareTo(other.Position);
}

/// <summary>How a batch that has crashed mappers is mapped. A batch that has not crashed any has none.</summary>
/// <param name="Condemned">Rows that are set aside unread, in order.</param>
/// <param name="Careful">Every row is read by the way that names it: a crash named none.</param>
/// <param name="Probe">Only these rows are mapped, and nothing of them is sent: whether that crashes is the result. Null: all.</param>
public sealed record Caution(EquatableArray<CondemnedRow> Condemned, bool Careful, RowRange? Probe)
{
    /// <summary>Nothing is known against the batch.</summary>
    public static Caution None { get; } = new([], false, null);

    /// <summary>True when the row is not among those that are to be mapped.</summary>
    public bool PassesOver(long position) => Probe is { } probe && (position < probe.From || position >= probe.To);

    /// <summary>True when neither the row nor any after it is to be mapped.</summary>
    public bool IsPast(long position) => Probe is { } probe && position >= probe.To;

    /// <summary>Why the row is condemned; null when it is not.</summary>
    public string? Verdict(long position) =>
        FirstFrom(position) is { } found && found.Position == position ? found.Reason : null;

    /// <summary>Position of the first condemned row at or after this one; the largest number when there is none.</summary>
    public long NextCondemned(long position) => FirstFrom(position)?.Position ?? long.MaxValue;

    private CondemnedRow? FirstFrom(long position)
    {
        if (Condemned.IsEmpty) return null;
        var at = Condemned.Items.AsSpan().BinarySearch(new CondemnedRow(position, ""));
        if (at < 0) at = ~at;
        return at < Condemned.Count ? Condemned[at] : null;
    }
}

/// <summary>The row that is being mapped, so that a crash can name it.</summary>
/// <param name="trap">Crashes on purpose at some rows, for tests; null: none.</param>
public sealed class RowCursor(RowTrap? trap = null)
{
    /// <summary>Position of the row under way; null while none can be named.</summary>
    public long? Position { get; set; }

    /// <summary>Rows may crash on purpose: each has to be shown to the cursor before it is mapped.</summary>
    public bool IsTrapped => trap is not null;

    /// <summary>A file's row is about to be mapped.</summary>
    public void Meet(ReadOnlySpan<byte> row) => trap?.Invoke(this, row);

    /// <summary>A page's row is about to be mapped.</summary>
    public void Meet(RawRow row) => trap?.Invoke(this, Encoding.UTF8.GetBytes($"{row.Name}\t{row.Value}\t{row.Year}"));
}

/// <summary>Throws, or ends the process, when a row is one that it is to crash at.</summary>
public delegate void RowTrap(RowCursor cursor, ReadOnlySpan<byte> row);
