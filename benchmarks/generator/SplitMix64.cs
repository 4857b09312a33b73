namespace Etl.Benchmarks.Generator;

/// <summary>
/// Steele, Lea and Flood's generator. One stream per block of rows, so that blocks can be made in any order on any number of threads.
/// Written out here because the bytes of a workload must not change with a version of the framework.
/// </summary>
internal struct SplitMix64
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    public SplitMix64(ulong seed, long stream) => _state = Finalize(seed + Finalize(unchecked((ulong)stream + Golden)));

    /// <summary>A number from 0 to one less than <paramref name="bound"/>; the upper 32 bits scaled, without a rejection step.</summary>
    public int Below(int bound)
    {
        _state = unchecked(_state + Golden);
        var high = Finalize(_state) >> 32;
        return (int)((high * (uint)bound) >> 32);
    }

    private static ulong Finalize(ulong word)
    {
        unchecked
        {
            word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
            word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
            return word ^ (word >> 31);
        }
    }
}
