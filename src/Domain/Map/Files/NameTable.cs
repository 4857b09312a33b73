using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Etl.Domain.Map.Files;

/// <summary>
/// The kernel's table of countries, by the bytes of a field as written and the byte that ends it: perfect, so that one look tells. Holds
/// what fits; other names take the longer way.
/// </summary>
/// <remarks>
/// A name's place is a part of its hash, changed by a displacement that its bucket of names shares. A name whose place is taken makes its
/// bucket look for another displacement, or, rarely, the table for other multipliers.
/// </remarks>
internal sealed class NameTable
{
    /// <summary>Longest field, quotes included: the byte that ends it is part of the key, which tells "Niger" from "Niger" and a NUL.</summary>
    public const int MaximumLength = KeyBytes - 1;

    /// <summary>A slot: the key, zeros after it, then the offset of the country's cells. An empty slot has no key that ends, so none is found there.</summary>
    public const int SlotBytes = 64;

    public const int KeyBytes = 32;

    private const int Buckets = 256, FewestSlots = 1 << 11, MostSlots = 1 << 12, Load = 4, Tries = 8;

    private readonly List<(Vector256<byte> Key, int Country)> _names = [];
    private readonly ushort[] _displacements = new ushort[Buckets];
    private byte[] _slots = [];
    private int _first;
    private int _size;
    private int _cellShift;
    private bool _full;
    private ulong _seed = 0x9E3779B97F4A7C15;

    public ref byte Slots => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), _first);

    public ref ushort Displacements => ref MemoryMarshal.GetArrayDataReference(_displacements);

    public ulong Multiplier1 { get; private set; }

    public ulong Multiplier2 { get; private set; }

    public uint Mask => (uint)_size - 1;

    /// <summary>Makes a table whose countries have cells of so many bytes, as a power of two.</summary>
    public NameTable(int cellShift)
    {
        _cellShift = cellShift;
        Rebuild(FewestSlots);
    }

    /// <summary>A number of 64 bits of which the kernel takes the bucket from the top and the place from bit 32 on.</summary>
    /// <param name="name">The first character; 8 bytes from there on may be read, and those before what ends the name.</param>
    /// <param name="length">Where the byte that ends it is.</param>
    /// <remarks>
    /// The first and the last 8 bytes stand for the name, since words are ready sooner than vectors and nothing else waits as long as the
    /// cell does. Of names that are alike in both only the first is in the table.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ref byte name, ulong length, ulong multiplier1, ulong multiplier2)
    {
        // Zeros after the end of a name of less than 8 bytes. One bit of what ends it is left out, so that 31 bytes do not become 256 bits,
        // of which the instruction would see none.
        var bits = (length << 3) | 7;
        var last = length - (sizeof(ulong) - 1);
        last = Bmi1.X64.AndNot((ulong)((long)last >> 63), last);
        return (Bmi2.X64.ZeroHighBits(Unsafe.ReadUnaligned<ulong>(ref name), bits) * multiplier1)
            ^ (Bmi2.X64.ZeroHighBits(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref name, (nint)last)), bits) * multiplier2);
    }

    /// <summary>Index of the slot in which a hash's name stands, if it is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PlaceOf(ulong hash, ref ushort displacements, uint mask) =>
        ((uint)(hash >> 32) ^ Unsafe.Add(ref displacements, (nint)(uint)(hash >> 56))) & mask;

    /// <summary>Adds a name unless it is known, too long or the table is full.</summary>
    /// <param name="field">The field as written.</param>
    /// <param name="end">The byte after it.</param>
    public void Add(ReadOnlySpan<byte> field, byte end, int country)
    {
        if (_full || field.Length > MaximumLength)
            return;
        Span<byte> bytes = stackalloc byte[KeyBytes];
        field.CopyTo(bytes);
        bytes[field.Length] = end;
        var key = Vector256.Create<byte>(bytes);
        if (KeyAt(PlaceOf(Hash(key), ref Displacements, Mask)) == key)
            return;

        _names.Add((key, country));
        _full = _names.Count >= MostSlots / Load;
        if (_names.Count * Load > _size ? Rebuild(_size * 2) : Insert(_names.Count - 1) || Rebuild(_size))
            return;

        // Made so on purpose, most likely. Trying again for each further name would take longer than reading without this table.
        _full = true;
        _names.RemoveAt(_names.Count - 1);
        if (!Rebuild(_size))
        {
            _names.Clear();
            Rebuild(_size);
        }
    }

    /// <summary>Cells moved: a country has so many bytes of them now, as a power of two.</summary>
    public void Move(int cellShift)
    {
        _cellShift = cellShift;
        foreach (var (key, country) in _names)
            Write(PlaceOf(Hash(key), ref Displacements, Mask), key, country);
    }

    private bool Rebuild(int size)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            // A fixed sequence of multipliers: nothing depends on which one it is but the time.
            (Multiplier1, Multiplier2) = (Next() | 1, Next() | 1);
            if (_size != size || _slots.Length == 0)
            {
                // As for the cells: not moved, and if it were, only time would be lost.
                _slots = new byte[(size + 1) * SlotBytes];
                var misaligned = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_slots, 0) & (SlotBytes - 1));
                (_first, _size) = (misaligned == 0 ? 0 : SlotBytes - misaligned, size);
            }
            else
            {
                Array.Clear(_slots);
            }

            Array.Clear(_displacements);
            var name = 0;
            while (name < _names.Count && Insert(name))
                name++;
            if (name == _names.Count)
                return true;
        }

        return false;
    }

    /// <summary>Places a name; false when no displacement gives each name of its bucket a slot of its own.</summary>
    private bool Insert(int name)
    {
        var bucket = Hash(_names[name].Key) >> 56;
        var own = new List<int>();
        for (var other = 0; other <= name; other++)
        {
            if (Hash(_names[other].Key) >> 56 == bucket)
                own.Add(other);
        }

        foreach (var other in own)
        {
            var place = PlaceOf(Hash(_names[other].Key), ref Displacements, Mask);
            if (KeyAt(place) == _names[other].Key)
                Write(place, default, 0);
        }

        for (var displacement = 0; displacement < _size; displacement++)
        {
            _displacements[bucket] = (ushort)displacement;
            var placed = 0;
            for (; placed < own.Count; placed++)
            {
                var (key, country) = _names[own[placed]];
                var place = PlaceOf(Hash(key), ref Displacements, Mask);
                if (KeyAt(place) != default)
                    break;
                Write(place, key, country);
            }

            if (placed == own.Count)
                return true;
            while (placed-- > 0)
                Write(PlaceOf(Hash(_names[own[placed]].Key), ref Displacements, Mask), default, 0);
        }

        return false;
    }

    // What ends a name is no NUL, so it is the last byte of its key that is not 0.
    private ulong Hash(Vector256<byte> key)
    {
        var zeros = Vector256.Equals(key, Vector256<byte>.Zero).ExtractMostSignificantBits();
        return Hash(ref Unsafe.As<Vector256<byte>, byte>(ref key), (ulong)BitOperations.Log2(~zeros), Multiplier1, Multiplier2);
    }

    private Vector256<byte> KeyAt(uint place) => Vector256.Create<byte>(_slots.AsSpan(_first + ((int)place * SlotBytes), KeyBytes));

    private void Write(uint place, Vector256<byte> key, int country)
    {
        var slot = _slots.AsSpan(_first + ((int)place * SlotBytes), SlotBytes);
        key.CopyTo(slot);
        MemoryMarshal.Write(slot[KeyBytes..], (long)country << _cellShift);
    }

    // SplitMix64.
    private ulong Next()
    {
        var value = _seed += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
