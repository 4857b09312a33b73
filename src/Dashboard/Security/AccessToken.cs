using System.Security.Cryptography;
using System.Text;

namespace Etl.Dashboard.Security;

/// <summary>What opens a host that others can reach.</summary>
public static class AccessToken
{
    /// <summary>Name of the cookie that a browser gets for it.</summary>
    public const string Cookie = "etl-host";

    /// <summary>A new one: 256 random bits, safe in a URL.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>True when they are the same; how long it takes does not tell how much of them is.</summary>
    public static bool Matches(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
