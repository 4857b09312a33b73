namespace Etl.Domain.Countries;

/// <summary>The texts that are built into this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The text with LF line ends, whatever the checkout made of them, so that its hash is the same everywhere.</summary>
    /// <exception cref="InvalidDataException">The build did not embed the file.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream($"Etl.Domain.{name}")
            ?? throw new InvalidDataException($"the embedded file {name} is missing from this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
