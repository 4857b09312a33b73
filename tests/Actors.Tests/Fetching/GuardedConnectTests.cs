using System.Net;
using System.Net.Sockets;
using System.Text;
using Etl.Actors.Extract.Fetching;
using Etl.Actors.Hosting;

namespace Etl.Actors.Tests.Fetching;

/// <summary>What a name resolves to is checked when it is connected to.</summary>
public sealed class GuardedConnectTests : IDisposable
{
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");
    private static readonly FetchSettings Settings = FetchSettings.From(EtlConfig.Reference) with { FirstWait = TimeSpan.FromMilliseconds(1) };

    private readonly string state = Directory.CreateTempSubdirectory("etl-fetch-").FullName;
    private readonly List<IPAddress[]> dialled = [];

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("fd00::1")]
    [InlineData("93.184.215.14 127.0.0.1")]
    public async Task A_name_that_leads_to_a_private_address_is_not_connected_to(string addresses)
    {
        var connect = Guarded(_ => [.. addresses.Split(' ').Select(IPAddress.Parse)], []);

        var refused = await Assert.ThrowsAsync<ForbiddenHostException>(() => connect.ConnectAsync("publisher.example", 80, default));

        Assert.Contains("publisher.example", refused.Message, StringComparison.Ordinal);
        Assert.Empty(dialled);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_is_refused_then()
    {
        // The redirect is to the same name, which has been found public a moment ago: rebinding.
        var connect = Guarded(
            times => [times == 1 ? Public : IPAddress.Loopback], "HTTP/1.1 302 Found\r\nLocation: /secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var fetcher = new Fetcher(new(state), Settings, new(false, false, _ => { }, _ => { }), connect);

        var refused = await Assert.ThrowsAsync<RunException>(() => fetcher.FetchAsync("http://publisher.example/a", default));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("127.0.0.1, which is loopback", refused.Message, StringComparison.Ordinal);
        Assert.Equal([Public], Assert.Single(dialled));
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]/")]
    [InlineData("//10.0.0.1/")]
    [InlineData("http://localhost/")]
    [InlineData("http://publisher.example:8080/")]
    public async Task A_redirect_to_a_private_host_is_not_followed(string location)
    {
        var connect = Guarded(_ => [Public], $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var fetcher = new Fetcher(new(state), Settings, new(false, false, _ => { }, _ => { }), connect);

        var refused = await Assert.ThrowsAsync<RunException>(() => fetcher.FetchAsync("http://publisher.example/a", default));

        Assert.Contains("redirects to what is not followed", refused.Message, StringComparison.Ordinal);
        Assert.Single(dialled);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_looked_up_once()
    {
        var asked = 0;
        var connect = new GuardedConnect(false, (_, _) => throw (asked++ >= 0 ? new SocketException((int)SocketError.HostNotFound) : null!), (_, _, _) => throw new InvalidOperationException());
        using var fetcher = new Fetcher(new(state), Settings, new(false, false, _ => { }, _ => { }), connect);

        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<RunException>(() => fetcher.FetchAsync("http://publisher.example/a", default))).Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task All_pages_of_a_paged_reply_are_fetched_and_kept_each_by_its_URL()
    {
        var connect = Guarded(_ => [Public], Page(1), Page(2), Page(3));
        using var fetcher = new Fetcher(new(state), Settings, new(false, false, _ => { }, _ => { }), connect);

        var parts = await fetcher.FetchAsync("http://publisher.example/v2?format=json", default);

        Assert.Equal(["http://publisher.example/v2?format=json", "http://publisher.example/v2?format=json&page=2", "http://publisher.example/v2?format=json&page=3"], parts.Select(p => p.Label));
        Assert.Equal([1, 2, 3], parts.Select(p => File.ReadAllText(p.Path)[9] - '0'));

        static string Page(int page)
        {
            var body = FormattableString.Invariant($"[{{\"page\":{page},\"pages\":3,\"per_page\":1,\"total\":3}},[{{}}]]");
            return FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
        }
    }

    [Fact]
    public async Task Too_many_pages_are_not_begun()
    {
        const string body = "[{\"page\":1,\"pages\":51},[]]";
        var connect = Guarded(_ => [Public], FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        using var fetcher = new Fetcher(new(state), Settings, new(false, false, _ => { }, _ => { }), connect);

        Assert.Contains("etl.extract.fetch.max-pages is 50", (await Assert.ThrowsAsync<RunException>(() => fetcher.FetchAsync("http://publisher.example/v2", default))).Message, StringComparison.Ordinal);
        Assert.Single(dialled);
    }

    [Fact]
    public void Each_source_has_an_address_that_may_be_fetched() => Assert.All(
        FetchSettings.LiveSources, source => Assert.IsType<Domain.Parsed<Uri>.Ok>(Domain.Extract.Fetching.FetchUrl.Check(FetchSettings.UrlOf(source, EtlConfig.Reference), allowPrivate: false)));

    // Each connection gets the next of the replies, and is public whatever the test dials.
    private GuardedConnect Guarded(Func<int, IPAddress[]> resolve, params string[] replies)
    {
        var times = 0;
        return new(false, (_, _) => Task.FromResult(resolve(++times)), (addresses, _, _) =>
        {
            dialled.Add(addresses);
            return Task.FromResult<Stream>(new Exchange(Encoding.ASCII.GetBytes(replies[dialled.Count - 1])));
        });
    }

    /// <summary>Takes a request, and has the reply ready.</summary>
    private sealed class Exchange(byte[] reply) : MemoryStream(reply, writable: false)
    {
        public override bool CanWrite => true;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
        }
    }
}
