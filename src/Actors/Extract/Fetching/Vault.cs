using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Etl.Actors.Hosting;

namespace Etl.Actors.Extract.Fetching;

/// <summary>What is kept of a fetch, beside its content. A storage format: fields are added and never change their meaning.</summary>
/// <param name="Url">As it was asked for.</param>
/// <param name="FinalUrl">Where redirects led.</param>
/// <param name="Status">200, or 304 when the content of an earlier fetch was still the newest.</param>
/// <param name="Sha256">Of the content, which is the name of its file.</param>
/// <param name="SentBytes">As they came, perhaps compressed; 0 for 304.</param>
/// <param name="ChangedAt">When this content was first seen at this URL.</param>
public sealed record FetchRecord(
    int Version, string Url, string FinalUrl, DateTimeOffset FetchedAt, int Status, string Sha256, long Bytes, long SentBytes, string? ETag,
    string? LastModified, string? ContentType, string? ContentEncoding, DateTimeOffset ChangedAt)
{
    /// <summary>All headers of the reply but those that are secrets; null in records of versions that kept four.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
}

/// <summary>
/// What was fetched, below the state directory: contents under their hashes, and one small file per fetch. Whoever writes holds the state
/// directory's lock.
/// </summary>
public sealed class Vault(string stateDirectory)
{
    private const int CurrentVersion = 1;
    private readonly string contents = Path.Combine(Path.GetFullPath(stateDirectory), "vault", "contents");
    private readonly string fetches = Path.Combine(Path.GetFullPath(stateDirectory), "vault", "fetches");

    /// <summary>Version of the records that this program writes.</summary>
    public static int Version => CurrentVersion;

    /// <summary>Where a content is written before its hash is known.</summary>
    public string Temporary => Path.Combine(contents, "fetch.tmp");

    /// <summary>The file of a content.</summary>
    public string PathOf(string sha256) => Path.Combine(contents, sha256);

    /// <summary>The newest fetch of a URL whose content is there and undamaged; null when there is none.</summary>
    public FetchRecord? Newest(string url)
    {
        if (!Directory.Exists(fetches)) return null;
        return Directory.EnumerateFiles(fetches, $"{NameOf(url)}-*.json").OrderDescending(StringComparer.Ordinal)
            .Select(Read).FirstOrDefault(record => record is not null && record.Url == url && IsUndamaged(record));
    }

    /// <summary>Keeps a content that was written to <see cref="Temporary"/>; one that is there already keeps its file and its time.</summary>
    public void Keep(KeptContent content) => Guarded(() =>
    {
        var target = PathOf(content.Sha256);
        if (File.Exists(target) && HashOf(target) == content.Sha256) File.Delete(Temporary);
        else File.Move(Temporary, target, overwrite: true);
        Load.Sinks.Posix.FlushDirectory(contents);
    });

    /// <summary>Keeps the record of a fetch, durably, after its content.</summary>
    public void Write(FetchRecord record) => Guarded(() =>
    {
        Directory.CreateDirectory(fetches);
        var name = Path.Combine(fetches, string.Create(CultureInfo.InvariantCulture, $"{NameOf(record.Url)}-{record.FetchedAt.UtcDateTime:yyyyMMdd'T'HHmmssfffffff}.json"));
        var temporary = Path.Combine(fetches, "record.tmp");
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, record, VaultJson.Default.FetchRecord);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, name, overwrite: true);
        Load.Sinks.Posix.FlushDirectory(fetches);
    });

    /// <summary>Removes what a fetch that failed has left.</summary>
    public void Discard()
    {
        try
        {
            File.Delete(Temporary);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The next fetch writes over it.
        }
    }

    internal static RunException Unwritten(string path, Exception cause) => new(74,
        $"{path} cannot be written ({cause.Message}); what is fetched is kept there before it is read: free or fix it, or name another directory with --state", cause);

    private static FetchRecord? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            // One of a later version may mean something else by the same words.
            return JsonSerializer.Deserialize(file, VaultJson.Default.FetchRecord) is { Version: CurrentVersion, Sha256.Length: 64 } record
                && record.Sha256.All(char.IsAsciiHexDigitLower) ? record : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private bool IsUndamaged(FetchRecord record)
    {
        try
        {
            return HashOf(PathOf(record.Sha256)) == record.Sha256;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unwritten(contents, cause);
        }
    }

    // Half of the hash: it groups the fetches of a URL, and each record names its URL.
    private static string NameOf(string url) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)), 0, 16);
}

/// <summary>A content whose hash is known.</summary>
public sealed record KeptContent(string Sha256, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(FetchRecord))]
internal sealed partial class VaultJson : JsonSerializerContext;
