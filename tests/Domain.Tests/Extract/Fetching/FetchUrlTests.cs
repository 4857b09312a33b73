using CsCheck;
using Etl.Domain.Extract.Fetching;

namespace Etl.Domain.Tests.Extract.Fetching;

/// <summary>Which URLs and addresses are refused before anything is sent.</summary>
public sealed class FetchUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://127.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0x7F.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0177.0.1/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://0/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://192.168.257/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://2852039166/latest/meta-data/")]
    [InlineData("http://0xA9FEA9FE/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://198.18.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[::ffff:0:10.0.0.1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[fc00::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[ff02::1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[64:ff9b::10.0.0.1]/")]
    [InlineData("http://[64:ff9b:1::a00:1]/")]
    [InlineData("http://[2001:0:7f00:1::1]/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("http://[2a00::5efe:10.0.0.1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://a.localhost/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://intranet/")]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://ⓛocalhost/")]
    [InlineData("http://256.256.256.256/")]
    [InlineData("http://example.org.127/")]
    [InlineData("http://en.wikipedia.org@127.0.0.1/")]
    [InlineData("http://user:secret@example.org/")]
    [InlineData("http://@example.org/")]
    [InlineData("http://127.0.0.1\\@example.org/")]
    [InlineData("http://127.0.0.1 .example.org/")]
    [InlineData("http://example.org\t/")]
    [InlineData("http://example.org:22/")]
    [InlineData("https://example.org:80/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a.csv")]
    [InlineData("gopher://127.0.0.1:6379/_FLUSHALL")]
    [InlineData("javascript://example.org/%0aalert(1)")]
    [InlineData("unix:///var/run/docker.sock")]
    [InlineData("http:///etc/passwd")]
    [InlineData("http://")]
    public void A_URL_that_leads_anywhere_but_to_a_public_host_is_refused(string url)
    {
        var refused = Assert.IsType<Parsed<Uri>.Refused>(FetchUrl.Check(url, allowPrivate: false));
        Assert.Contains(url, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Remedy);
    }

    [Theory]
    [InlineData("https://en.wikipedia.org/wiki/List_of_countries_by_GDP_(nominal)")]
    [InlineData("https://api.worldbank.org/v2/country/all/indicator/NY.GDP.MKTP.CD?format=json&per_page=20000")]
    [InlineData("https://www.imf.org./external/datamapper/api/v1/NGDPD")]
    [InlineData("http://93.184.215.14/a.csv")]
    [InlineData("http://1572395790/a.csv")]
    [InlineData("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/")]
    [InlineData("https://[64:ff9b::93.184.215.14]/")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://example.org:443/@user")]
    public void A_URL_of_a_public_host_is_taken(string url) => Assert.IsType<Parsed<Uri>.Ok>(FetchUrl.Check(url, allowPrivate: false));

    [Theory]
    [InlineData("http://127.0.0.1:8080/a", true)]
    [InlineData("http://localhost:8080/a", true)]
    [InlineData("http://[::1]:8080/a", true)]
    [InlineData("ftp://127.0.0.1/a", false)]
    [InlineData("http://user@127.0.0.1/a", false)]
    [InlineData("http://127.0.0.1\\a", false)]
    public void Private_hosts_are_taken_when_they_are_allowed_and_nothing_else(string url, bool taken) =>
        Assert.Equal(taken, FetchUrl.Check(url, allowPrivate: true) is Parsed<Uri>.Ok);

    [Fact]
    public void A_URL_is_told_from_a_file()
    {
        Assert.True(FetchUrl.IsUrl("HTTPS://example.org/a"));
        Assert.True(FetchUrl.IsUrl("file:///a"));
        Assert.All(["a.csv", "/a/b.csv", "C://a", "data://*", "://a", "-"], name => Assert.Equal(name is "C://a" or "data://*", FetchUrl.IsUrl(name)));
    }

    [Fact]
    public void However_an_address_is_wrapped_into_a_longer_one_it_is_judged_alike() => Gen.Byte.Array[4].Sample(v4 =>
    {
        var kind = HostAddress.NotPublic(v4);
        byte[] mapped = [.. new byte[10], 0xFF, 0xFF, .. v4], nat64 = [0, 0x64, 0xFF, 0x9B, .. new byte[8], .. v4], sixToFour = [0x20, 0x02, .. v4, .. new byte[10]];
        Assert.Equal(kind is null, HostAddress.NotPublic(mapped) is null);
        Assert.Equal(kind is null, HostAddress.NotPublic(nat64) is null);
        // A tunnel has no use for a publisher, wherever it ends.
        Assert.NotNull(HostAddress.NotPublic(sixToFour));
    });

    [Fact]
    public void A_literal_address_is_read_as_it_is_written() => Gen.Byte.Array[16].Sample(bytes =>
    {
        var text = string.Join(':', Enumerable.Range(0, 8).Select(i => Convert.ToHexStringLower(bytes, i * 2, 2)));
        Assert.Equal(bytes, FetchUrl.AddressOf(text));
    });

    [Fact]
    public void An_address_of_another_length_is_not_public() => Assert.NotNull(HostAddress.NotPublic([1, 2, 3]));
}
