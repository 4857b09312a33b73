using System.Numerics;
using System.Runtime.InteropServices;
using Etl.Domain.Countries;

namespace Etl.Domain.Map.Files;

/// <summary>What a spelling of a country stands for.</summary>
/// <param name="Slot">Its country's number in the grid; -1 when it is no country.</param>
/// <param name="Aggregate">The name of a group of countries; null when it is a country or unknown.</param>
internal readonly record struct Spelling(int Slot, string? Aggregate);

/// <summary>
/// Remembers what each spelling stands for, so that a name is decoded and looked up once, not per row. Bounded: a file in which every row
/// has another name is read more slowly, not with more memory.
/// </summary>
internal sealed class SpellingTable(CountryDirectory directory, KeyGrid grid)
{
    private const int MaximumSpellings = 1 << 16, MaximumLength = 256, MaximumBytes = 4 << 20;

    private readonly List<Entry> _entries = [];
    private byte[] _bytes = new byte[1 << 13];
    private int _used;
    private int[] _index = new int[1 << 10];

    private readonly record struct Entry(uint Hash, int Offset, int Length, Spelling Spelling);

    /// <summary>What the bytes of a field stand for.</summary>
    public Spelling Find(ReadOnlySpan<byte> name)
    {
        if (name.Length > MaximumLength)
            return Resolve(name);
        var hash = Hash(name);
        var at = (int)(hash & (uint)(_index.Length - 1));
        for (; _index[at] != 0; at = (at + 1) & (_index.Length - 1))
        {
            ref readonly var entry = ref CollectionsMarshal.AsSpan(_entries)[_index[at] - 1];
            if (entry.Hash == hash && name.SequenceEqual(_bytes.AsSpan(entry.Offset, entry.Length)))
                return entry.Spelling;
        }

        var spelling = Resolve(name);
        if (_entries.Count < MaximumSpellings && _used + name.Length <= MaximumBytes)
            Remember(name, hash, spelling);
        return spelling;
    }

    private Spelling Resolve(ReadOnlySpan<byte> name)
    {
        var text = FieldText.Decode(name);
        var match = directory.Resolve(text);
        if (match is NameMatch.Unknown)
            match = directory.ResolveCode(text);
        return match switch
        {
            NameMatch.Known known => new(grid.SlotOf(known.Country), null),
            NameMatch.Aggregate aggregate => new(-1, aggregate.Name),
            _ => new(-1, null),
        };
    }

    private void Remember(ReadOnlySpan<byte> name, uint hash, Spelling spelling)
    {
        if (_used + name.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + name.Length));
        name.CopyTo(_bytes.AsSpan(_used));
        _entries.Add(new(hash, _used, name.Length, spelling));
        _used += name.Length;
        if (_entries.Count * 2 > _index.Length)
        {
            _index = new int[_index.Length * 2];
            for (var entry = 0; entry < _entries.Count; entry++)
                Place(_entries[entry].Hash, entry);
        }
        else
        {
            Place(hash, _entries.Count - 1);
        }
    }

    private void Place(uint hash, int entry)
    {
        var at = (int)(hash & (uint)(_index.Length - 1));
        while (_index[at] != 0)
            at = (at + 1) & (_index.Length - 1);
        _index[at] = entry + 1;
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        const ulong multiplier = 0x9E3779B97F4A7C15;
        var hash = (ulong)name.Length * multiplier;
        var words = MemoryMarshal.Cast<byte, ulong>(name);
        foreach (var word in words)
            hash = BitOperations.RotateLeft((hash ^ word) * multiplier, 29);
        ulong rest = 0;
        foreach (var value in name[(words.Length * 8)..])
            rest = (rest << 8) | value;
        hash = (hash ^ rest) * multiplier;
        return (uint)(hash >> 32) ^ (uint)(hash >> 13);
    }
}
