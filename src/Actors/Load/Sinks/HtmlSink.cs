using Etl.Actors.Load.Sinks.Html;

namespace Etl.Actors.Load.Sinks;

/// <summary>The report as one self-contained page for a browser. The bytes are a function of the report.</summary>
public sealed class HtmlSink : ISink
{
    /// <summary>The file it writes.</summary>
    public const string FileName = "report.html";

    /// <inheritdoc />
    public string Name => "html";

    /// <inheritdoc />
    public Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation) =>
        Task.Run(() => AnswerFiles.Load(input, cancellation, (FileName, ReportPage.Of(input.Report))), cancellation);
}
