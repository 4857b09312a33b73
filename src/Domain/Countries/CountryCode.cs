namespace Etl.Domain.Countries;

/// <summary>
/// An ISO 3166-1 alpha-3 code, or one in its form that a source or we assign (XKX, CHI): three ASCII capitals.
/// The default value is <see cref="None"/>. The order is the ordinal order of the letters.
/// </summary>
public readonly record struct CountryCode : IComparable<CountryCode>
{
    /// <summary>One more than the largest <see cref="Packed"/> value: the size of an array indexed by it.</summary>
    public const int PackedLimit = (26 * 26 * 26) + 1;

    private readonly ushort _packed;

    private CountryCode(int packed) => _packed = (ushort)packed;

    /// <summary>No country: sorts before every code and is written as the empty text.</summary>
    public static CountryCode None => default;

    /// <summary>The code as a small number, 0 for <see cref="None"/>, else 1 to 17576 in the order of the codes.</summary>
    public int Packed => _packed;

    /// <summary>Reads exactly three ASCII capitals; anything else, the empty text included, is false and <see cref="None"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CountryCode code)
    {
        code = None;
        if (text.Length != 3 || text.ContainsAnyExceptInRange('A', 'Z'))
            return false;
        code = new CountryCode(((((text[0] - 'A') * 26) + (text[1] - 'A')) * 26) + (text[2] - 'A') + 1);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(CountryCode other) => _packed.CompareTo(other._packed);

    /// <summary>The three letters, or the empty text for <see cref="None"/>.</summary>
    public override string ToString()
    {
        if (_packed == 0)
            return "";
        var rest = _packed - 1;
        return string.Create(3, rest, static (letters, value) =>
        {
            letters[2] = (char)('A' + (value % 26));
            letters[1] = (char)('A' + (value / 26 % 26));
            letters[0] = (char)('A' + (value / 676));
        });
    }
}
