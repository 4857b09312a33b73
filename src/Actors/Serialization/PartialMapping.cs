using System.Runtime.InteropServices;
using Etl.Domain.Countries;
using Etl.Domain.Reduce;

namespace Etl.Actors.Serialization;

/// <summary>
/// Partial aggregates by columns: nearly all of what a reducer writes. Equal partials have equal bytes.
/// </summary>
internal static class PartialMapping
{
    private const int Letters = 26;
    private const int Codes = (Letters * Letters * Letters) + 1;
    private const int MaxZeros = 18;

    [Flags]
    private enum Shape : uint
    {
        First = 1,
        Second = 2,
        Different = 4,
        FirstIsSum = 8,
        SecondIsFirst = 16,
        OneRow = 32,
        All = 63,
    }

    public static Stored.Partial ToStored(this PartialAggregate partial)
    {
        var entries = partial.Entries;
        var zeros = CommonZeros(partial);
        var stored = new Stored.Partial { AmountZeros = (uint)zeros };
        var amounts = new AmountWriter(entries.Length, zeros);
        stored.KeySteps.Capacity = stored.Shapes.Capacity = entries.Length;
        stored.Places.Capacity = entries.Length * 2;
        long before = 0;
        foreach (var (key, value) in entries)
        {
            var packed = Pack(key);
            stored.KeySteps.Add(packed - before);
            before = packed;

            var shape = ShapeOf(value);
            stored.Shapes.Add((uint)shape);
            if (!shape.HasFlag(Shape.OneRow)) stored.Rows.Add(value.Rows);
            amounts.Add(value.Sum);
            AddPlace(stored, value.First);
            AddPlace(stored, value.Second);
            AddPlace(stored, value.Different);
            if (value.First is { } first && !shape.HasFlag(Shape.FirstIsSum)) amounts.Add(first.Amount);
            if (value.Second is { } second && !shape.HasFlag(Shape.SecondIsFirst)) amounts.Add(second.Amount);
            if (value.Different is { } different) amounts.Add(different.Amount);
        }

        stored.Amounts = amounts.ToByteString();
        return stored;
    }

    public static PartialAggregate FromStored(this Stored.Partial stored)
    {
        var entries = new AggregateEntry[stored.KeySteps.Count];
        if (stored.Shapes.Count != entries.Length || stored.AmountZeros > MaxZeros)
            throw new InvalidDataException("the columns of a partial do not fit each other");
        var columns = new PartialColumns(stored);
        long packed = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            var step = stored.KeySteps[i];
            if (i > 0 && step <= 0) throw new InvalidDataException("the keys of a partial are not in order");
            packed = checked(packed + step);
            var shape = (Shape)stored.Shapes[i];
            if ((shape & ~Shape.All) != 0) throw new InvalidDataException("an entry of a partial has an unknown shape");
            entries[i] = new(Unpack(packed), Read(shape, ref columns));
        }

        return columns.AtEnd
            ? PartialAggregate.FromSorted(ImmutableCollectionsMarshal.AsImmutableArray(entries))
            : throw new InvalidDataException("a partial has more than its entries");
    }

    private static Aggregate Read(Shape shape, ref PartialColumns columns)
    {
        var rows = shape.HasFlag(Shape.OneRow) ? 1 : columns.NextRows();
        var sum = columns.NextAmount();
        // Places and amounts are columns of their own, each in the order first, second, different.
        Witness? first = null, second = null, different = null;
        if (shape.HasFlag(Shape.First))
            first = new(columns.NextPlace(), shape.HasFlag(Shape.FirstIsSum) ? sum : columns.NextAmount());
        if (shape.HasFlag(Shape.Second))
            second = new(columns.NextPlace(), shape.HasFlag(Shape.SecondIsFirst) && first is not null ? first.Amount : columns.NextAmount());
        if (shape.HasFlag(Shape.Different))
            different = new(columns.NextPlace(), columns.NextAmount());
        return new(sum, rows, first, second, different);
    }

    private static Shape ShapeOf(Aggregate value) =>
        (value.First is null ? 0 : Shape.First)
        | (value.Second is null ? 0 : Shape.Second)
        | (value.Different is null ? 0 : Shape.Different)
        | (value.First is { } first && first.Amount == value.Sum ? Shape.FirstIsSum : 0)
        | (value.Second is { } second && second.Amount == value.First?.Amount ? Shape.SecondIsFirst : 0)
        | (value.Rows == 1 ? Shape.OneRow : 0);

    private static void AddPlace(Stored.Partial stored, Witness? witness)
    {
        if (witness is null) return;
        stored.Places.Add(witness.Place.Input);
        stored.Places.Add(witness.Place.Position);
    }

    // Figures are published in millions or with a few decimals: the power of ten they share is most of their digits.
    private static int CommonZeros(PartialAggregate partial)
    {
        var zeros = MaxZeros;
        foreach (var (_, value) in partial.Entries)
        {
            zeros = Amounts.Zeros(value.Sum.Pico, zeros);
            if (value.First is { } first && first.Amount != value.Sum) zeros = Amounts.Zeros(first.Amount.Pico, zeros);
            if (value.Second is { } second && second.Amount != value.First?.Amount) zeros = Amounts.Zeros(second.Amount.Pico, zeros);
            if (value.Different is { } different) zeros = Amounts.Zeros(different.Amount.Pico, zeros);
            if (zeros == 0) break;
        }

        return zeros;
    }

    // The stored number of a code is the domain's own; should that change, the samples of stored bytes tell.
    private static long Pack(AggregateKey key) => ((long)key.Year * Codes) + key.Country.Packed;

    private static AggregateKey Unpack(long packed)
    {
        var (year, code) = Math.DivRem(packed, Codes);
        if (code < 0) (year, code) = (year - 1, code + Codes);
        if (code == 0) return new(checked((int)year), default);
        var digits = (int)code - 1;
        ReadOnlySpan<char> letters =
            [(char)('A' + (digits / (Letters * Letters))), (char)('A' + (digits / Letters % Letters)), (char)('A' + (digits % Letters))];
        return CountryCode.TryParse(letters, out var country)
            ? new(checked((int)year), country) : throw new InvalidDataException($"{letters} is no country code");
    }
}
