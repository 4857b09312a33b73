using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Inputs that are URLs, from a server that behaves and one that does not.</summary>
public sealed class FetchTests
{
    private static readonly byte[] Page = Encoding.UTF8.GetBytes(Pages.Of(Pages.Rows));

    private static readonly string[] Quick =
    [
        "--allow-private-hosts", "--set", "etl.extract.fetch.first-wait=20ms", "--set", "etl.extract.fetch.max-wait=2s",
    ];

    private static readonly byte[] Good = LocalServer.Reply("200 OK", Page, "Content-Type: text/html; charset=utf-8", "ETag: \"one\"", "Last-Modified: Tue, 30 Dec 2025 00:00:00 GMT");

    [Fact]
    public async Task A_page_by_its_URL_gives_the_answer_of_the_file_and_the_vault_holds_it()
    {
        using var server = new LocalServer(Good);
        using var workspace = new Workspace();
        using var saved = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), [.. Quick, "--set", "etl.extract.fetch.contact=mailto:me@example.org"])).ExitsWith(0);

        (await saved.RunAsync(saved.Write("page.html", Page))).ExitsWith(0);
        Assert.Equal(saved.AnswerHashes().Replace("page.html", server.Url()), workspace.AnswerHashes());
        Assert.Contains($"{server.Url()}: fetched {Page.Length:N0} bytes".Replace('\u00a0', ','), run.Error, StringComparison.Ordinal);
        var request = Assert.Single(server.Requests);
        Assert.Matches(@"(?m)^User-Agent: etl/\d+\.\d+\.\d+\S* \(\+mailto:me@example\.org\)\r$", request);
        Assert.Contains("Accept-Language: en", request, StringComparison.Ordinal);
        var record = Assert.Single(Records(workspace));
        Assert.Equal((server.Url(), 200, "\"one\""), (record.GetProperty("url").GetString(), record.GetProperty("status").GetInt32(), record.GetProperty("e_tag").GetString()));
        Assert.Equal(Page, Content(workspace, record));
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_that_is_said()
    {
        using var server = new LocalServer((_, head, connection, cancellation) => connection.WriteAsync(
            head.Contains("If-None-Match: \"one\"", StringComparison.Ordinal) ? LocalServer.Raw(["HTTP/1.1 304 Not Modified", "ETag: \"one\"", "Connection: close"], []) : Good, cancellation).AsTask());
        using var workspace = new Workspace();
        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);
        var before = workspace.AnswerHashes();

        var again = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        Assert.Contains("unchanged since ", again.Error, StringComparison.Ordinal);
        Assert.Contains("If-Modified-Since: Tue, 30 Dec 2025 00:00:00 GMT", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal([200, 304], Records(workspace).Select(r => r.GetProperty("status").GetInt32()));
        Assert.Single(Directory.GetFiles(workspace.In("out", ".etl", "vault", "contents")));
        Assert.Equal(before, workspace.AnswerHashes());
    }

    [Fact]
    public async Task The_same_content_without_a_tag_is_recognised()
    {
        using var server = new LocalServer(LocalServer.Reply("200 OK", Page));
        using var workspace = new Workspace();
        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        Assert.Contains("unchanged since ", (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, r => r.Contains("If-", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(workspace.In("out", ".etl", "vault", "contents")));
    }

    [Fact]
    public async Task A_copy_that_was_damaged_is_fetched_anew()
    {
        using var server = new LocalServer(Good);
        using var workspace = new Workspace();
        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);
        var copy = Assert.Single(Directory.GetFiles(workspace.In("out", ".etl", "vault", "contents")));
        File.WriteAllBytes(copy, [.. Page[..^9]]);

        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        Assert.DoesNotContain("If-None-Match", server.Requests[1], StringComparison.Ordinal);
        Assert.Equal(Page, File.ReadAllBytes(copy));
    }

    [Fact]
    public async Task Offline_uses_what_was_fetched_and_says_its_age()
    {
        var server = new LocalServer(Good);
        var url = server.Url();
        using var workspace = new Workspace();
        var none = (await workspace.RunAsync(url, [.. Quick, "--offline"])).ExitsWith(1);
        Assert.Contains("--offline: nothing was fetched from", none.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        (await workspace.RunAsync(url, Quick)).ExitsWith(0);
        server.Dispose();

        var offline = (await workspace.RunAsync(url, [.. Quick, "--offline"])).ExitsWith(0);
        var broken = (await workspace.RunAsync(url, Quick)).ExitsWith(1);

        Assert.Matches(@"offline: .* as it was fetched on \d{4}-\d\d-\d\d .* ago", offline.Error);
        Assert.Contains("cannot be reached", broken.Error, StringComparison.Ordinal);
        Assert.Contains("--offline uses what was fetched on", broken.Error, StringComparison.Ordinal);
        Assert.Equal(3, System.Text.RegularExpressions.Regex.Count(broken.Error, "retrying in"));
    }

    [Fact]
    public async Task A_server_that_fails_twice_is_asked_a_third_time()
    {
        using var server = Answering((number, _) => number < 3 ? LocalServer.Reply("500 Internal Server Error", []) : Good);
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        Assert.Equal(3, server.Requests.Length);
        Assert.Equal(1, server.MostAtOnce);
        Assert.Matches(@"retrying in [\d.]+ s: 127\.0\.0\.1 answered 500 Internal Server Error \(try 1 of 4\)", run.Error);
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_given_up()
    {
        using var server = new LocalServer(LocalServer.Reply("503 Service Unavailable", []));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(1);

        Assert.Equal(4, server.Requests.Length);
        Assert.Contains("answered 503 Service Unavailable", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_asked_for_once()
    {
        using var server = new LocalServer(LocalServer.Reply("404 Not Found", Page));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(1);

        Assert.Single(server.Requests);
        Assert.Contains("answered 404 Not Found: it is not there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_time_gets_it()
    {
        using var server = Answering((number, _) => number == 1 ? LocalServer.Reply("429 Too Many Requests", [], "Retry-After: 1") : Good);
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        Assert.Contains("retrying in 1 s: 127.0.0.1 answered 429", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_not_waited_for()
    {
        using var server = new LocalServer(LocalServer.Reply("429 Too Many Requests", [], "Retry-After: 3600"));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(1);

        Assert.Single(server.Requests);
        Assert.Contains("asks to wait 3600 s, longer than etl.extract.fetch.max-wait = 2 s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_server_is_waited_for()
    {
        using var server = new LocalServer(async (_, _, connection, cancellation) =>
        {
            foreach (var part in Good.Chunk(Good.Length / 8))
            {
                await connection.WriteAsync(part, cancellation);
                await Task.Delay(50, cancellation);
            }
        });
        using var workspace = new Workspace();

        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_never_answers_whole_is_given_up(bool begins)
    {
        using var server = new LocalServer(async (_, _, connection, cancellation) =>
        {
            if (begins) await connection.WriteAsync(Good.AsMemory(0, Good.Length / 2), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), [.. Quick, "--set", "etl.extract.fetch.attempt-timeout=500ms", "--set", "etl.extract.fetch.attempts=2"])).ExitsWith(1);

        Assert.Equal(2, server.Requests.Length);
        Assert.Contains("did not answer whole within 0.5 s (etl.extract.fetch.attempt-timeout)", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.In("out", ".etl", "vault", "contents", "fetch.tmp")));
    }

    [Fact]
    public async Task All_tries_together_have_a_limit()
    {
        using var server = new LocalServer((_, _, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), [.. Quick, "--set", "etl.extract.fetch.total-timeout=500ms"])).ExitsWith(1);

        Assert.Contains("took longer than 0.5 s in all (etl.extract.fetch.total-timeout)", run.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Truncated { get; } = new()
    {
        { "length", Good[..^100] },
        { "chunks", LocalServer.Raw(["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"], Encoding.ASCII.GetBytes("1000\r\n<html><table>")) },
        { "gzip", LocalServer.Raw(["HTTP/1.1 200 OK", "Content-Encoding: gzip", "Connection: close"], Gzip(Page)[..^40]) },
        { "br", LocalServer.Raw(["HTTP/1.1 200 OK", "Content-Encoding: br", "Connection: close"], Brotli(Page)[..^40]) },
        { "not gzip", LocalServer.Reply("200 OK", Page, "Content-Encoding: gzip") },
    };

    [Theory]
    [MemberData(nameof(Truncated))]
    public async Task A_reply_that_is_cut_short_is_asked_for_again_and_never_taken(string kind, byte[] reply)
    {
        using var always = new LocalServer(reply);
        using var once = Answering((number, _) => number == 1 ? reply : Good);
        using var workspace = new Workspace();

        var given = (await workspace.RunAsync(always.Url(), Quick)).ExitsWith(1);
        Assert.True(4 == always.Requests.Length, kind);
        Assert.Contains("truncated reply", given.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.In("out", ".etl", "vault", "fetches")));
        (await workspace.RunAsync(once.Url(), Quick)).ExitsWith(0);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_reply_is_kept_as_what_it_holds(string encoding)
    {
        var body = encoding switch { "gzip" => Gzip(Page), "br" => Brotli(Page), _ => Deflate(Page) };
        using var server = new LocalServer(LocalServer.Reply("200 OK", body, $"Content-Encoding: {encoding}"));
        using var workspace = new Workspace();

        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        var record = Assert.Single(Records(workspace));
        Assert.Equal(body.Length, record.GetProperty("sent_bytes").GetInt64());
        Assert.Equal(Page, Content(workspace, record));
    }

    [Fact]
    public async Task A_gzip_bomb_is_read_to_the_limit_and_not_beyond()
    {
        // 200 MiB of blanks in 200 KB.
        using var server = new LocalServer(LocalServer.Reply("200 OK", Gzip(new byte[200 << 20]), "Content-Encoding: gzip"));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), [.. Quick, "--set", "etl.extract.fetch.max-decoded-bytes=8MiB"])).ExitsWith(1);

        Assert.Single(server.Requests);
        Assert.Contains("more than 8,388,608 bytes when it is decompressed, the limit of etl.extract.fetch.max-decoded-bytes", run.Error, StringComparison.Ordinal);
        Assert.True(run.PeakBytes < 300L << 20, $"{run.PeakBytes} bytes of memory");
        Assert.Empty(Directory.GetFiles(workspace.In("out", ".etl", "vault"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_without_end_is_read_to_the_limit_and_not_beyond(bool tellsLength)
    {
        const int limit = 1 << 20;
        long taken = 0;
        using var server = new LocalServer(async (_, _, connection, cancellation) =>
        {
            await connection.WriteAsync(LocalServer.Raw(["HTTP/1.1 200 OK", tellsLength ? "Content-Length: 1099511627776" : "Connection: close"], []), cancellation);
            for (var block = new byte[64 << 10]; ; Interlocked.Add(ref taken, block.Length)) await connection.WriteAsync(block, cancellation);
        });
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), [.. Quick, "--set", "etl.extract.fetch.max-bytes=1MiB"])).ExitsWith(1);

        Assert.Single(server.Requests);
        Assert.Contains("more than 1,048,576 bytes, the limit of etl.extract.fetch.max-bytes", run.Error, StringComparison.Ordinal);
        // What the kernel's buffers of both sides hold is taken without being read.
        Assert.InRange(Interlocked.Read(ref taken), 0, (tellsLength ? 0 : limit) + (16L << 20));
    }

    [Fact]
    public async Task Redirects_are_followed_to_a_limit()
    {
        using var server = Answering((number, _) => LocalServer.Reply("302 Found", [], $"Location: /{number}"));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(1);

        Assert.Equal(6, server.Requests.Length);
        Assert.Contains("leads on and on: more than 5 redirects", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_leads_to_the_page_and_the_vault_tells_where_it_was()
    {
        using var server = Answering((_, head) => head.StartsWith("GET /page.html", StringComparison.Ordinal) ? Good : LocalServer.Reply("301 Moved Permanently", [], "Location: /page.html"));
        using var workspace = new Workspace();

        (await workspace.RunAsync(server.Url("/old"), Quick)).ExitsWith(0);

        var record = Assert.Single(Records(workspace));
        Assert.Equal((server.Url("/old"), server.Url()), (record.GetProperty("url").GetString(), record.GetProperty("final_url").GetString()));
    }

    [Theory]
    [InlineData("ftp://example.org/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user@127.0.0.1/")]
    [InlineData("//127.0.0.1\\@example.org/")]
    public async Task A_redirect_to_what_is_not_fetched_is_not_followed(string location)
    {
        using var server = new LocalServer(LocalServer.Reply("302 Found", [], $"Location: {location}"));
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(1);

        Assert.Single(server.Requests);
        Assert.Contains("redirects to what is not followed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charset_that_only_the_header_tells_is_heeded_and_the_bytes_are_kept()
    {
        // Windows-1251 in a page that does not say so: the names are read only by whoever heeds the header.
        var text = Pages.Of(Pages.Rows, title: "List of countries by GDP (nominal)").Replace("<meta charset=\"utf-8\">", "") + "<!-- \u0412\u0412\u041f -->";
        var page = text.Select(c => c is >= '\u0410' and <= '\u044f' ? (byte)(c - 0x410 + 0xC0) : (byte)c).ToArray();
        using var server = new LocalServer(LocalServer.Reply("200 OK", page, "Content-Type: text/html; charset=windows-1251"));
        using var workspace = new Workspace();

        (await workspace.RunAsync(server.Url(), Quick)).ExitsWith(0);

        Assert.Equal(page, Content(workspace, Assert.Single(Records(workspace))));
        var stored = File.ReadAllBytes(Assert.Single(Directory.GetFiles(workspace.In("out", ".etl", "inputs"))));
        Assert.Equal("\uFEFF" + text, Encoding.UTF8.GetString(stored));
    }

    [Fact]
    public async Task A_source_without_an_input_is_asked_at_its_address()
    {
        using var server = new LocalServer(Good);
        using var workspace = new Workspace();

        var run = (await EtlProcess.RunAsync(
            ["run", "--source", "wikipedia", "--out", workspace.Out, .. Quick, "--set", $"etl.extract.fetch.wikipedia-url={server.Url("/wiki/List")}"])).ExitsWith(0);

        Assert.StartsWith("GET /wiki/List HTTP/1.1", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Contains(server.Url("/wiki/List"), run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_by_URL_are_read_from_the_vault_and_a_killed_run_is_resumed_without_fetching()
    {
        var csv = Encoding.UTF8.GetBytes("country,year,gdp_usd\n" + string.Concat(Enumerable.Range(0, 20000).Select(i => $"Germany,{1960 + (i % 60)},{i}\n")));
        using var server = new LocalServer(LocalServer.Reply("200 OK", csv));
        using var workspace = new Workspace();
        string[] options = ["--year", "all", "--duplicates", "sum", .. Settings.FileSteps("4KiB")];
        using (var run = workspace.Start(server.Url("/data.csv"), [.. Quick, .. options, .. Settings.Fault("before-load:1")])) await run.WaitAsync(EtlProcess.Limit);
        var asked = server.Requests.Length;

        (await EtlProcess.RunAsync(["resume", "--out", workspace.Out])).ExitsWith(0);

        Assert.Equal(asked, server.Requests.Length);
        using var undisturbed = new Workspace();
        (await undisturbed.RunAsync(undisturbed.Write("data.csv", csv), options)).ExitsWith(0);
        Assert.Equal(undisturbed.AnswerHashes(), workspace.AnswerHashes());
    }

    [Fact]
    public async Task The_pages_of_the_world_bank_are_asked_for_one_after_another_and_are_one_input()
    {
        var pages = new[] { ("United States", "USA", "25439700000000"), ("Canada", "CAN", "2161483369422.01") }.Select((c, i) => LocalServer.Reply("200 OK", Encoding.UTF8.GetBytes(
            $$"""[{"page":{{i + 1}},"pages":2,"per_page":1,"total":2,"lastupdated":"2024-03-28"},[{"indicator":{"id":"NY.GDP.MKTP.CD","value":"GDP (current US$)"},"country":{"id":"X","value":"{{c.Item1}}"},"countryiso3code":"{{c.Item2}}","date":"2022","value":{{c.Item3}}}]]"""))).ToArray();
        using var server = new LocalServer((number, _, connection, cancellation) => connection.WriteAsync(pages[Math.Min(number, 2) - 1], cancellation).AsTask());
        using var workspace = new Workspace();

        (await EtlProcess.RunAsync(
            ["run", "--source", "worldbank", "--out", workspace.Out, .. Quick, "--set", $"etl.extract.fetch.worldbank-url={server.Url("/v2?format=json")}", .. Settings.Slow, .. Settings.Fault("after-complete:1")])).ExitsWith(137);
        Assert.Equal(2, server.Requests.Length);
        (await EtlProcess.RunAsync(["resume", "--out", workspace.Out])).ExitsWith(0);

        Assert.Equal(["USA", "CAN"], workspace.Json("Countries_by_GDP.json").EnumerateArray().Select(c => c.GetProperty("Code").GetString()));
        Assert.Equal((2, 1), (workspace.Json("run.json").GetProperty("read").GetInt32(), workspace.Json("run.json").GetProperty("batches_resumed").GetInt32()));
        Assert.Equal(2, server.Requests.Length);
    }

    [Fact]
    public async Task A_dry_run_of_a_URL_leaves_nothing()
    {
        using var server = new LocalServer(Good);
        using var workspace = new Workspace();

        (await workspace.RunAsync(server.Url(), [.. Quick, "--dry-run"])).ExitsWith(0);

        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(workspace.Root));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    public async Task Nothing_is_sent_to_this_machine_unless_it_is_allowed(string url)
    {
        using var server = new LocalServer(Good);
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, server.Port))).ExitsWith(2);

        Assert.Contains("--allow-private-hosts", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(workspace.Root));
    }

    [SkippableFact]
    public async Task An_interruption_ends_a_fetch_and_begins_nothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals");
        using var server = new LocalServer((_, _, _, cancellation) => Task.Delay(Timeout.Infinite, cancellation));
        using var workspace = new Workspace();
        using var run = workspace.Start(server.Url(), Quick);
        Assert.True(await run.UntilAsync(() => server.Requests.Length == 1));

        run.Send(System.Runtime.InteropServices.PosixSignal.SIGINT);

        var ended = (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(130);
        Assert.Contains("interrupted while the input was fetched", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.In("out", ".etl", "journal.db")));
    }

    private static LocalServer Answering(Func<int, string, byte[]> reply) =>
        new((number, head, connection, cancellation) => connection.WriteAsync(reply(number, head), cancellation).AsTask());

    private static JsonElement[] Records(Workspace workspace) =>
        [.. Directory.GetFiles(workspace.In("out", ".etl", "vault", "fetches")).Order(StringComparer.Ordinal).Select(f => JsonDocument.Parse(File.ReadAllBytes(f)).RootElement)];

    private static byte[] Content(Workspace workspace, JsonElement record) =>
        File.ReadAllBytes(workspace.In("out", ".etl", "vault", "contents", record.GetProperty("sha256").GetString()!));

    private static byte[] Gzip(byte[] content) => Packed(content, stream => new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true));

    private static byte[] Brotli(byte[] content) => Packed(content, stream => new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true));

    private static byte[] Deflate(byte[] content) => Packed(content, stream => new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true));

    private static byte[] Packed(byte[] content, Func<Stream, Stream> packer)
    {
        var packed = new MemoryStream();
        using (var stream = packer(packed)) stream.Write(content);
        return packed.ToArray();
    }
}
