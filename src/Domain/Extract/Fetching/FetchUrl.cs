using System.Collections.Immutable;
using System.Globalization;

namespace Etl.Domain.Extract.Fetching;

/// <summary>Which URLs are fetched at all. What their names resolve to is checked when a connection is made: <see cref="HostAddress"/>.</summary>
public static class FetchUrl
{
    private const int MaxLength = 2048;

    private static readonly ImmutableArray<string> LocalNames =
        ["localhost", ".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".lan", ".intranet", ".corp", ".onion"];

    /// <summary>True when an input is a URL and not a file's name.</summary>
    public static bool IsUrl(string input) => input.Contains("://", StringComparison.Ordinal)
        && input[..input.IndexOf("://", StringComparison.Ordinal)] is { Length: > 0 } scheme
        && char.IsAsciiLetter(scheme[0]) && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');

    /// <summary>The URL, or why it is not fetched.</summary>
    /// <param name="allowPrivate">Hosts of this machine and of its network too, and any port.</param>
    public static Parsed<Uri> Check(string text, bool allowPrivate)
    {
        if (text.Length > MaxLength) return Refused(text[..60] + "...", $"is longer than {MaxLength} characters", "give a shorter one");
        // What a browser would quietly repair is where two readers of a URL disagree about its host.
        if (text.Any(c => c <= ' ' || c is '\\' or '\x7F' || char.IsControl(c) || char.IsWhiteSpace(c)))
            return Refused(text, "has a blank, a backslash or a control character in it", "write it as %20, or leave it out");
        // Full-width digits and dots, circled letters: how they become plain ones depends on who reads them.
        if (IsUrl(text) && !System.Text.Ascii.IsValid(Authority(text)))
            return Refused(text, "has a host that is not plain ASCII", "write its name as it is registered (xn--...)");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
            return Refused(text, "is no URL that can be read", "give one such as https://en.wikipedia.org/wiki/NAME");
        if (url.Scheme is not ("http" or "https")) return Refused(text, $"has the scheme {url.Scheme}", "only http and https are fetched");
        if (url.UserInfo.Length > 0 || Authority(text).Contains('@'))
            return Refused(text, "has a user name in it, which can be mistaken for the host", "leave out what stands before @");
        return allowPrivate ? new Parsed<Uri>.Ok(url) : OfPublic(text, url);
    }

    private static Parsed<Uri> OfPublic(string text, Uri url)
    {
        const string remedy = "--allow-private-hosts lets it";
        if (!url.IsDefaultPort) return Refused(text, string.Create(CultureInfo.InvariantCulture, $"has the port {url.Port}, and publishers use 80 and 443"), remedy);
        // IdnHost: what is asked of the resolver, in lower case.
        var host = url.IdnHost.TrimEnd('.').ToLowerInvariant();
        if (AddressOf(host) is { } address)
            return HostAddress.NotPublic(address) is { } kind
                ? Refused(text, $"names an address that is {kind}, and such hosts are not asked", remedy) : new Parsed<Uri>.Ok(url);
        if (host.Length == 0 || !host.Contains('.') || LocalNames.Any(name => host == name || (name[0] == '.' && host.EndsWith(name, StringComparison.Ordinal))))
            return Refused(text, $"names the host '{host}', which is of this machine or its network", remedy);
        // A name whose last part is a number is an address in disguise for some resolvers (0x7f.1, 127.1, 0177.0.0.1).
        var last = host[(host.LastIndexOf('.') + 1)..];
        return char.IsAsciiDigit(last[0]) ? Refused(text, $"has the host '{host}', which is neither a name nor an address", "write the address as four numbers")
            : new Parsed<Uri>.Ok(url);
    }

    /// <summary>The bytes of a literal address; null when a host is a name.</summary>
    public static byte[]? AddressOf(string host)
    {
        var text = host.Trim('[', ']');
        return text.Contains(':') ? V6(text.Split('%')[0]) : V4(text);
    }

    private static byte[]? V4(string text)
    {
        // System.Uri has made four decimal numbers of every older spelling.
        var parts = text.Split('.');
        var bytes = new byte[4];
        if (parts.Length != 4) return null;
        for (var i = 0; i < 4; i++)
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i])) return null;
        return bytes;
    }

    private static byte[]? V6(string text)
    {
        var halves = text.Split("::");
        if (halves.Length > 2) return null;
        if (Groups(halves[0]) is not { } front || Groups(halves.Length == 2 ? halves[1] : "") is not { } back) return null;
        var gap = 16 - front.Length - back.Length;
        return halves.Length == 2 ? gap < 0 ? null : [.. front, .. new byte[gap], .. back] : gap == 0 ? front : null;
    }

    private static byte[]? Groups(string text)
    {
        var bytes = new List<byte>();
        foreach (var group in text.Length == 0 ? [] : text.Split(':'))
        {
            if (group.Contains('.'))
            {
                if (V4(group) is not { } inner) return null;
                bytes.AddRange(inner);
            }
            else if (ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.AddRange([(byte)(value >> 8), (byte)value]);
            }
            else
            {
                return null;
            }
        }

        return [.. bytes];
    }

    private static string Authority(string text)
    {
        var from = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var to = text.AsSpan(from).IndexOfAny('/', '?', '#');
        return to < 0 ? text[from..] : text.Substring(from, to);
    }

    private static Parsed<Uri>.Refused Refused(string text, string problem, string remedy) => new(0, $"the URL {text} {problem}", remedy);
}
