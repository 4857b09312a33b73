using Akka.Configuration;
using Etl.Actors.Hosting;
using Etl.Domain;
using Etl.Domain.Extract.Fetching;

namespace Etl.Actors.Extract.Fetching;

/// <summary>The limits of a fetch, and who asks.</summary>
/// <param name="Contact">Whom a publisher can write to, in the User-Agent; empty: nobody is named.</param>
/// <param name="Attempts">Tries of one request, the first included.</param>
/// <param name="FirstWait">Before the second try; each further one waits about twice as long.</param>
/// <param name="MaxWait">Longest wait, also of what a server asks for.</param>
/// <param name="AttemptTimeout">From the request to the end of the reply's body.</param>
/// <param name="TotalTimeout">Of an input: all tries, redirects and pages.</param>
/// <param name="MaxBytes">Of a reply as it is sent.</param>
/// <param name="MaxDecodedBytes">Of a reply when it is decompressed.</param>
/// <param name="MaxPages">Of a reply that comes in pages.</param>
public sealed record FetchSettings(
    string Contact, int Attempts, TimeSpan FirstWait, TimeSpan MaxWait, TimeSpan AttemptTimeout, TimeSpan TotalTimeout, long MaxBytes,
    long MaxDecodedBytes, int MaxPages)
{
    /// <summary>Redirects that are followed, each checked anew; a browser's limit is 20, a publisher needs one or two.</summary>
    public const int MaxRedirects = 5;

    private const string Key = "etl.extract.fetch";

    /// <summary>Sources that have an address of their own, by their word.</summary>
    public static IReadOnlyList<string> LiveSources { get; } = ["wikipedia", "imf", "worldbank"];

    /// <summary>What the User-Agent says: product, version, contact.</summary>
    public string UserAgent => $"etl/{JobPreparation.ProductVersion.Split('+')[0]}{(Contact.Length == 0 ? "" : $" (+{Contact})")}";

    /// <summary>Where a source is fetched from when no input is given.</summary>
    public static string UrlOf(string source, Config config) => config.GetString($"{Key}.{source}-url");

    /// <summary>Wrong values are told whether anything is fetched or not.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed or out of range; the message names its key.</exception>
    public static void Checked(Config config)
    {
        From(config);
        foreach (var source in LiveSources)
            // A mirror of one's own may be on a private host; whether that is allowed is asked when it is fetched.
            if (FetchUrl.Check(UrlOf(source, config), allowPrivate: true) is Parsed<Uri>.Refused wrong)
                throw new ConfigurationException($"{Key}.{source}-url = {UrlOf(source, config)}: {wrong.Message}");
    }

    /// <summary>Reads <c>etl.extract.fetch</c>.</summary>
    /// <exception cref="ConfigurationException">A value is missing, malformed or out of range; the message names its key.</exception>
    public static FetchSettings From(Config config)
    {
        var contact = config.GetString($"{Key}.contact", "");
        if (contact.Length > 200 || contact.Any(c => c is <= ' ' or >= '\x7F' or '(' or ')'))
            throw new ConfigurationException($"{Key}.contact = {contact} is neither an address nor a URL of plain characters, such as mailto:me@example.org");
        return new(
            contact,
            ConfigValues.Int(config, $"{Key}.attempts", 1, 20),
            ConfigValues.Time(config, $"{Key}.first-wait", TimeSpan.FromMilliseconds(1)),
            ConfigValues.Time(config, $"{Key}.max-wait", TimeSpan.FromMilliseconds(1)),
            Limited(config, $"{Key}.attempt-timeout"),
            Limited(config, $"{Key}.total-timeout"),
            ConfigValues.Bytes(config, $"{Key}.max-bytes", 1 << 10, 1L << 40),
            ConfigValues.Bytes(config, $"{Key}.max-decoded-bytes", 1 << 10, 1L << 40),
            ConfigValues.Int(config, $"{Key}.max-pages", 1, 10_000));
    }

    private static TimeSpan Limited(Config config, string key)
    {
        var time = ConfigValues.Time(config, key, TimeSpan.FromMilliseconds(100));
        return time <= TimeSpan.FromHours(24) ? time : throw new ConfigurationException($"{key} = {time} is above 24 h");
    }
}
