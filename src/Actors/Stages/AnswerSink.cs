using System.Collections.Immutable;
using Etl.Actors.Load.Sinks;

namespace Etl.Actors.Stages;

/// <summary>Where <c>etl transform</c> loads: the answer as files for <c>etl load</c>, the manifest last.</summary>
public sealed class AnswerSink : ISink
{
    /// <summary>Its word; not one of <c>--sink</c>.</summary>
    public const string Word = "answer";

    /// <inheritdoc />
    public string Name => Word;

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var (folder, manifest) = (input.OutDirectory, Path.Combine(input.OutDirectory, StageManifest.FileName));
            var files = ImmutableArray.CreateBuilder<Etl.Domain.Load.LoadedFile>();
            foreach (var (name, text) in TransformedAnswer.Files(input.Report))
                files.Add(AtomicFile.Write(
                    folder, name, text,
                    () =>
                    {
                        input.CheckLease();
                        // What is without a manifest is not taken for whole.
                        File.Delete(manifest);
                    },
                    input.Faults));
            var parts = files.ToImmutable();
            files.Add(AtomicFile.Write(
                folder, StageManifest.FileName, StageManifest.Text(StageManifest.Transformed, parts, json => TransformedAnswer.Write(json, input.Report, input.Facts.Job)), input.CheckLease,
                input.Faults));
            return new SinkResult(files.ToImmutable());
        },
        cancellation);
}
