using System.Security.Cryptography;
using Etl.Domain.Load;

namespace Etl.Actors.Load.Sinks;

/// <summary>What a report comes to, as one hash: every sink holds the same answer in a form of its own.</summary>
internal static class AnswerHash
{
    /// <summary>Of countries, regions and rows set aside as their files have them.</summary>
    public static string Of(Report report)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonText.Document(json => JsonSink.Countries(json, report.Countries)));
        hash.AppendData(JsonText.Document(json => JsonSink.Regions(json, report.Regions)));
        foreach (var entry in QuarantineEntry.Of(report)) hash.AppendData(QuarantineSink.Line(entry));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
