using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Domain.Map.Files;

/// <summary>Finds a year's column by its four characters, without reading them as a number.</summary>
internal sealed class YearTable
{
    /// <summary>
    /// The upper 8 bits of the product of a year's characters with this number differ for all years of 1900 to 2100. Found by trying
    /// random numbers; a test holds it to that.
    /// </summary>
    public const uint Multiplier = 0x947678F5;

    private readonly ulong[] _entries = new ulong[256];

    /// <summary>At each place the characters of its year in the lower half, the offset of its column's cell in the upper; 0 where no year is known.</summary>
    public ref ulong Entries => ref MemoryMarshal.GetArrayDataReference(_entries);

    /// <summary>The place of a year.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PlaceOf(uint characters) => (characters * Multiplier) >> 24;

    /// <summary>Makes the years of the grid known.</summary>
    public void Fill(KeyGrid grid)
    {
        Array.Clear(_entries);
        for (var column = 0; column < grid.Columns; column++)
        {
            if (grid.YearOf(column) is >= YearReader.First and <= YearReader.Last and var year)
            {
                var characters = CharactersOf(year);
                _entries[PlaceOf(characters)] = characters | ((ulong)(column * ContributionTable.CellBytes) << 32);
            }
        }
    }

    /// <summary>The four characters of a year as they stand in memory.</summary>
    public static uint CharactersOf(int year) =>
        (uint)('0' + (year / 1000)) | ((uint)('0' + (year / 100 % 10)) << 8) | ((uint)('0' + (year / 10 % 10)) << 16) | ((uint)('0' + (year % 10)) << 24);
}
