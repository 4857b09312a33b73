namespace Etl.Actors.Tests.Serialization;

/// <summary>
/// Bytes that were stored once are read for ever. <c>samples.txt</c> is append-only: a new format adds its lines, no line is changed.
/// </summary>
public sealed class SampleTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private const int LongestSample = 1_000;

    private static readonly IReadOnlyList<(string Manifest, string Name, string Hex)> Samples = [.. ReadSamples()];

    [Fact]
    public void Each_sample_is_read_as_the_value_it_was_written_from()
    {
        Assert.NotEmpty(Samples);
        foreach (var (manifest, name, hex) in Samples)
        {
            var example = Examples.Journaled.Single(e => e.Name == name);
            Assert.True(example.Value.Equals(fixture.Serializer.FromBinary(Convert.FromHexString(hex), manifest)), $"{manifest} {name}");
        }
    }

    // What is written today is among the samples, or the format has changed without a new manifest.
    [Fact]
    public void Each_journaled_example_is_written_as_its_sample()
    {
        var written = Examples.Journaled
            .Select(e => (Manifest: fixture.Serializer.Manifest(e.Value), e.Name, Bytes: fixture.Serializer.ToBinary(e.Value)))
            .Where(e => e.Bytes.Length <= LongestSample)
            .Select(e => (e.Manifest, e.Name, Convert.ToHexStringLower(e.Bytes)))
            .ToList();
        var missing = written.Except(Samples).Select(s => $"{s.Manifest} | {s.Name} | {s.Item3}");
        Assert.True(!missing.Any(), "Not in samples.txt:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Each_journaled_type_has_a_sample() => Assert.Equal(
        Examples.Journaled.Select(e => fixture.Serializer.Manifest(e.Value)).ToHashSet(), Samples.Select(s => s.Manifest).ToHashSet());

    private static IEnumerable<(string Manifest, string Name, string Hex)> ReadSamples()
    {
        using var stream = typeof(SampleTests).Assembly.GetManifestResourceStream("samples.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var parts = line.Split(" | ");
            yield return (parts[0], parts[1], parts[2]);
        }
    }
}
