using System.Collections.Immutable;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;

namespace Etl.Actors.Load;

/// <summary>Why a sink, or a load, did not come to a good end.</summary>
public sealed record LoadRefusal(int ExitCode, string Message)
{
    /// <summary>Of a sink that failed for good.</summary>
    public static LoadRefusal Of(string sink, Exception cause) => cause is SinkException refused
        ? new(refused.ExitCode, refused.Message) : new(1, $"the sink {sink} failed: {cause.Message}");
}

/// <summary>
/// How a load ends, when every sink has either loaded or refused: the one way for a run and for <c>etl load</c>. <c>run.json</c> is written last, and
/// never vouches for files that are gone.
/// </summary>
/// <param name="ExitCode">0 when all is loaded.</param>
/// <param name="Error">One paragraph for people; null when all is loaded.</param>
public sealed record LoadEnding(int ExitCode, string? Error, RunFacts Facts, ImmutableArray<LoadedFile> Files, string? CrossCheck)
{
    /// <summary>Wait after the failed attempt of that number: it doubles.</summary>
    public static TimeSpan WaitAfter(LoadSettings settings, int attempt) => settings.Backoff * Math.Pow(2, attempt - 1);

    /// <summary>Concludes, writing <c>run.json</c>.</summary>
    /// <param name="verdict">Why the answer may not be loaded; null when it may.</param>
    /// <param name="loaded">By sink.</param>
    /// <param name="refusals">By sink.</param>
    public static LoadEnding Conclude(
        SinkInput input, string productVersion, LoadRefusal? verdict, IReadOnlyDictionary<string, SinkResult> loaded, IReadOnlyDictionary<string, LoadRefusal> refusals)
    {
        ImmutableArray<LoadedFile> files = [.. loaded.Values.SelectMany(r => r.Files).OrderBy(f => f.Name, StringComparer.Ordinal)];
        var refusal = refusals.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value).FirstOrDefault() ?? verdict;
        return refusal is null ? Well(input, productVersion, loaded, files) : Badly(input, productVersion, refusal, !loaded.Values.All(r => r.Files.IsEmpty), files);
    }

    private static LoadEnding Well(SinkInput input, string productVersion, IReadOnlyDictionary<string, SinkResult> loaded, ImmutableArray<LoadedFile> files)
    {
        try
        {
            input.Faults.Pass("before-run-json");
            var now = DateTimeOffset.UtcNow;
            var facts = input.Facts with { Finished = now, Seconds = (now - input.Facts.RunStarted).TotalSeconds };
            var story = RunJsonWriter.Write(input.OutDirectory, input.Told, facts, files, input.CheckLease);
            input.Faults.Pass("after-run-json");
            return new(0, null, facts, [.. files, story], loaded.Values.Select(r => r.CrossCheck).FirstOrDefault(c => c is not null));
        }
        catch (SinkException refused)
        {
            return Badly(input, productVersion, new(refused.ExitCode, refused.Message), true, files);
        }
    }

    // Data at fault is told in run.json too, for those who read files and not screens; and once a sink has replaced its files, an older run.json would
    // vouch for what is gone.
    private static LoadEnding Badly(SinkInput input, string productVersion, LoadRefusal refusal, bool hasLoaded, ImmutableArray<LoadedFile> files)
    {
        var error = refusal.Message;
        if (refusal.ExitCode == 3 || hasLoaded)
        {
            try
            {
                RunJsonWriter.WriteFailed(input.OutDirectory, new(refusal.ExitCode, error, productVersion, input.Facts, input.Told, null, files), input.CheckLease);
            }
            catch (SinkException unwritable)
            {
                error = $"{error} (and {unwritable.Message})";
            }
        }

        return new(refusal.ExitCode, error, input.Facts, files, null);
    }
}
