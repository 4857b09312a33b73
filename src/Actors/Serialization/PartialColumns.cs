using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Serialization;

/// <summary>The columns of a partial, as they are read. Reading past the end of one throws.</summary>
internal ref struct PartialColumns(Stored.Partial stored)
{
    private readonly ReadOnlySpan<byte> _amounts = stored.Amounts.Span;
    private readonly long _factor = Amounts.PowerOfTen((int)stored.AmountZeros);
    private int _rows;
    private int _places;
    private int _amount;

    public readonly bool AtEnd => _rows == stored.Rows.Count && _places == stored.Places.Count && _amount == _amounts.Length;

    public long NextRows() => stored.Rows[_rows++];

    public Place NextPlace() => new(checked((int)stored.Places[_places++]), stored.Places[_places++]);

    public Money NextAmount() => new(checked(Varint128.Read(_amounts, ref _amount) * _factor));
}
