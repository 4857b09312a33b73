using System.Buffers.Binary;

namespace Etl.Domain.Extract.Fetching;

/// <summary>Which addresses of the Internet Protocol are public: everything else belongs to this machine, its network, or nobody.</summary>
public static class HostAddress
{
    // Registries of special-purpose addresses (RFC 6890 and its updates), and multicast.
    private static readonly (uint Network, int Bits, string Kind)[] V4 =
    [
        (0x00000000, 8, "unspecified"), (0x0A000000, 8, "private"), (0x64400000, 10, "shared by a carrier"), (0x7F000000, 8, "loopback"),
        (0xA9FE0000, 16, "link-local"), (0xAC100000, 12, "private"), (0xC0000000, 24, "reserved"), (0xC0000200, 24, "for documentation"),
        (0xC0586300, 24, "a relay of 6to4"), (0xC0A80000, 16, "private"), (0xC6120000, 15, "for benchmarks"),
        (0xC6336400, 24, "for documentation"), (0xCB007100, 24, "for documentation"), (0xE0000000, 4, "multicast"), (0xF0000000, 4, "reserved"),
    ];

    private static readonly (string Hex, int Bits, string Kind)[] V6 =
    [
        ("00000000000000000000000000000001", 128, "loopback"), ("00000000000000000000000000000000", 128, "unspecified"),
        ("fe80", 10, "link-local"), ("fec0", 10, "site-local"), ("fc00", 7, "unique-local"), ("ff00", 8, "multicast"),
        ("0100000000000000", 64, "discarded"), ("20010db8", 32, "for documentation"), ("3fff", 20, "for documentation"), ("5f00", 16, "reserved"),
        // Teredo carries an address behind a translator, obfuscated; 2001::/23 is for protocols and not for hosts.
        ("2001", 23, "reserved for protocols"),
    ];

    /// <summary>What makes an address not public ("loopback", "private", ...); null when it is public.</summary>
    /// <param name="address">4 or 16 bytes, in the order of the network.</param>
    public static string? NotPublic(ReadOnlySpan<byte> address) => address.Length switch
    {
        4 => OfV4(BinaryPrimitives.ReadUInt32BigEndian(address)),
        16 => OfV6(address),
        _ => "of no known kind",
    };

    private static string? OfV4(uint address)
    {
        // The clouds' addresses of metadata that lie in public ranges; the others are link-local or unique-local.
        if (address is 0xA83F8110 or 0xC0000108) return "a service of metadata";
        foreach (var (network, bits, kind) in V4)
            if ((address ^ network) >> (32 - bits) == 0) return kind;
        return null;
    }

    private static string? OfV6(ReadOnlySpan<byte> address)
    {
        if (Embedded(address) is { } inner)
            return OfV4(inner.Address) is { } kind ? $"{kind}, {inner.How}" : inner.IsUsable ? null : $"public, {inner.How}";
        foreach (var (hex, bits, kind) in V6)
            if (Begins(address, Convert.FromHexString(hex), bits)) return kind;
        // Only 2000::/3 has been given out.
        return address[0] >> 5 == 1 ? null : "reserved";
    }

    // An address of version 4 inside one of version 6 reaches the same host by a translator or a tunnel. A mapped one is that host itself;
    // the translated ones are used by networks without version 4; the others have no use for a publisher.
    private static (uint Address, string How, bool IsUsable)? Embedded(ReadOnlySpan<byte> address)
    {
        var last = BinaryPrimitives.ReadUInt32BigEndian(address[12..]);
        if (address[..10].IndexOfAnyExcept((byte)0) < 0)
        {
            if (address[10] == 0xFF && address[11] == 0xFF) return (last, "mapped into IPv6", true);
            if (address[10] == 0 && address[11] == 0 && last > 1) return (last, "embedded in IPv6", false);
        }

        if (address[..8].IndexOfAnyExcept((byte)0) < 0 && address[8] == 0xFF && address[9] == 0xFF && address[10] == 0 && address[11] == 0)
            return (last, "translated into IPv6", false);
        if (Begins(address, [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96)) return (last, "translated by NAT64", true);
        if (Begins(address, [0x00, 0x64, 0xFF, 0x9B, 0, 1], 48)) return (last, "translated by a local NAT64", false);
        if (Begins(address, [0x20, 0x02], 16)) return (BinaryPrimitives.ReadUInt32BigEndian(address[2..]), "in 6to4", false);
        if (address[8] is 0 or 2 && address[9] == 0 && address[10] == 0x5E && address[11] == 0xFE) return (last, "in ISATAP", false);
        return null;
    }

    private static bool Begins(ReadOnlySpan<byte> address, ReadOnlySpan<byte> prefix, int bits)
    {
        for (var i = 0; i < bits; i += 8)
        {
            var mask = (byte)(bits - i >= 8 ? 0xFF : 0xFF << (8 - (bits - i)));
            if (((address[i / 8] ^ (i / 8 < prefix.Length ? prefix[i / 8] : 0)) & mask) != 0) return false;
        }

        return true;
    }
}
