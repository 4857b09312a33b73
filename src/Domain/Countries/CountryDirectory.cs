using System.Security.Cryptography;
using System.Text;

namespace Etl.Domain.Countries;

/// <summary>
/// The maintained directory of countries, of every name and code that sources use for them, and of the aggregates that are no
/// countries. Immutable, safe to share. Sources and format stand in the head of countries.txt, which is embedded here.
/// </summary>
public sealed class CountryDirectory
{
    private static readonly Lazy<CountryDirectory> BuiltIn = new(LoadBuiltIn);

    private readonly Country?[] _byCode;
    private readonly Dictionary<string, NameMatch> _names;
    private readonly Dictionary<string, NameMatch> _codes;
    private readonly Lazy<string> _hash;

    internal CountryDirectory(
        string text,
        Country?[] byCode,
        Dictionary<string, NameMatch> names,
        Dictionary<string, NameMatch> codes,
        IReadOnlyList<string> spellings)
    {
        _byCode = byCode;
        Countries = Array.FindAll(byCode, static country => country is not null)!;
        _names = names;
        _codes = codes;
        Names = spellings;
        // Only a job's identity asks for it; loading the hash's native library costs more than reading the directory.
        _hash = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>The built-in directory, loaded at the first use.</summary>
    /// <exception cref="InvalidDataException">The embedded text is malformed; the message names the line. A fault of the build.</exception>
    public static CountryDirectory Default => BuiltIn.Value;

    /// <summary>All countries, in the order of their codes.</summary>
    public IReadOnlyList<Country> Countries { get; }

    /// <summary>SHA-256 of the directory's text with LF line ends, as lower-case hex: part of a job's identity.</summary>
    public string ContentHash => _hash.Value;

    /// <summary>Every spelling of a country that the text lists, in its order: for suggestions in errors.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a directory in the format of countries.txt; a refusal names the line.</summary>
    public static Parsed<CountryDirectory> Parse(string text) => CountryDirectoryReader.Read(text.ReplaceLineEndings("\n"));

    /// <summary>What a name stands for: equality after <see cref="CountryNames.Normalize"/>, nothing else.</summary>
    public NameMatch Resolve(string name)
    {
        // Sources spell most names as the directory does: no work and no garbage for those.
        if (_names.TryGetValue(name, out var match) || _names.TryGetValue(CountryNames.Normalize(name), out match))
            return match;
        return new NameMatch.Unknown(CountryNames.Clean(name));
    }

    /// <summary>What an alpha-3 code, or a code of the IMF or the World Bank (UVK, WBG, WEOWORLD), stands for; case and spaces around it do not matter.</summary>
    public NameMatch ResolveCode(string code)
    {
        if (_codes.TryGetValue(code, out var match) || _codes.TryGetValue(code.Trim().ToUpperInvariant(), out match))
            return match;
        return new NameMatch.Unknown(CountryNames.Clean(code));
    }

    /// <summary>The country with this identity; null when the directory has none, as for <see cref="CountryCode.None"/>.</summary>
    public Country? Find(CountryCode code) => _byCode[code.Packed];

    private static CountryDirectory LoadBuiltIn() => CountryDirectoryReader.Read(EmbeddedText.Read("countries.txt")) switch
    {
        Parsed<CountryDirectory>.Ok ok => ok.Value,
        Parsed<CountryDirectory>.Refused refused => throw new InvalidDataException($"the embedded countries.txt, {refused.Message}"),
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };
}
