using System.Text.Json;

namespace Etl.Domain.Extract.Fetching;

/// <summary>The head of a reply that comes in pages, as the World Bank's interface sends it: <c>[{"page":1,"pages":2,...},[...]]</c>.</summary>
/// <param name="Page">Which page it is, from 1.</param>
/// <param name="Pages">How many there are.</param>
public sealed record PagedReply(int Page, int Pages)
{
    /// <summary>Bytes that the head has at most.</summary>
    public const int HeadBytes = 4096;

    /// <summary>The head of a reply, null when it is of another kind.</summary>
    /// <param name="head">The first bytes of the reply.</param>
    public static PagedReply? Read(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        var json = new Utf8JsonReader(head, isFinalBlock: false, default);
        int? page = null, pages = null;
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartArray || !json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (isPage, isPages) = (json.ValueTextEquals("page"), json.ValueTextEquals("pages"));
                if (!json.Read()) return null;
                if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && !json.TrySkip()) return null;
                if (json.TokenType != JsonTokenType.Number || !json.TryGetInt32(out var number)) continue;
                if (isPage) page = number;
                if (isPages) pages = number;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return json.TokenType == JsonTokenType.EndObject && page is { } p && pages is { } all && p >= 1 && all >= 1 ? new(p, all) : null;
    }

    /// <summary>The URL of another page of the same reply.</summary>
    public static string UrlOf(string url, int page)
    {
        var bare = url.Split('#')[0];
        return FormattableString.Invariant($"{bare}{(bare.Contains('?') ? '&' : '?')}page={page}");
    }

    /// <summary>True when a URL names a page itself: then that page is what is asked for.</summary>
    public static bool NamesPage(string url) => url.Split('#')[0].Split('?', 2) is [_, var query] && query.Split('&').Any(part => part.StartsWith("page=", StringComparison.Ordinal));
}
