using Etl.Domain.Reduce;

namespace Etl.Domain.Map.Files;

/// <summary>A table of one figure per (country, year): what rows are added to. Emptied when its batch's result is taken.</summary>
internal interface IFigureTable
{
    /// <summary>Makes room for every key of the grid; true when figures moved.</summary>
    bool Fit();

    /// <summary>Adds a row.</summary>
    void Add(int slot, int column, long position, Int128 pico);

    /// <summary>How many of these keys have a figure.</summary>
    int Count(ReadOnlySpan<int> slots, ReadOnlySpan<int> columns);

    /// <summary>The figure of a key, which is empty afterwards; false when no row was added for it.</summary>
    bool TryTake(int slot, int column, out Aggregate figure);

    /// <summary>Every figure has been taken.</summary>
    void Taken();
}
