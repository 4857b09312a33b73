using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Benchmarks.Tuned;

/// <summary>A perfect hash of the country fields as they are written: one multiplication, one comparison of 32 bytes, no chain.</summary>
internal sealed unsafe class NameSlots
{
    private const int IndexBits = 12, KeyBytes = 32;

    private readonly Slot* _slots = (Slot*)NativeMemory.AlignedAlloc((nuint)sizeof(Slot) << IndexBits, 64);
    private readonly ulong _multiplier;

    /// <summary>Draws multipliers until no two names share a slot. A name of more than 31 bytes has none, and is left to the slow path.</summary>
    public NameSlots(RegionRow[] countries)
    {
        // A fixed start, so that every run does the same.
        for (var random = 0x2545F4914F6CDD1DUL; ;)
        {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            _multiplier = random | 1;
            NativeMemory.Clear(_slots, (nuint)sizeof(Slot) << IndexBits);
            var country = 0;
            while (country < countries.Length && TryAdd(countries[country].Written, country)) country++;
            if (country == countries.Length) return;
        }
    }

    /// <summary>The slot where this field stands if it is known; its key must be compared.</summary>
    /// <param name="key">The field and the comma after it, then zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Slot* Find(Vector256<byte> key)
    {
        var words = key.AsUInt64();
        var mixed = (words.GetElement(0) ^ BitOperations.RotateLeft(words.GetElement(1), 29)) * _multiplier;
        return _slots + (mixed >> (64 - IndexBits));
    }

    private bool TryAdd(byte[] name, int country)
    {
        if (name.Length >= KeyBytes) return true;
        var bytes = stackalloc byte[KeyBytes];
        new Span<byte>(bytes, KeyBytes).Clear();
        name.CopyTo(new Span<byte>(bytes, KeyBytes));
        bytes[name.Length] = (byte)',';
        var key = Vector256.Load(bytes);
        var slot = Find(key);
        if (slot->Key != Vector256<byte>.Zero) return false;
        *slot = new Slot { Key = key, Country = country };
        return true;
    }

    /// <summary>One cache line, so that a look-up touches one.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Slot
    {
        public Vector256<byte> Key;
        public int Country;
    }
}
