using System.Diagnostics;
using System.Runtime.Serialization;
using Google.Protobuf;

namespace Etl.Actors.Tests.Serialization;

/// <summary>Bytes that are not ours end in a <see cref="SerializationException"/> or in a value, soon.</summary>
public sealed class MalformedTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private const int Flips = 2_000;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_message_that_is_cut_short_is_refused_at_every_length()
    {
        foreach (var example in fixture.All)
        {
            var (bytes, manifest) = Written(example);
            // Every length of the short ones; of the long ones both ends and a sample between.
            var step = Math.Max(1, bytes.Length / 500);
            for (var length = 0; length < bytes.Length; length += length < 200 || bytes.Length - length < 200 ? 1 : step)
                // Without its checksum alone, an event is one of before there were any.
                Assert.True(Reads(bytes[..length], manifest) == (IsJournaled(manifest) && length == bytes.Length - 6), $"{example.Name}, {length} of {bytes.Length} bytes");
        }
    }

    [Fact]
    public void A_flipped_bit_gives_a_value_or_a_refusal()
    {
        var random = new Random(7301);
        foreach (var example in fixture.All)
        {
            var (bytes, manifest) = Written(example);
            var flips = bytes.Length > 5_000 ? Flips / 20 : Flips;
            for (var i = 0; i < flips; i++)
            {
                var flipped = (byte[])bytes.Clone();
                flipped[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                Reads(flipped, manifest);
            }
        }
    }

    [Fact]
    public void A_flipped_bit_of_an_event_is_never_another_event()
    {
        var random = new Random(7303);
        foreach (var example in fixture.All.Where(e => IsJournaled(fixture.Serializer.Manifest(e.Value))))
        {
            var (bytes, manifest) = Written(example);
            for (var i = 0; i < Flips / 10; i++)
            {
                var flipped = (byte[])bytes.Clone();
                flipped[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    // In the mark of the checksum: then there is none, and nothing else was changed.
                    Assert.True(example.Value.Equals(fixture.Serializer.FromBinary(flipped, manifest)), example.Name);
                }
                catch (SerializationException)
                {
                    // As it should be.
                }
            }
        }
    }

    [Fact]
    public void Random_bytes_give_a_value_or_a_refusal()
    {
        var random = new Random(7302);
        var manifests = fixture.All.Select(e => fixture.Serializer.Manifest(e.Value)).Distinct().ToArray();
        for (var i = 0; i < Flips; i++)
        {
            var bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            Reads(bytes, manifests[i % manifests.Length]);
        }
    }

    [Fact]
    public void A_message_read_as_another_gives_a_value_or_a_refusal()
    {
        foreach (var example in fixture.All.Where(e => Written(e).Bytes.Length < 5_000))
            foreach (var manifest in fixture.All.Select(e => fixture.Serializer.Manifest(e.Value)).Distinct())
                Reads(Written(example).Bytes, manifest);
    }

    // Tag 1, length-delimited, 2 GiB announced: nothing may be allocated on the strength of it.
    [Fact]
    public void An_announced_length_is_not_believed() => Assert.False(Reads([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00], "pm1"));

    [Theory]
    [InlineData("an entry without a shape", new[] { 5 }, new int[0], new byte[] { 2 })]
    [InlineData("keys out of order", new[] { 5, 0 }, new[] { 32, 32 }, new byte[] { 2, 2 })]
    [InlineData("an unknown shape", new[] { 5 }, new[] { 64 }, new byte[] { 2 })]
    [InlineData("no amount", new[] { 5 }, new[] { 32 }, new byte[0])]
    [InlineData("an amount too many", new[] { 5 }, new[] { 32 }, new byte[] { 2, 2 })]
    [InlineData("an amount of more than 128 bits", new[] { 5 }, new[] { 32 }, new byte[]
        { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 4 })]
    [InlineData("a witness without a place", new[] { 5 }, new[] { 32 + 8 + 1 }, new byte[] { 2 })]
    [InlineData("rows missing", new[] { 5 }, new[] { 0 }, new byte[] { 2 })]
    public void Columns_that_do_not_fit_are_refused(string why, int[] steps, int[] shapes, byte[] amounts) =>
        Assert.False(Reads(Merged(steps, shapes, amounts), "pm1"), why);

    [Fact]
    public void Columns_that_fit_are_read() => Assert.True(Reads(Merged([5], [32], [2]), "pm1"));

    [Fact]
    public void Ranges_beyond_the_numbers_of_batches_are_refused()
    {
        Assert.False(Reads(MergedRanges(0, uint.MaxValue, 0), "pm1"));
        Assert.False(Reads(MergedRanges(0, int.MaxValue, 1), "pm1"));
        Assert.False(Reads(MergedRanges(0, 1), "pm1"));
        Assert.True(Reads(MergedRanges(0, 1, 1), "pm1"));
    }

    private static byte[] Merged(int[] steps, int[] shapes, byte[] amounts) => Message(
        Field(1, []),
        Field(2, Message(Field(1, Packed(steps)), Field(2, Packed(shapes)), Field(6, amounts))));

    private static byte[] MergedRanges(params uint[] numbers) => Message(Field(1, Message(Field(1, Packed(numbers)))), Field(2, []));

    // Written by hand, field by field: the tests see the format from outside.
    private static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(f => f)];

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];

    private static byte[] Packed<T>(T[] numbers) where T : IConvertible
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        foreach (var number in numbers) output.WriteInt64(number.ToInt64(null));
        output.Flush();
        return stream.ToArray();
    }

    private static bool IsJournaled(string manifest) => Etl.Actors.Serialization.Manifests.Journaled.Contains(manifest);

    private (byte[] Bytes, string Manifest) Written(Example example) =>
        (fixture.Serializer.ToBinary(example.Value), fixture.Serializer.Manifest(example.Value));

    private bool Reads(byte[] bytes, string manifest)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            Assert.NotNull(fixture.Serializer.FromBinary(bytes, manifest));
            return true;
        }
        catch (SerializationException)
        {
            return false;
        }
        finally
        {
            Assert.True(watch.Elapsed < Soon, $"{manifest}: {watch.Elapsed}");
        }
    }
}
