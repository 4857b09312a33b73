using System.Collections.Immutable;

namespace Etl.Actors.Load.Sinks;

/// <summary>How a sink of files loads: all contents are made before the first is written, each file is replaced as a whole.</summary>
internal static class AnswerFiles
{
    /// <summary>Writes the files in their order.</summary>
    /// <param name="files">Name and content. A value that cannot be written must not leave one file new and one old.</param>
    public static SinkResult Load(SinkInput input, CancellationToken cancellation, params ImmutableArray<(string Name, byte[] Content)> files)
    {
        cancellation.ThrowIfCancellationRequested();
        return new([.. files.Select(file => AtomicFile.Write(input.OutDirectory, file.Name, file.Content, input.CheckLease, input.Faults))]);
    }
}
