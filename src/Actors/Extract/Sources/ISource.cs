using Etl.Domain.Jobs;

namespace Etl.Actors.Extract.Sources;

/// <summary>
/// A source of pages or series: one type, in a folder of its own, and one entry in <see cref="SourceCatalog"/>. <c>docs/write-a-source.md</c> tells how
/// to write one. Stateless; called from any thread.
/// </summary>
public interface ISource
{
    /// <summary>The word of <c>--source</c>.</summary>
    string Word { get; }

    /// <summary>True when several inputs may be the parts of one: pages of a reply, data and metadata. They come joined.</summary>
    bool TakesParts => false;

    /// <summary>True when a content is for this source.</summary>
    /// <param name="head">The first bytes, up to 64 KiB.</param>
    /// <param name="label">Name or address of the input.</param>
    bool Recognises(ReadOnlySpan<byte> head, string label);

    /// <summary>The rows that the options mean, or a refusal that says what was seen and what to do.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    SourceReading Read(ReadOnlyMemory<byte> content, AnswerOptions options, CancellationToken cancellation);
}
