namespace Etl.Actors.Extract.Sources.Wikipedia;

/// <summary>
/// The edition that comes with the product, so that the first run needs no file. It is a page like any other and goes through the same
/// source.
/// </summary>
/// <param name="Name">Name of the page, as an input's file name.</param>
/// <param name="Date">Day of the revision that its figures are from.</param>
/// <param name="Content">The page.</param>
public sealed record BundledEdition(string Name, DateOnly Date, ReadOnlyMemory<byte> Content)
{
    private const string Resource = "gdp-by-country-2025-12-30.html";

    /// <summary>Reads it out of the assembly.</summary>
    public static BundledEdition Open()
    {
        using var stream = typeof(BundledEdition).Assembly.GetManifestResourceStream(Resource)
            ?? throw new System.Diagnostics.UnreachableException($"no resource {Resource} in the assembly");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new BundledEdition(Resource, new DateOnly(2025, 12, 30), content);
    }
}
