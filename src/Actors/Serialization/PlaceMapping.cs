using Etl.Domain.Jobs;
using Etl.Domain.Load;
using static Etl.Actors.Serialization.Scalars;

namespace Etl.Actors.Serialization;

/// <summary>A loaded sink to and from its stored form.</summary>
internal static class PlaceMapping
{
    public static Stored.SinkLoadedPlace ToStored(string sink, LoadedPlace place)
    {
        var stored = new Stored.SinkLoadedPlace { Sink = sink, Target = place.Target, Answer = place.Answer };
        if (place.CrossCheck is { } check) stored.CrossCheck = check;
        stored.Files.AddRange(place.Files.Select(f => new Stored.LoadedFile { Name = f.Name, Bytes = f.Bytes, Sha256 = f.Sha256 }));
        return stored;
    }

    public static JobEvent.SinkLoaded FromStored(Stored.SinkLoadedPlace e) => new(e.Sink)
    {
        Place = new(
            e.Target, Required(e.HasAnswer, e.Answer, "answer"), [.. e.Files.Select(f => new LoadedFile(f.Name, f.Bytes, f.Sha256))],
            e.HasCrossCheck ? e.CrossCheck : null),
    };
}
