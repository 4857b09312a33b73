using System.Net;

namespace Etl.Dashboard;

/// <summary>How the host is reached, and what it may touch.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Port">0: any that is free; it is told when the host is ready.</param>
/// <param name="Names">Names beside the address that requests may call the host by.</param>
/// <param name="Token">What opens the host to those who know it; null: nobody but this machine reaches it.</param>
/// <param name="CertificateFile">PEM or PKCS #12; null: no TLS.</param>
/// <param name="KeyFile">The key of a certificate in PEM.</param>
/// <param name="IsBehindProxy">A proxy in front ends TLS: its X-Forwarded-Proto is believed, and nothing else of it.</param>
/// <param name="InputRoot">Absolute; jobs read files below it alone.</param>
/// <param name="OutputRoot">Absolute; jobs write below it alone.</param>
/// <param name="AllowsChaos">Faults may be injected.</param>
public sealed record WebOptions(
    IPAddress Address, int Port, IReadOnlyList<string> Names, string? Token, string? CertificateFile, string? KeyFile, bool IsBehindProxy,
    string InputRoot, string OutputRoot, bool AllowsChaos)
{
    /// <summary>The largest request that is read: a submission is a few names.</summary>
    public const long MaxRequestBytes = 256 << 10;

    /// <summary>True when only this machine can reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>True when a browser talks to it by TLS, be it to a proxy.</summary>
    public bool IsSecure => CertificateFile is not null || IsBehindProxy;
}
