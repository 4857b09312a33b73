using Etl.Domain.Countries;

namespace Etl.Domain.Map.Files;

/// <summary>
/// Numbers the countries and years that a mapper meets, densely and in the order in which they come, so that sums are found by arithmetic.
/// Grows; never forgets within a plan. Which number a key has shows in no result.
/// </summary>
internal sealed class KeyGrid(MapPlan plan)
{
    private const int LastDirectYear = 2100;

    private readonly ushort[] _slotOf = new ushort[CountryCode.PackedLimit];
    private readonly short[] _columnOf = new short[LastDirectYear + 1];
    private readonly List<Slot> _slots = [];
    private readonly List<int> _years = [];
    private int[]? _slotOrder;
    private int[]? _columnOrder;

    /// <summary>A country and the ordinal of its region.</summary>
    public readonly record struct Slot(Country Country, int Region);

    /// <summary>The cells of a country follow each other; 2 to this power of them are kept.</summary>
    public int Shift { get; private set; } = 5;

    public int Slots => _slots.Count;

    public int Columns => _years.Count;

    public Slot this[int slot] => _slots[slot];

    public int YearOf(int column) => _years[column];

    /// <summary>The slots by region, then code.</summary>
    public ReadOnlySpan<int> SlotOrder => _slotOrder ??=
        [.. Enumerable.Range(0, _slots.Count).OrderBy(slot => _slots[slot].Region).ThenBy(slot => _slots[slot].Country.Code)];

    /// <summary>The columns by year.</summary>
    public ReadOnlySpan<int> ColumnOrder => _columnOrder ??= [.. Enumerable.Range(0, _years.Count).OrderBy(column => _years[column])];

    /// <summary>The country's number.</summary>
    public int SlotOf(Country country)
    {
        ref var slot = ref _slotOf[country.Code.Packed];
        if (slot == 0)
        {
            var region = plan.Scheme.OrdinalOf(country.Code);
            _slots.Add(new(country, region < 0 ? plan.Unassigned : region));
            slot = (ushort)_slots.Count;
            _slotOrder = null;
        }

        return slot - 1;
    }

    /// <summary>The year's number.</summary>
    public int ColumnOf(int year)
    {
        var direct = (uint)year <= LastDirectYear;
        // Only a plan's default year can lie elsewhere, so the search is short.
        var column = direct ? _columnOf[year] - 1 : _years.IndexOf(year);
        return column >= 0 ? column : AddColumn(year, direct);
    }

    private int AddColumn(int year, bool direct)
    {
        _years.Add(year);
        _columnOrder = null;
        if (direct)
            _columnOf[year] = (short)_years.Count;
        while (_years.Count > 1 << Shift)
            Shift++;
        return _years.Count - 1;
    }
}
