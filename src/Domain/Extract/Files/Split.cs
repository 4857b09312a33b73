using System.Collections.Immutable;
using System.Numerics;
using Etl.Domain.Jobs;

namespace Etl.Domain.Extract.Files;

/// <summary>A part of a job's input that one extractor reads: a whole input, or a GiB of a large file.</summary>
/// <param name="Ordinal">Number in the job, from 0.</param>
/// <param name="Input">Ordinal of the input.</param>
/// <param name="From">First byte.</param>
/// <param name="To">Byte after the last one; the length of the input when it is read whole.</param>
/// <param name="Seekable">True when its batches are byte ranges of the file itself, in any order; false when it is read from its beginning.</param>
public sealed record Split(int Ordinal, int Input, long From, long To, bool Seekable);

/// <summary>Cuts inputs into splits and splits into batches, by arithmetic alone: the same after any crash, on any node.</summary>
public static class SplitPlanner
{
    /// <summary>A seekable file is cut into splits of so many bytes.</summary>
    public const long SplitBytes = 1L << 30;

    /// <summary>The splits of a job, in order.</summary>
    public static ImmutableArray<Split> Splits(JobSpec spec)
    {
        var splits = ImmutableArray.CreateBuilder<Split>();
        for (var input = 0; input < spec.Inputs.Count; input++)
        {
            var stored = spec.Inputs[input];
            var seekable = IsSeekable(spec, stored);
            var step = seekable ? SplitBytes : Math.Max(stored.Bytes, 1);
            for (long from = 0; from == 0 || from < stored.Bytes; from += step)
                splits.Add(new(splits.Count, input, from, Math.Min(stored.Bytes, from + step), seekable));
        }

        return splits.ToImmutable();
    }

    /// <summary>How many splits a job has.</summary>
    public static int Count(JobSpec spec)
    {
        long count = 0;
        foreach (var input in spec.Inputs)
            count += IsSeekable(spec, input) ? Math.Max(1, (input.Bytes + SplitBytes - 1) / SplitBytes) : 1;
        return checked((int)count);
    }

    /// <summary>
    /// Bytes per batch where nobody chooses. Each batch costs its partials, so batches are large; and there are enough of them for a pool
    /// to share a small job, for progress, and for little to be lost in a crash. A batch that is not a byte range of its file
    /// has to be in memory as a whole, and stays smaller.
    /// </summary>
    public static int BatchBytesFor(JobSpec spec)
    {
        const int least = 1 << 20, inMemory = JobSpec.DefaultBatchBytes, most = 16 << 20, enough = 32;
        long total = 0;
        foreach (var input in spec.Inputs)
        {
            if (!IsSeekable(spec, input))
                return inMemory;
            total += input.Bytes;
        }

        return (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)(total / enough)), least, most);
    }

    /// <summary>How many batches a seekable split has.</summary>
    public static int Batches(Split split, int batchBytes) => (int)((split.To - split.From + batchBytes - 1) / batchBytes);

    /// <summary>The byte range of a batch: it owns the records that start in it.</summary>
    public static (long From, long To) Range(Split split, int ordinal, int batchBytes)
    {
        var from = split.From + ((long)ordinal * batchBytes);
        return (from, split.Seekable ? Math.Min(split.To, from + batchBytes) : from + batchBytes);
    }

    private static bool IsSeekable(JobSpec spec, StoredInput input) =>
        // What is read from standard input has no places, nor a length: its end tells.
        input.File is { Compression: Compression.None, Path: not FileStamp.StandardInput } && !spec.Options.Records.Multiline;
}
