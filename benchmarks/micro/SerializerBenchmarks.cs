using Akka.Actor;
using Akka.Configuration;
using BenchmarkDotNet.Attributes;
using Etl.Actors.Protocol;
using Etl.Actors.Serialization;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Benchmarks.Micro;

/// <summary>What the journal holds of a region, and what would cross from a mapper's node to a reducer's.</summary>
public class SerializerBenchmarks
{
    private ActorSystem _system = null!;
    private EtlSerializer _serializer = null!;
    private RegionEvent.PartialsMerged _event = null!;
    private ReduceProtocol.MergePartial _message = null!;
    private byte[] _stored = null!, _sent = null!;
    private string _eventManifest = "", _messageManifest = "";

    [Params(810)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _system = ActorSystem.Create("benchmark", ConfigurationFactory.ParseString(SerializationConfig.Hocon));
        _serializer = new((ExtendedActorSystem)_system);
        var partial = Samples.Partial(Entries, 1);
        _event = new(BatchSet.FromRanges([new(0, 0, 15)]), partial);
        _message = new(new JobId(new Guid("00112233445566778899aabbccddeeff")), 3, new(0, 7), partial, _system.DeadLetters);
        (_stored, _eventManifest) = (_serializer.ToBinary(_event), _serializer.Manifest(_event));
        (_sent, _messageManifest) = (_serializer.ToBinary(_message), _serializer.Manifest(_message));
        Console.WriteLine($"// event {_stored.Length} bytes, message {_sent.Length} bytes");
    }

    [GlobalCleanup]
    public void Stop() => _system.Terminate().Wait();

    [Benchmark(Description = "write a PartialsMerged")]
    public byte[] WriteEvent() => _serializer.ToBinary(_event);

    [Benchmark(Description = "read a PartialsMerged")]
    public object ReadEvent() => _serializer.FromBinary(_stored, _eventManifest);

    [Benchmark(Description = "write a MergePartial")]
    public byte[] WriteMessage() => _serializer.ToBinary(_message);

    [Benchmark(Description = "read a MergePartial")]
    public object ReadMessage() => _serializer.FromBinary(_sent, _messageManifest);
}
