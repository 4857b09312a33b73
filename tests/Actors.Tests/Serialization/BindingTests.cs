using System.Runtime.Serialization;
using Etl.Actors.Protocol;
using Etl.Actors.Serialization;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Serialization;

/// <summary>Akka picks our serializer for what has a format, and refuses everything else.</summary>
public sealed class BindingTests(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    [Fact]
    public void Each_serialized_type_is_bound_to_our_serializer()
    {
        foreach (var example in fixture.All)
            Assert.IsType<EtlSerializer>(fixture.System.Serialization.FindSerializerFor(example.Value));
        foreach (var type in ManifestTests.Serialized)
            Assert.IsType<EtlSerializer>(fixture.System.Serialization.FindSerializerForType(type));
    }

    [Fact]
    public void Akka_reads_back_what_it_wrote_by_identifier_and_manifest()
    {
        foreach (var example in fixture.All)
        {
            var serializer = fixture.System.Serialization.FindSerializerFor(example.Value);
            var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, example.Value);
            Assert.Equal(7301, serializer.Identifier);
            Assert.Equal(example.Value, fixture.System.Serialization.Deserialize(serializer.ToBinary(example.Value), 7301, manifest));
        }
    }

    [Fact]
    public void A_plain_object_is_refused_by_name()
    {
        var plain = new { Name = "anonymous" };
        var serializer = Assert.IsType<RefusingSerializer>(fixture.System.Serialization.FindSerializerFor(plain));
        Assert.Contains(plain.GetType().ToString(), Assert.Throws<SerializationException>(() => serializer.ToBinary(plain)).Message);
        Assert.Contains(plain.GetType().ToString(), Assert.Throws<SerializationException>(() => serializer.Manifest(plain)).Message);
        Assert.Throws<SerializationException>(() => fixture.System.Serialization.Serialize(plain));
    }

    [Fact]
    public void A_local_message_is_refused()
    {
        var local = new MapProtocol.BatchDone(new(Guid.Empty), new(0, 0));
        var serializer = fixture.System.Serialization.FindSerializerFor(local);
        Assert.Contains(nameof(MapProtocol.BatchDone), Assert.Throws<SerializationException>(() => serializer.ToBinary(local)).Message);
    }

    // Akka's default serializer has the identifier 1 and takes a type's name for manifest: bytes from outside could name any type.
    [Theory]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    [InlineData("No.Such.Type, Nowhere")]
    [InlineData("")]
    public void Bytes_of_the_default_serializer_are_refused_by_name(string manifest)
    {
        var refusal = Assert.Throws<SerializationException>(
            () => fixture.System.Serialization.Deserialize("{}"u8.ToArray(), RefusingSerializer.Id, manifest));
        Assert.Contains($"'{manifest}'", refusal.Message);
    }

    [Fact]
    public void No_bound_name_leads_to_the_default_serializer() =>
        Assert.DoesNotContain(
            "Newtonsoft", string.Join(' ', new[] { typeof(object), typeof(JobId), typeof(Exception), typeof(List<int>) }
                .Select(t => fixture.System.Serialization.FindSerializerForType(t).GetType().FullName)));
}
