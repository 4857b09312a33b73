using System.Security.Cryptography;
using System.Text;
using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>What must be the same to the byte, whatever happened on the way: hashes of the files, and of a canonical dump of their tables.</summary>
internal static class Answer
{
    /// <summary>A line per file, and one for the tables.</summary>
    public static string Of(Workspace workspace) =>
        $"{workspace.AnswerHashes()}\ntables {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(workspace.TableDump())))}";

    /// <summary>The lines in which two answers differ.</summary>
    public static string Difference(string expected, string found) =>
        string.Join("; ", expected.Split('\n').Zip(found.Split('\n'), (was, now) => (was, now)).Where(l => l.was != l.now).Select(l => $"{l.now}, expected {l.was}"));
}
