using Etl.Domain.Extract;
using Etl.Domain.Extract.Series;

namespace Etl.Actors.Extract.Sources;

/// <summary>What sources have in common: their words, and the step from a series to rows.</summary>
internal static class SourceText
{
    /// <summary>What to do with a file that is no text.</summary>
    public const string AsText = "open it in the program that it belongs to and save it as CSV, or download the publisher's text file again";

    /// <summary>The rows of a series that a request means.</summary>
    public static SourceReading Of(SeriesReading reading, SeriesRequest request) => reading switch
    {
        SeriesReading.Refused refused => new SourceReading.Refused(refused.Refusal.Message, refused.Refusal.Reason),
        SeriesReading.Table table => SeriesChooser.Choose(table.Value, request) switch
        {
            TableReading.Chosen chosen => new SourceReading.Read(chosen.Choice, chosen.Rows),
            TableReading.Refused unclear => new SourceReading.Refused(unclear.Refusal.Message, unclear.Refusal.Reason),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        },
        var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
    };
}
